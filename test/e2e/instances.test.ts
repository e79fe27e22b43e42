/** Who is alone: one agent on a state directory, and instances beside each other on a host. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { inRotation } from "./support/consul.ts";
import { inspectAll } from "./support/docker.ts";
import { meshJob } from "./support/jobs.ts";
import { leftovers } from "./support/leftovers.ts";
import { picture } from "./support/picture.ts";
import { remora } from "./support/program.ts";
import { openWorld, placeFile, purge } from "./support/world.ts";
import type { Instance, World } from "./support/world.ts";

describe("two instances with the same job on one host", () => {
  let world: World;
  let other: Instance;

  const serving = async (count: number): Promise<void> => {
    const look = async (): Promise<boolean> => (await inRotation(world.consul.api, "twin")).length === count;
    await until(look, { what: `${count} sidecars of twin in rotation`, timeoutMs: 60_000 });
  };
  const otherPicture = (): ReturnType<typeof picture> => picture({ ...world, name: other.name });

  beforeAll(async () => {
    world = await openWorld({ flags: ["--prune-delay", "0s"] });
    other = await world.another(`${world.name}-other`);
    for (const instance of [world, other]) {
      await placeFile(instance.jobs, "twin.hcl", meshJob({ id: "twin", image: world.rig.images.counterApi }));
      await instance.agent.start();
    }
    await serving(2);
  });
  afterAll(() => world.close());

  test("each run it with things of their own", async () => {
    for (const { name } of [world, other]) {
      const roles = (await inspectAll(world.docker, { instance: name })).map(
        ({ Config }) => Config.Labels["io.remora.role"] ?? "none",
      );
      expect(roles.toSorted()).toEqual(["infra", "relay", "sidecar", "task"]);
    }
  });

  test("a second agent on a state directory ends with a sentence, and the first goes on", async () => {
    const { stateDir, jobs, env, name, agent } = world;
    const before = await picture(world);
    const args = ["agent", "--state-dir", stateDir, "--jobs", jobs, "--instance", name, "--http-addr", "127.0.0.1:0"];
    const { code, stderr } = await remora(args, env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[^\n]*another[^\n]*\n$/i);
    expect(stderr).toContain(stateDir);
    expect(await agent.get("/healthz")).toBe("ok\n");
    expect(await picture(world)).toEqual(before);
  });

  test("a file taken from one stops nothing of the other", async () => {
    const before = await otherPicture();
    await world.take("twin.hcl");
    await serving(1);
    await until(async () => (await inspectAll(world.docker, { instance: world.name, job: "twin" })).length === 0, {
      what: "the one job to be gone",
    });
    expect(await otherPicture()).toEqual(before);
  });

  test("purging one removes its network and relay, and touches nothing of the other", async () => {
    const before = await otherPicture();
    await world.agent.stop();
    expect(await purge(world)).toMatchObject({ code: 0 });
    expect(await leftovers(world.docker, world.consul.api, world.name)).toEqual([]);
    expect(await otherPicture()).toEqual(before);
    await serving(1);
  });
});
