/** A settled world is only looked at. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { countdashUp } from "./support/countdash.ts";
import { dockerWrites } from "./support/events.ts";
import { picture } from "./support/picture.ts";
import { passes, untilQuiet, writes } from "./support/quiet.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("a settled world", () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld({ flags: ["--resync", "1s"] });
    const events = await dockerWrites(world.docker);
    await countdashUp(world);
    await untilQuiet(world.agent);
    // What watches for writes sees those that brought the world up.
    expect(await events.stop(world.name)).toContain(`network create remora-${world.name}`);
    expect(await writes(world.agent)).toBeGreaterThan(10);
  });
  afterAll(() => world.close());

  test("is not written to by pass after pass", async () => {
    const { agent, docker, name } = world;
    const events = await dockerWrites(docker);
    const before = { world: await picture(world), writes: await writes(agent), passes: await passes(agent) };
    await until(async () => (await passes(agent)) >= before.passes + 8, { what: "eight passes" });
    expect(await writes(agent)).toBe(before.writes);
    expect(await picture(world)).toEqual(before.world);
    expect(await events.stop(name)).toEqual([]);
  });

  test("is not written to by an agent that starts over it", async () => {
    const { agent, docker, name } = world;
    const events = await dockerWrites(docker);
    const before = await picture(world);
    await agent.stop();
    await agent.start();
    await until(async () => (await passes(agent)) >= 8, { what: "eight passes", timeoutMs: 60_000 });
    const running = async (): Promise<boolean> =>
      (await agent.groups("countdash")).every(({ state }) => state === "running");
    await until(running, { what: "the status to say that all runs" });
    expect(await writes(agent)).toBe(0);
    expect(await picture(world)).toEqual(before);
    expect(await events.stop(name)).toEqual([]);
  });
});
