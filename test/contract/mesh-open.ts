/** Consul agents without ACLs, servers or clients, each with ports and state of its own. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { consulBinary } from "../rig/consul-binary.ts";
import { atLeast } from "../rig/consul-config.ts";
import { freePorts } from "../rig/ports.ts";
import { endProcess, processId } from "../rig/processes.ts";
import { startBound } from "../rig/shell.ts";
import { until } from "../rig/wait.ts";

export interface OpenConsul {
  readonly address: string;
  /** Where others join. */
  readonly gossip: string;
  readonly stop: () => Promise<void>;
}

export const SERVER = { server: true, bootstrap_expect: 1 } as const;

/** Starts an agent that lets everybody do everything: a server with Connect, or whatever `role` says it is. */
export async function startOpenConsul(role: object = { ...SERVER, connect: { enabled: true } }): Promise<OpenConsul> {
  const [http = 0, server = 0, serf = 0] = await freePorts(3);
  const directory = await mkdtemp(join(tmpdir(), "consul-"));
  const { path, version } = await consulBinary();
  const tls = atLeast(version, 1, 14) ? { grpc_tls: -1 } : {};
  const ports = { http, server, serf_lan: serf, serf_wan: -1, dns: -1, ...tls };
  const name = `open-${http}`;
  const binds = {
    client_addr: "127.0.0.1",
    bind_addr: "127.0.0.1",
    node_name: name,
    data_dir: join(directory, "data"),
  };
  const config = { ...binds, ports, ...role, disable_update_check: true, performance: { raft_multiplier: 1 } };
  await writeFile(join(directory, "agent.json"), JSON.stringify(config));
  const log = join(directory, "log");
  const agent = await processId(
    await startBound(path, ["agent", "-config-file", join(directory, "agent.json")], { log }),
  );
  const address = `http://127.0.0.1:${http}`;
  await until(async () => (await fetch(`${address}/v1/catalog/node/${name}`)).json(), {
    what: `Consul to be ready (see ${log})`,
  });
  const stop = async (): Promise<void> => {
    if (agent !== undefined) await endProcess(agent);
    await rm(directory, { recursive: true, force: true });
  };
  return { address, gossip: `127.0.0.1:${serf}`, stop };
}
