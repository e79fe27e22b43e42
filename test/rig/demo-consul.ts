/** The demo's Consul: a server in a container on the host's network, on the usual ports. */
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { consulApi, remoraToken } from "./consul-api.ts";
import type { ConsulApi, IntentionEntry } from "./consul-api.ts";
import { isReady, writeConsulFiles } from "./consul.ts";
import { orAbsent, removeContainer, rigLabel } from "./docker.ts";
import { rigDir } from "./paths.ts";
import { isFree } from "./ports.ts";
import type { Rig } from "./rig.ts";
import { say } from "./say.ts";
import { until } from "./wait.ts";

export const consulContainer = "remora-demo-consul";

/** What the demo keeps on disk: Consul's configuration and state, and the tokens. */
export const demoDir = join(rigDir, "demo");
export const managementTokenFile = join(demoDir, "consul/token");
export const remoraTokenFile = join(demoDir, "remora-token");

export const consulPorts = { http: 8500, grpc: 8502, server: 8300, serf: 8301 } as const;
const nodeName = "demo";

/** Starts Consul unless it runs already, with the token for Remora. */
export async function demoConsul(docker: Docker, rig: Rig): Promise<ConsulApi> {
  const there = await orAbsent(docker.getContainer(consulContainer).inspect());
  if (there?.State.Running !== true) await startAfresh(docker, rig);
  const api = await managementApi();
  const what = `Consul to be ready (docker logs ${consulContainer})`;
  await until(() => isReady(api, nodeName), { what, timeoutMs: 60_000 });
  if (there?.State.Running !== true) await writeRemoraToken(api);
  return api;
}

/** The intentions that are there; the demo's Consul has none but Remora's. */
export async function leftIntentions(): Promise<readonly string[]> {
  const all = await (await managementApi()).get<readonly IntentionEntry[] | null>("/connect/intentions");
  return (all ?? []).map(({ SourceName, DestinationName }) => `intention ${SourceName} -> ${DestinationName}`);
}

async function managementApi(): Promise<ConsulApi> {
  return consulApi(`http://127.0.0.1:${consulPorts.http}`, await readFile(managementTokenFile, "utf8"));
}

async function startAfresh(docker: Docker, rig: Rig): Promise<void> {
  await removeContainer(docker, consulContainer);
  await rm(demoDir, { recursive: true, force: true });
  for (const port of Object.values(consulPorts)) await demandFree(port, "Consul");
  say("starting Consul: ACLs deny by default, Connect is on");
  const directory = join(demoDir, "consul");
  await mkdir(join(directory, "data"), { recursive: true, mode: 0o700 });
  const token = crypto.randomUUID();
  const { version } = rig.consul;
  const settings = { version, token, nodeName, bind: rig.bridge, ports: consulPorts, datacenter: "dc1" };
  await writeConsulFiles(directory, { ...settings, dataDir: "/consul/data" });
  const container = await docker.createContainer({
    name: consulContainer,
    Image: rig.images.consul,
    Entrypoint: ["consul"],
    Cmd: ["agent", "-config-file", "/consul/agent.json"],
    Labels: { [rigLabel]: "demo" },
    HostConfig: { NetworkMode: "host", Binds: [`${directory}:/consul`] },
  });
  await container.start();
}

/** Fails with a sentence when something else has this port. */
export async function demandFree(port: number, who: string): Promise<void> {
  if (await isFree(port)) return;
  throw new Error(`port ${port} is taken, and the demo wants it for ${who}: stop what listens there and try again`);
}

async function writeRemoraToken(api: ConsulApi): Promise<void> {
  await writeFile(remoraTokenFile, await remoraToken(api, "", { intentions: true }));
  await chmod(remoraTokenFile, 0o400);
}
