/** The Mesh port over a Consul agent's HTTP API. */
import type { Mesh } from "../../ports/mesh.ts";
import { connect } from "./connection.ts";
import type { ConnectionOptions } from "./connection.ts";
import { intentionVerbs } from "./intentions.ts";
import { agentInfo, agentNodeName } from "./node.ts";
import { withinLimit } from "./call.ts";
import { lacks } from "./rights.ts";
import { registrationVerbs } from "./registrations.ts";
import { tokenVerbs } from "./tokens.ts";

export interface ConsulMeshOptions extends ConnectionOptions {
  readonly instance: string;
  /** Remora's node, which marks its tokens; Consul's own node name is asked of the agent. */
  readonly node: string;
}

/** Connects on the first call. Throws a plain Error when the address or a TLS file cannot be used at all. */
export function consulMesh(options: ConsulMeshOptions): Mesh {
  const { clock, instance, node } = options;
  const ask = connect(options);
  const nodeName = agentNodeName();
  return {
    info: (signal) => agentInfo(ask, signal),
    lacks: (rights, signal) => lacks(withinLimit(ask, clock), nodeName, rights, signal),
    ...registrationVerbs({ ask, clock, instance, nodeName }),
    ...tokenVerbs({ ask, clock, instance, node }),
    ...intentionVerbs({ ask, clock, instance, node }),
  };
}
