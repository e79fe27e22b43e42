/** The agent may be killed at any moment: whoever uses the mesh does not notice, and a restart goes on where it ended. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { registrations, tokens } from "./support/consul.ts";
import { counted, countdashUp, untilServing } from "./support/countdash.ts";
import { inspectAll, inspectOne } from "./support/docker.ts";
import { meshJob } from "./support/jobs.ts";
import { leftOfJob } from "./support/leftovers.ts";
import { startLoad } from "./support/load.ts";
import type { Load } from "./support/load.ts";
import { picture } from "./support/picture.ts";
import type { Picture } from "./support/picture.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("with one new connection through the mesh every 20 ms", () => {
  let world: World;
  let port = 0;
  /** The container of the dashboard's namespace. */
  let dashboard = "";
  let load: Load;
  let before: Picture;

  const look = (): Promise<Picture> => picture(world, "countdash");
  const killAt = async (what: string, moment: () => Promise<boolean>): Promise<void> => {
    await until(moment, { what, everyMs: 5 });
    await world.agent.kill();
    await world.agent.spawn();
  };

  beforeAll(async () => {
    world = await openWorld();
    port = await countdashUp(world);
    const { docker, name: instance } = world;
    dashboard = (await inspectOne(docker, { instance, group: "dashboard", role: "infra" })).Id;
    load = await startLoad(docker, world.rig.images.node, dashboard, 8080);
    before = await look();
  });
  afterAll(() => world.close());

  test("kill -9 at any moment of a start, and a restart, change nothing", async () => {
    const { agent } = world;
    await agent.kill();
    await agent.spawn();
    await killAt("the process to be there", () => Promise.resolve(true));
    await killAt("the agent to answer", async () => (await agent.get("/healthz")) === "ok\n");
    await killAt("the agent to know the job", async () => (await agent.status()).jobs.length === 1);
    await untilServing(world);
    await load.more(50);
    expect(await look()).toEqual(before);
  });

  test("kill -9 in the middle of bringing another job up leaves it to the next process, and this job alone", async () => {
    const { docker, consul, name: instance, agent } = world;
    const second = { instance, job: "second" };
    await world.place("second.hcl", meshJob({ id: "second", image: world.rig.images.counterApi }));
    await killAt("its namespace", async () => (await inspectAll(docker, { ...second, role: "infra" })).length > 0);
    await killAt("its token", async () =>
      (await tokens(consul.api, instance)).some(({ Description }) => Description.includes(" job=second ")),
    );
    await killAt("its registration", async () =>
      (await registrations(consul.api, instance)).agent.some(({ Service }) => Service === "second"),
    );
    await killAt("its sidecar", async () => (await inspectAll(docker, { ...second, role: "sidecar" })).length > 0);
    const runs = async (): Promise<boolean> => (await agent.group("second", "main")).state === "running";
    await until(runs, { what: "the other job to run", timeoutMs: 60_000 });
    expect(await inspectAll(docker, { ...second, role: "infra" })).toHaveLength(1);
    expect(await look()).toEqual(before);
  });

  test("kill -9 in the middle of taking another job down leaves that to the next process too", async () => {
    const { docker, consul, name: instance } = world;
    await world.take("second.hcl");
    const stopped = async (): Promise<boolean> => {
      const tasks = await inspectAll(docker, { instance, job: "second", role: "task" });
      return tasks.some(({ State }) => !State.Running);
    };
    await killAt("its task to be stopped", stopped);
    const left = (): Promise<readonly string[]> => leftOfJob(docker, consul.api, instance, "second");
    const gone = async (): Promise<boolean> => !(await left()).some((words) => words.includes("second"));
    await until(gone, { what: "the other job to be gone", timeoutMs: 60_000 });
    expect(await look()).toEqual(before);
  });

  test("SIGTERM leaves all workloads running", async () => {
    await world.agent.stop();
    await load.more(50);
    expect(await look()).toEqual(before);
    expect(await counted(port)).toBeGreaterThan(0);
    await world.agent.start();
    await untilServing(world);
    expect(await look()).toEqual(before);
  });

  test("no request has failed through all of this", async () => {
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(500);
  });

  test("a request that fails would have been noticed", async () => {
    const { docker, name: instance } = world;
    load = await startLoad(docker, world.rig.images.node, dashboard, 8080);
    const sidecar = await inspectOne(docker, { instance, group: "api", role: "sidecar" });
    await docker.getContainer(sidecar.Id).kill();
    await until(async () => (await load.report()).failures.length > 0, { what: "a request to fail" });
    await load.stop();
  });
});
