/** What all benches stand on: Consul, an agent that reaches it and Docker through counting proxies, and countdash's port. */
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { Agent } from "../e2e/support/agent.ts";
import { leftovers } from "../e2e/support/leftovers.ts";
import { countdash } from "../e2e/support/jobs.ts";
import { remora } from "../e2e/support/program.ts";
import { startConsul } from "../rig/consul.ts";
import type { Consul } from "../rig/consul.ts";
import { intention, remoraToken } from "../rig/consul-api.ts";
import { dockerAt } from "../rig/docker.ts";
import { remoraImage } from "../rig/images.ts";
import { freePorts } from "../rig/ports.ts";
import type { Rig } from "../rig/rig.ts";
import type { Call } from "./calls.ts";
import { removeAll } from "./clean.ts";
import { CountingProxy } from "./counting-proxy.ts";

const image = "remora:bench";

/** Consul's name of this host. */
export const node = "bench";

export interface BenchWorld {
  readonly rig: Rig;
  /** Straight to the engine and to Consul, for looks that are not counted. */
  readonly docker: Docker;
  readonly consul: Consul;
  readonly instance: string;
  readonly agent: Agent;
  readonly proxies: { readonly docker: CountingProxy; readonly consul: CountingProxy };
  /** The secret of Remora's own token, which the floor works with too. */
  readonly token: string;
  /** Where the proxies listen. */
  readonly dockerSocket: string;
  readonly consulPort: number;
  /** The dashboard's published port. */
  readonly port: number;
  /** Renames the job file into the watched directory. */
  readonly place: () => Promise<void>;
  readonly take: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openBenchWorld(rig: Rig): Promise<BenchWorld> {
  const docker = dockerAt(rig.dockerHost);
  await remoraImage(docker, image);
  const directory = await mkdtemp(join(tmpdir(), "remora-bench-"));
  const jobs = join(directory, "jobs");
  await mkdir(jobs);
  const consul = await startConsul({ bind: rig.bridge, nodeName: node });
  await intention(consul.api, "count-dashboard", "count-api");
  const token = await remoraToken(consul.api);
  await writeFile(join(directory, "token"), token, { mode: 0o600 });
  const [httpPort = 0, port = 0] = await freePorts(2);
  const proxies = {
    docker: new CountingProxy("docker", { socketPath: rig.dockerHost.replace(/^unix:\/\//, "") }),
    consul: new CountingProxy("consul", { host: "127.0.0.1", port: consul.ports.http }),
  };
  const dockerSocket = join(directory, "docker.sock");
  await proxies.docker.listen(dockerSocket);
  const consulPort = await proxies.consul.listen();
  const instance = "bench";
  const env = {
    PATH: process.env["PATH"],
    DOCKER_HOST: `unix://${dockerSocket}`,
    CONSUL_HTTP_ADDR: `127.0.0.1:${consulPort}`,
    CONSUL_HTTP_TOKEN_FILE: join(directory, "token"),
  };
  const identity = ["--instance", instance, "--state-dir", join(directory, "state")];
  const images = ["--proxy", "consul", "--image", image, "--infra-image", rig.images.infra];
  const flags = [...identity, "--jobs", jobs, ...images, "--consul-image", rig.images.consul, "--prune-delay", "0s"];
  const agent = new Agent({ flags, env, httpPort, log: join(directory, "agent.log") });
  const file = join(jobs, "countdash.nomad.hcl");
  const draft = join(directory, "draft");
  const text = await countdash(port);
  return {
    rig,
    docker,
    consul,
    instance,
    agent,
    proxies,
    token,
    dockerSocket,
    consulPort,
    port,
    place: async () => {
      await writeFile(draft, text);
      await rename(draft, file);
    },
    take: () => rm(file),
    close: async () => {
      await agent.stop();
      await remora(["purge", "--yes", ...identity, "--log-level", "warn"], env);
      const left = await leftovers(docker, consul.api, instance);
      await removeAll(docker, consul.api, instance);
      await Promise.all([proxies.docker.close(), proxies.consul.close()]);
      await consul.stop();
      await rm(directory, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`not everything is gone: ${left.join(", ")}`);
    },
  };
}

/** Calls of both proxies that began since, in the order of their beginning. */
export function callsSince({ proxies }: BenchWorld, since: number, until = Infinity): readonly Call[] {
  const all = [...proxies.docker.calls, ...proxies.consul.calls];
  return all.filter(({ began }) => began >= since && began < until).sort((a, b) => a.began - b.began);
}
