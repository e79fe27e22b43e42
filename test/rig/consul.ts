/** A real Consul server as a process: start as many as a test needs, each with ports and state of its own. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { consulApi } from "./consul-api.ts";
import type { ConsulApi } from "./consul-api.ts";
import { consulBinary } from "./consul-binary.ts";
import { consulConfig } from "./consul-config.ts";
import type { ConsulPorts, ConsulSettings } from "./consul-config.ts";
import { rigDir } from "./paths.ts";
import { freePorts } from "./ports.ts";
import { endProcess, isAlive, processId } from "./processes.ts";
import type { ProcessId } from "./processes.ts";
import { lastLines, startBound } from "./shell.ts";
import { until } from "./wait.ts";

export interface ConsulOptions {
  /** The rig's bridge address, or another that containers reach: what Consul binds and advertises. */
  readonly bind: string;
  readonly ports?: ConsulPorts;
  readonly nodeName?: string;
  readonly datacenter?: string;
}

export interface Consul {
  /** `127.0.0.1:PORT`, as in CONSUL_HTTP_ADDR. */
  readonly httpAddr: string;
  /** `127.0.0.1:PORT`, xDS. */
  readonly grpcAddr: string;
  readonly ports: ConsulPorts;
  /** The management token, and a file (0600) that holds it. */
  readonly token: string;
  readonly tokenFile: string;
  /** Configuration, state, token and log; removed by `stop`. */
  readonly directory: string;
  readonly version: string;
  /** The HTTP API with the management token. */
  readonly api: ConsulApi;
  readonly pid: () => number;
  /** Ends the agent and starts it again over the same state; `gracefully` false kills it. */
  readonly restart: (gracefully?: boolean) => Promise<void>;
  /** Ends the agent but keeps its state for `start`. */
  readonly pause: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Ends the agent and removes its directory. */
  readonly stop: () => Promise<void>;
}

/** Starts a server, and resolves when it has a leader, answers to its token and knows its own node. */
export async function startConsul(options: ConsulOptions): Promise<Consul> {
  const binary = await consulBinary();
  const ports = options.ports ?? (await freeConsulPorts());
  await mkdir(join(rigDir, "consul"), { recursive: true });
  const directory = await mkdtemp(join(rigDir, "consul/server-"));
  const settings: ConsulSettings = {
    ports,
    bind: options.bind,
    version: binary.version,
    nodeName: options.nodeName ?? "rig",
    datacenter: options.datacenter ?? "dc1",
    token: crypto.randomUUID(),
    dataDir: join(directory, "data"),
  };
  await writeConsulFiles(directory, settings);
  const agent = consulProcess(binary.path, directory, settings);
  await agent.start();
  return { ...describe(directory, settings), ...agent };
}

/** The configuration and the token, for nobody else to read. */
export async function writeConsulFiles(directory: string, settings: ConsulSettings): Promise<void> {
  const secret = { mode: 0o600 };
  await writeFile(join(directory, "agent.json"), JSON.stringify(consulConfig(settings), undefined, 2), secret);
  await writeFile(join(directory, "token"), settings.token, secret);
}

/** Whether Consul can be worked with: a leader, ACLs in force, a certificate authority, its own node in the catalog. */
export async function isReady(api: ConsulApi, nodeName: string): Promise<boolean> {
  await api.get("/acl/policies");
  const node = await api.get<{ Node: object } | null>(`/catalog/node/${nodeName}`);
  const { Roots } = await api.get<{ Roots: readonly object[] | null }>("/connect/ca/roots");
  return node !== null && Roots !== null && Roots.length > 0;
}

async function freeConsulPorts(): Promise<ConsulPorts> {
  const [http = 0, grpc = 0, server = 0, serf = 0] = await freePorts(4);
  return { http, grpc, server, serf };
}

function describe(directory: string, settings: ConsulSettings): Omit<Consul, keyof ConsulProcess> {
  const { ports, token, version } = settings;
  const httpAddr = `127.0.0.1:${ports.http}`;
  const api = consulApi(`http://${httpAddr}`, token);
  const tokenFile = join(directory, "token");
  return { httpAddr, grpcAddr: `127.0.0.1:${ports.grpc}`, ports, token, tokenFile, directory, version, api };
}

type ConsulProcess = Pick<Consul, "pid" | "start" | "pause" | "restart" | "stop">;

function consulProcess(program: string, directory: string, settings: ConsulSettings): ConsulProcess {
  const log = join(directory, "consul.log");
  let current: ProcessId | undefined;
  const end = async (patienceMs: number): Promise<void> => {
    if (current !== undefined) await endProcess(current, patienceMs);
    current = undefined;
  };
  const start = async (): Promise<void> => {
    const pid = await startBound(program, ["agent", "-config-file", join(directory, "agent.json")], { log });
    current = await processId(pid);
    await untilReady(current, settings, log);
  };
  const restart = async (gracefully = true): Promise<void> => {
    await end(gracefully ? 10_000 : 0);
    await start();
  };
  const stop = async (): Promise<void> => {
    await end(10_000);
    await rm(directory, { recursive: true, force: true });
  };
  return { start, restart, stop, pause: () => end(10_000), pid: () => current?.pid ?? 0 };
}

async function untilReady(agent: ProcessId | undefined, settings: ConsulSettings, log: string): Promise<void> {
  const api = consulApi(`http://127.0.0.1:${settings.ports.http}`, settings.token);
  const ended = async (): Promise<boolean> => agent === undefined || !(await isAlive(agent));
  const look = async (): Promise<boolean> => (await ended()) || isReady(api, settings.nodeName);
  await until(look, { what: `Consul to be ready (see ${log})`, timeoutMs: 60_000 });
  if (await ended()) throw new Error(`consul ended at once: ${lastLines(await readFile(log, "utf8"))}`);
}
