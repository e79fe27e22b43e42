/** A job file taken away takes everything of the job with it, and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { countdashUp, file } from "./support/countdash.ts";
import { handMade } from "./support/hand-made.ts";
import type { HandMade } from "./support/hand-made.ts";
import { leftOfJob } from "./support/leftovers.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("the job file taken away", () => {
  let world: World;
  let stranger: HandMade;

  beforeAll(async () => {
    world = await openWorld();
    await countdashUp(world);
    stranger = await handMade(world);
  });
  afterAll(async () => {
    await stranger.remove();
    await world.close();
  });

  const left = (): Promise<readonly string[]> => leftOfJob(world.docker, world.consul.api, world.name, "countdash");

  test("leaves no container, endpoint, volume, registration or token", async () => {
    const kinds = new Set((await left()).map((words) => words.replace(/ (of )?\S+/, "")));
    expect([...kinds].toSorted()).toEqual([
      "container",
      "endpoint",
      "registration in the agent",
      "registration in the catalog",
      "token",
      "volume",
    ]);
    await world.take(file);
    await until(async () => (await left()).length === 0, { what: "everything of countdash to be gone" });
    await until(async () => (await world.agent.status()).jobs.length === 0, { what: "the status to forget the job" });
  });

  test("leaves what somebody made by hand beside it as it was", async () => {
    expect(await stranger.look()).toEqual(stranger.before);
    expect(Object.keys(stranger.before)).toHaveLength(6);
  });
});
