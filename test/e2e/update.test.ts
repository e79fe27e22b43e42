/** A changed job file is followed without a request lost, and what cannot be started holds up nobody. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { inRotation } from "./support/consul.ts";
import { countdashUp, file, untilServing } from "./support/countdash.ts";
import { inspectAll, inspectOne } from "./support/docker.ts";
import { countdash, meshJob, plainJob, replaced } from "./support/jobs.ts";
import { startLoad } from "./support/load.ts";
import { picture } from "./support/picture.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("a changed job file", () => {
  let world: World;
  let port = 0;

  const containers = (job: string, group: string, role: string): ReturnType<typeof inspectAll> =>
    inspectAll(world.docker, { instance: world.name, job, group, role });

  beforeAll(async () => {
    world = await openWorld({ flags: ["--prune-delay", "0s"] });
    port = await countdashUp(world);
  });
  afterAll(() => world.close());

  test("replaces a service under load without a request lost, and leaves the other group alone", async () => {
    const { docker, name: instance } = world;
    const dashboard = await inspectOne(docker, { instance, group: "dashboard", role: "infra" });
    const load = await startLoad(docker, world.rig.images.node, dashboard.Id, 8080);
    const text = await countdash(port);
    for (const version of ["two", "three"]) {
      const [old] = await containers("countdash", "api", "task");
      const env = `task "web" {\n      env {\n        VERSION = "${version}"\n      }\n`;
      await world.place(file, replaced(text, /task "web" \{\n/, env));
      const replacedBy = async (): Promise<boolean> => {
        const [now, ...more] = await containers("countdash", "api", "task");
        return now !== undefined && more.length === 0 && now.Id !== old?.Id;
      };
      await until(replacedBy, { what: `version ${version} alone to run`, timeoutMs: 60_000 });
      await untilServing(world);
      const [task] = await containers("countdash", "api", "task");
      expect(task?.Config.Env).toContain(`VERSION=${version}`);
    }
    await load.more(50);
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
    expect((await inspectOne(docker, { instance, group: "dashboard", role: "infra" })).Id).toBe(dashboard.Id);
  });

  test("makes as many allocations as its count, and takes those away that are too many", async () => {
    const one = meshJob({ id: "many", image: world.rig.images.counterApi });
    await world.place("many.hcl", replaced(one, /group "main" \{\n/, 'group "main" {\n    count = 3\n\n'));
    const sidecars = async (): Promise<number> => (await inRotation(world.consul.api, "many")).length;
    await until(async () => (await sidecars()) === 3, { what: "three sidecars in rotation", timeoutMs: 60_000 });
    const before = await picture(world, "many");
    await world.place("many.hcl", one);
    const alone = async (): Promise<boolean> =>
      Object.keys(await picture(world, "many")).length * 3 === Object.keys(before).length;
    await until(alone, { what: "a third of it all to be left", timeoutMs: 60_000 });
    expect(before).toMatchObject(await picture(world, "many"));
    expect(await sidecars()).toBe(1);
  });

  test("whose image cannot be had waits for it with the reason, and holds up no other", async () => {
    const before = await picture(world, "countdash");
    await world.place("hopeless.hcl", plainJob({ id: "hopeless", image: "127.0.0.1:1/no/such:image" }));
    await world.place("hopeful.hcl", plainJob({ id: "hopeful", image: world.rig.images.infra }));
    const runs = async (): Promise<boolean> => (await world.agent.group("hopeful", "main")).state === "running";
    await until(runs, { what: "the other job to run" });
    const told = async (): Promise<boolean> =>
      (await world.agent.group("hopeless", "main")).reason.includes("cannot be pulled");
    await until(told, { what: "the reason to be told" });
    expect(await world.agent.group("hopeless", "main")).toMatchObject({
      state: "pending",
      reason: expect.stringMatching(
        /^the image 127\.0\.0\.1:1\/no\/such:image cannot be pulled .*, next try in \d+ s$/,
      ),
    });
    expect(await picture(world, "countdash")).toEqual(before);
  });
});
