/** The chart's pod, run as its golden says: rights, mounts and probes are enough, and no more than that is given. */
import { chown, mkdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { updateConfigMap } from "../support/config-map.ts";
import { inspectAll } from "./support/docker.ts";
import { meshJob, plainJob } from "./support/jobs.ts";
import { podFrom, userOf } from "./support/pod.ts";
import type { Pod } from "./support/pod.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe.each([
  ["acl", "root without capabilities"],
  ["user", "a user in the group of Docker's socket"],
])("the pod of the golden %s, %s", (golden) => {
  let world: World;
  let pod: Pod;

  const running = (job: string): Promise<unknown> =>
    until(async () => (await world.agent.groups(job)).some(({ state }) => state === "running"), {
      what: `${job} to run`,
      timeoutMs: 60_000,
    });
  const answer = async (path: string): Promise<number> =>
    (await fetch(`http://${world.agent.address}${path}`, { signal: AbortSignal.timeout(5_000) })).status;

  beforeAll(async () => {
    world = await openWorld();
    pod = await podFrom(golden, world, await nodeOf(world, golden));
    const { counterApi, infra } = world.rig.images;
    await updateConfigMap(world.jobs, {
      "mesh.nomad.hcl": meshJob({ id: "mesh", image: counterApi }),
      "goes.nomad.hcl": plainJob({ id: "goes", image: infra }),
    });
    await pod.start();
  });
  afterAll(() => world.close());

  test("runs the jobs of its config map, and heeds an update of it", async () => {
    await running("mesh");
    await running("goes");
    const { counterApi, infra } = world.rig.images;
    await updateConfigMap(world.jobs, {
      "mesh.nomad.hcl": meshJob({ id: "mesh", image: counterApi }),
      "comes.nomad.hcl": plainJob({ id: "comes", image: infra }),
    });
    await running("comes");
    const goes = async (): Promise<number> =>
      (await inspectAll(world.docker, { instance: world.name, job: "goes" })).length;
    await until(async () => (await goes()) === 0, { what: "the job without a key to be gone", timeoutMs: 60_000 });
    await running("mesh");
  });

  test("passes its probes while Consul is away", async () => {
    expect(await answer("/readyz")).toBe(200);
    await world.consul.pause();
    await until(async () => (await answer("/readyz")) === 503, { what: "the agent to miss Consul", timeoutMs: 60_000 });
    expect(await answer(pod.probe)).toBe(200);
    await world.consul.start();
    await until(async () => (await answer("/readyz")) === 200, { what: "the agent to be ready again" });
  });

  test("ends well when it is told to, and what it started goes on", async () => {
    const started = async (): Promise<readonly string[]> =>
      (await inspectAll(world.docker, { instance: world.name }))
        .filter(({ State }) => State.Running)
        .map(({ Id, State }) => `${Id} ${State.StartedAt}`)
        .sort();
    const before = await started();
    expect(await pod.stop()).toBe(0);
    expect(before.length).toBeGreaterThan(4);
    expect(await started()).toEqual(before);
  });
});

/** The node's side of the mounts: Secrets as the kubelet writes them for the pod's user, and the engine's real socket. */
async function nodeOf(world: World, golden: string): Promise<Parameters<typeof podFrom>[2]> {
  const user = userOf(golden);
  const secret = join(world.directory, "secret");
  for (const directory of [secret, world.stateDir]) await mkdir(directory, { recursive: true });
  await writeFile(join(secret, "token"), world.token, { mode: 0o400 });
  await chown(join(secret, "token"), user, user);
  await chown(world.stateDir, user, user);
  const socket = world.rig.dockerHost.replace(/^unix:\/\//, "");
  const { images } = world.rig;
  return {
    volumes: { jobs: world.jobs, state: world.stateDir, engine: dirname(socket), token: secret },
    groups: [(await stat(socket)).gid],
    env: {
      DOCKER_HOST: `unix:///engine/${basename(socket)}`,
      CONSUL_CACERT: "",
      REMORA_INSTANCE: world.name,
      REMORA_STATE_DIR: world.stateDir,
      REMORA_HTTP_ADDR: world.agent.address,
      REMORA_CONSUL_ADDRESS: world.consul.httpAddr,
      REMORA_ADVERTISE: world.rig.bridge,
      REMORA_PROXY: "consul",
      REMORA_IMAGE: "remora:e2e",
      REMORA_INFRA_IMAGE: images.infra,
      REMORA_CONSUL_IMAGE: images.consul,
      REMORA_RESYNC: "2s",
      REMORA_PRUNE_DELAY: "0s",
    },
  };
}
