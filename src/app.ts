/** The composition root: builds everything, starts and stops it in order; no logic. */
import { dockerAddress } from "./adapters/docker/connection.ts";
import { dockerRuntime } from "./adapters/docker/runtime.ts";
import { consulMesh } from "./adapters/consul/mesh.ts";
import { filesBeside } from "./adapters/files/beside.ts";
import { jobDirectory } from "./adapters/files/directory.ts";
import { readHclFiles, readJobFiles } from "./adapters/files/once.ts";
import { rewriteFile } from "./adapters/files/rewrite.ts";
import { stateStore } from "./adapters/files/state.ts";
import { linuxHost } from "./adapters/host.ts";
import { tlsProber } from "./adapters/prober.ts";
import { runRelay } from "./adapters/relay/relay.ts";
import { systemClock, systemRandom } from "./adapters/system.ts";
import { type AgentConfig, controlSocket } from "./cli/config.ts";
import type { Io } from "./cli/io.ts";
import type { Actions } from "./cli/program.ts";
import type { RelayConfig } from "./cli/relay.ts";
import { Agent } from "./controller/agent.ts";
import type { ControllerOptions } from "./controller/controller.ts";
import { discoverForPurge, discoverSettings } from "./controller/discovery.ts";
import { lookAround } from "./controller/preflight-turn.ts";
import { judge } from "./controller/preflight.ts";
import { purgeInstance } from "./controller/purge.ts";
import { parseJobFile } from "./jobspec/parse.ts";
import type { GivenVariables } from "./jobspec/variables/given.ts";
import { rightsFor } from "./model/policy.ts";
import type { Settings } from "./model/settings.ts";
import type { Finding } from "./model/status.ts";
import type { Observer } from "./ports/observer.ts";
import { controlApp } from "./server/control-app.ts";
import { listenBoth } from "./server/listen.ts";
import { readApp } from "./server/read-app.ts";
import { logObserver } from "./telemetry/logs.ts";
import { createMetrics } from "./telemetry/metrics.ts";
import { combineObservers } from "./telemetry/observers.ts";
import { VERSION } from "./version.ts";

const clock = systemClock;
const random = systemRandom;

export const actions: Actions = {
  version: VERSION,
  runAgent,
  purge,
  runRelay: relay,
  readJobFiles,
  readHclFiles,
  rewriteFile,
  filesBeside,
};

/** Listens first, so that a second agent ends before it touches anything; then serves until told to end. */
async function runAgent(config: AgentConfig, variables: GivenVariables, io: Io): Promise<number> {
  const metrics = createMetrics({ clock, runtime: true });
  const observer = observe(config, io, [metrics.observer]);
  const { discover, examine, parts } = builders(config, observer, variables);
  const agent = new Agent({
    clock,
    random,
    observer,
    version: VERSION,
    instance: config.instance,
    discover,
    examine,
    parts,
  });
  const read = {
    status: () => agent.status(),
    metrics: metrics.text,
    metricsType: metrics.contentType,
    live: () => true,
    failing: () => agent.failing(),
  };
  const onError = (error: unknown): void =>
    observer({ kind: "problem", message: `an HTTP request failed: ${String(error)}` });
  const listening = await listenBoth(
    { app: controlApp(read, agent, onError), path: controlSocket(config) },
    { app: readApp(read, { hosts: config.httpAllowedHosts, onError }), address: config.httpAddr },
  );
  try {
    await agent.run(io.signal);
    observer({ kind: "stopping", reason: "told to end" });
  } finally {
    await listening.close();
  }
  return 0;
}

interface Builders {
  readonly discover: (signal: AbortSignal) => Promise<Settings>;
  readonly discoverToPurge: (signal: AbortSignal) => Promise<Settings>;
  readonly examine: (signal: AbortSignal) => Promise<readonly Finding[]>;
  readonly parts: (settings: Settings) => ControllerOptions;
}

/** What an agent is made of, once it is known who and where it is. */
function builders(config: AgentConfig, observer: Observer, variables: GivenVariables = []): Builders {
  const docker = dockerAddress(config.dockerHost);
  const { instance, consul } = config;
  const runtime = dockerRuntime({ docker, instance, observer, clock });
  const meshAs = (node: string): ReturnType<typeof consulMesh> =>
    consulMesh({ ...consul, instance, node, observer, clock });
  const state = stateStore(config.stateDir);
  const anonymous = consul.token === undefined;
  const given = { ...config, anonymous, consulAddress: consul.address, version: VERSION };
  const found = { runtime, mesh: meshAs(""), host: linuxHost(docker), state };
  return {
    discover: (signal) => discoverSettings(given, found, signal),
    examine: async (signal) => judge(await lookAround(found, rightsFor(config), signal), { anonymous }),
    discoverToPurge: (signal) => discoverForPurge(given, found, signal),
    parts: (settings) => ({
      settings,
      version: VERSION,
      runtime,
      mesh: meshAs(settings.node),
      prober: tlsProber(),
      directory: jobDirectory(config.jobs, { clock }),
      state,
      clock,
      random,
      observer,
      parse: (path, text) => parseJobFile(path, text, { variables, files: filesBeside(`${config.jobs}/${path}`) }),
    }),
  };
}

async function purge(config: AgentConfig, io: Io): Promise<number> {
  const observer = observe(config, io, []);
  const { discoverToPurge, parts } = builders(config, observer);
  await purgeInstance(parts(await discoverToPurge(io.signal)), io.signal);
  return io.signal.aborted ? 1 : 0;
}

async function relay(config: RelayConfig, io: Io): Promise<number> {
  await runRelay({ ...config, signal: io.signal, log: (message) => io.stderr.write(`${message}\n`) });
  return 0;
}

function observe({ logLevel, logFormat }: AgentConfig, { stderr, env }: Io, others: readonly Observer[]): Observer {
  const colour = stderr.terminal && (env["NO_COLOR"] ?? "") === "";
  const { write, terminal } = stderr;
  const logs = logObserver({ level: logLevel, format: logFormat, terminal, colour, write });
  return combineObservers([logs, ...others], (error) => stderr.write(`remora: an observer failed: ${String(error)}\n`));
}
