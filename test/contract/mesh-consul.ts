/** Real Consuls for the mesh's contract: one that denies by default, one without ACLs. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { consulMesh } from "../../src/adapters/consul/mesh.ts";
import type { ConsulMeshOptions } from "../../src/adapters/consul/mesh.ts";
import { systemClock } from "../../src/adapters/system.ts";
import type { ServiceSpec } from "../../src/model/registration.ts";
import { Secret } from "../../src/model/secret.ts";
import type { EngineEvent } from "../../src/ports/observer.ts";
import { consulBinary } from "../rig/consul-binary.ts";
import { remoraToken } from "../rig/consul-api.ts";
import { startConsul } from "../rig/consul.ts";
import type { Consul } from "../rig/consul.ts";
import { freePorts } from "../rig/ports.ts";
import { endProcess, processId } from "../rig/processes.ts";
import { startBound } from "../rig/shell.ts";
import { until } from "../rig/wait.ts";
import type { MeshWorld } from "./mesh-hands.ts";

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
  const tokens = { good: await remoraToken(api), powerless: powerless.SecretID, unknown: crypto.randomUUID() };
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

/** A server that lets everybody do everything. */
async function startOpenConsul(): Promise<{ readonly address: string; readonly stop: () => Promise<void> }> {
  const [http = 0, server = 0, serf = 0] = await freePorts(3);
  const directory = await mkdtemp(join(tmpdir(), "consul-"));
  const ports = { http, server, serf_lan: serf, serf_wan: -1, dns: -1 };
  const binds = {
    client_addr: "127.0.0.1",
    bind_addr: "127.0.0.1",
    node_name: "open",
    data_dir: join(directory, "data"),
  };
  const config = {
    ...binds,
    ports,
    server: true,
    bootstrap_expect: 1,
    connect: { enabled: true },
    disable_update_check: true,
  };
  await writeFile(join(directory, "agent.json"), JSON.stringify({ ...config, performance: { raft_multiplier: 1 } }));
  const { path } = await consulBinary();
  const log = join(directory, "log");
  const agent = await processId(
    await startBound(path, ["agent", "-config-file", join(directory, "agent.json")], { log }),
  );
  const address = `http://127.0.0.1:${http}`;
  await until(async () => (await fetch(`${address}/v1/catalog/node/open`)).json(), {
    what: `Consul to be ready (see ${log})`,
  });
  const stop = async (): Promise<void> => {
    if (agent !== undefined) await endProcess(agent);
    await rm(directory, { recursive: true, force: true });
  };
  return { address, stop };
}
