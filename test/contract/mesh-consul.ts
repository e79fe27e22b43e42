/** Real Consuls for the mesh's contract: one that denies by default, one without ACLs. */
import { consulMesh } from "../../src/adapters/consul/mesh.ts";
import type { ConsulMeshOptions } from "../../src/adapters/consul/mesh.ts";
import { systemClock } from "../../src/adapters/system.ts";
import type { ServiceSpec } from "../../src/model/registration.ts";
import { Secret } from "../../src/model/secret.ts";
import type { EngineEvent } from "../../src/ports/observer.ts";
import { decideIntention, remoraToken, removeIntention } from "../rig/consul-api.ts";
import { startConsul } from "../rig/consul.ts";
import type { Consul } from "../rig/consul.ts";
import type { MeshWorld } from "./mesh-hands.ts";
import { startOpenConsul } from "./mesh-open.ts";

/** Every event the adapters of a world told, for tests that look at them. */
export interface RealWorld extends MeshWorld {
  readonly events: readonly EngineEvent[];
  readonly consul: Consul;
}

export async function realWorld(): Promise<RealWorld> {
  const [consul, open] = await Promise.all([startConsul({ bind: "127.0.0.1" }), startOpenConsul()]);
  const events: EngineEvent[] = [];
  const mesh = (address: string, instance: string, node: string, token?: string): ReturnType<typeof consulMesh> =>
    consulMesh({
      ...optionsOf(address, events),
      instance,
      node,
      ...(token === undefined ? {} : { token: new Secret(token) }),
    });
  const { api } = consul;
  const powerless = await api.put<{ SecretID: string }>("/acl/token", { Description: "may do nothing" });
  const tokens = {
    good: await remoraToken(api, "", { intentions: true }),
    powerless: powerless.SecretID,
    unknown: crypto.randomUUID(),
  };
  return {
    consul,
    events,
    listening: consul.httpAddr,
    mesh: (instance, node, own = "good") => mesh(`http://${consul.httpAddr}`, instance, node, tokens[own]),
    meshWithoutAcls: (instance, node) => mesh(open.address, instance, node),
    deregisterBehindBack: (id) => api.put(`/agent/service/deregister/${id}`),
    deleteTokenBehindBack: (accessor) => api.delete(`/acl/token/${accessor}`),
    addForeignService: (spec) => api.put("/agent/service/register", foreign(spec)),
    addForeignToken: (accessor) => api.put("/acl/token", { AccessorID: accessor, Description: "somebody's" }),
    decideIntention: (pair, action) => decideIntention(api, pair, action),
    removeIntention: (pair) => removeIntention(api, pair),
    restart: () => consul.restart(),
    stop: async () => void (await Promise.all([consul.stop(), open.stop()])),
  };
}

function optionsOf(address: string, events: EngineEvent[]): Pick<ConsulMeshOptions, "address" | "observer" | "clock"> {
  return { address, clock: systemClock, observer: (event) => void events.push(event) };
}

function foreign({ id, name, meta, address, port }: ServiceSpec): object {
  return { ID: id, Name: name, Meta: meta, Address: address, Port: port };
}
