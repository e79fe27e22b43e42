/** Who the agent is: its facts, and the name of its node for the catalog's routes. */
import type { MeshInfo } from "../../ports/mesh.ts";
import { agentSelf, parsed } from "./answers.ts";
import type { Ask, Call } from "./call.ts";
import { refused } from "./errors.ts";

const SELF: Call = { method: "GET", route: "/agent/self", what: "ask the agent who it is" };

export async function agentInfo(ask: Ask, signal: AbortSignal): Promise<MeshInfo> {
  const answer = await ask(SELF, signal);
  if (answer.status !== 200) throw refused(SELF, answer);
  const { Config, DebugConfig, Member } = parsed(agentSelf, SELF, answer);
  return {
    version: Config.Version,
    datacenter: Config.Datacenter,
    nodeName: Config.NodeName,
    address: Member.Addr,
    connectEnabled: DebugConfig.ConnectEnabled,
    aclsEnabled: DebugConfig.ACLsEnabled,
  };
}

/** The agent's node name, asked for once until it proves wrong. */
export interface NodeName {
  get(ask: Ask, signal: AbortSignal): Promise<string>;
  forget(): void;
}

export function agentNodeName(): NodeName {
  let known: string | undefined;
  return {
    get: async (ask, signal) => (known ??= (await agentInfo(ask, signal)).nodeName),
    forget: () => {
      known = undefined;
    },
  };
}
