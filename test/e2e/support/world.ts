/** A world for one test file: a Consul, an instance of Remora with directories of its own, and nothing left of it afterwards. */
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { startConsul } from "../../rig/consul.ts";
import type { Consul } from "../../rig/consul.ts";
import { remoraToken } from "../../rig/consul-api.ts";
import { dockerAt, removeContainer } from "../../rig/docker.ts";
import { remoraImage } from "../../rig/images.ts";
import { withLock } from "../../rig/lock.ts";
import { freePorts } from "../../rig/ports.ts";
import type { Rig } from "../../rig/rig.ts";
import { rig } from "../../rig/vitest.ts";
import { Agent } from "./agent.ts";
import { leftovers } from "./leftovers.ts";
import { remora } from "./program.ts";
import type { Ended } from "./program.ts";

const image = "remora:e2e";

export interface Instance {
  readonly name: string;
  readonly jobs: string;
  readonly stateDir: string;
  readonly agent: Agent;
  readonly env: NodeJS.ProcessEnv;
}

export interface World extends Instance {
  readonly rig: Rig;
  readonly docker: Docker;
  readonly consul: Consul;
  /** The secret of Remora's own token. */
  readonly token: string;
  /** Everything of this world on disk. */
  readonly directory: string;
  /** Puts a job file into the directory, at once and whole. */
  readonly place: (name: string, text: string) => Promise<void>;
  readonly take: (name: string) => Promise<void>;
  /** Another instance beside this one, in the same Consul; its agent is not started. */
  readonly another: (name: string) => Promise<Instance>;
  /** Ends all agents and purges all instances; fails if anything of theirs is left. */
  readonly close: () => Promise<void>;
}

export interface WorldOptions {
  readonly flags?: readonly string[];
  /** What the agent is run through. */
  readonly through?: readonly string[];
  /** The right to write intentions is in the policy of Remora's token. */
  readonly mayWriteIntentions?: boolean;
}

/** The agent is not started yet. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { flags = [], through = [], mayWriteIntentions = false } = options;
  const facts = rig();
  const docker = dockerAt(facts.dockerHost);
  await withLock(() => remoraImage(docker, image));
  const directory = await mkdtemp(join(tmpdir(), "remora-e2e-"));
  const consul = await startConsul({ bind: facts.bridge });
  const token = await remoraToken(consul.api, "", { intentions: mayWriteIntentions });
  const tokenFile = join(directory, "token");
  await writeFile(tokenFile, token, { mode: 0o600 });
  const made: Instance[] = [];
  const make = async (name: string): Promise<Instance> => {
    const [httpPort = 0] = await freePorts(1);
    const setting = { name, directory: join(directory, name), httpPort, ports: portRange(made.length), through };
    const instance = await instanceOf(setting, { facts, consul, tokenFile, flags });
    made.push(instance);
    return instance;
  };
  const main = await make(`e2e-${crypto.randomUUID().slice(0, 8)}`);
  return {
    ...main,
    rig: facts,
    docker,
    consul,
    token,
    directory,
    place: (name, text) => placeFile(main.jobs, name, text),
    take: (name) => rm(join(main.jobs, name)),
    another: make,
    close: () => close(made, docker, consul, directory),
  };
}

/** Writes under a name that is no job file's and renames, as whoever cares about readers does. */
export async function placeFile(jobs: string, name: string, text: string): Promise<void> {
  const draft = join(jobs, `${name}.draft`);
  await writeFile(draft, text);
  await rename(draft, join(jobs, name));
}

/** `remora purge --yes` for an instance. */
export function purge({ name, stateDir, env }: Instance): Promise<Ended> {
  return remora(["purge", "--yes", "--instance", name, "--state-dir", stateDir, "--log-level", "warn"], env);
}

interface Setting {
  readonly name: string;
  readonly directory: string;
  readonly httpPort: number;
  readonly ports: string;
  readonly through: readonly string[];
}

interface Given {
  readonly facts: Rig;
  readonly consul: Consul;
  readonly tokenFile: string;
  readonly flags: readonly string[];
}

async function instanceOf(setting: Setting, given: Given): Promise<Instance> {
  const { name, directory, httpPort, ports, through } = setting;
  const { facts, consul, tokenFile, flags } = given;
  const jobs = join(directory, "jobs");
  const stateDir = join(directory, "state");
  await mkdir(jobs, { recursive: true });
  const env = {
    PATH: process.env["PATH"],
    DOCKER_HOST: facts.dockerHost,
    CONSUL_HTTP_ADDR: consul.httpAddr,
    CONSUL_HTTP_TOKEN_FILE: tokenFile,
  };
  const identity = ["--instance", name, "--jobs", jobs, "--state-dir", stateDir, "--port-range", ports];
  const images = [...proxyFlags(facts), "--image", image, "--infra-image", facts.images.infra];
  const all = [...identity, ...images, "--resync", "2s", ...flags];
  const agent = new Agent({ flags: all, env, httpPort, log: join(directory, "agent.log"), through });
  return { name, jobs, stateDir, agent, env };
}

/**
 * Consul's built-in proxy, because the rig's own Consul speaks no xDS that today's Envoys know. With PROXY=envoy the suites
 * run on Envoy instead; that takes a CONSUL_BIN of 1.10 or later.
 */
function proxyFlags({ images }: Rig): readonly string[] {
  if (process.env["PROXY"] === "envoy") return envoyFlags(images);
  return ["--proxy", "consul", "--consul-image", images.consul];
}

export function envoyFlags({ envoy = "" }: Rig["images"]): readonly string[] {
  return ["--proxy", "envoy", "--envoy-image", envoy];
}

/** Test files run beside each other: each worker has a slice of the ports, and each instance a part of the slice. */
function portRange(instance: number): string {
  const worker = Number(process.env["VITEST_POOL_ID"] ?? 1) % 10;
  const from = 20_000 + worker * 1_000 + instance * 200;
  return `${from}-${from + 199}`;
}

async function close(made: readonly Instance[], docker: Docker, consul: Consul, directory: string): Promise<void> {
  const left: string[] = [];
  try {
    for (const instance of made) {
      await instance.agent.stop();
      const { code, stderr } = await purge(instance);
      if (code !== 0) left.push(`remora purge failed: ${stderr}`);
      left.push(...(await leftovers(docker, consul.api, instance.name)));
    }
  } finally {
    await removeByForce(docker, made);
    await consul.stop();
    await rm(directory, { recursive: true, force: true });
  }
  if (left.length > 0) throw new Error(`not everything is gone: ${left.join(", ")}`);
}

async function removeByForce(docker: Docker, made: readonly Instance[]): Promise<void> {
  for (const { name } of made) {
    const mark = { filters: { label: [`io.remora.instance=${name}`] } };
    const containers = await docker.listContainers({ all: true, ...mark });
    await Promise.all(containers.map(({ Id }) => removeContainer(docker, Id)));
    const { Volumes } = await docker.listVolumes(mark);
    await Promise.all(Volumes.map((volume) => docker.getVolume(volume.Name).remove({ force: true })));
    const networks = await docker.listNetworks(mark);
    await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()));
  }
}
