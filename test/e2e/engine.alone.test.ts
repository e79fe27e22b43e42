/** Docker may be restarted: everything comes back by itself. Only on an engine of the rig's own, and beside no other test. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { restartEngine } from "../rig/engine.ts";
import { until } from "../rig/wait.ts";
import { rig } from "../rig/vitest.ts";
import { registrations, tokens } from "./support/consul.ts";
import { counted, countdashUp, untilServing } from "./support/countdash.ts";
import { inspectAll } from "./support/docker.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe.runIf(rig().ownEngine)("the Docker engine", () => {
  let world: World;
  let port = 0;

  /** What must be the same afterwards: which containers, services and tokens there are. */
  const inventory = async (): Promise<unknown> => {
    const containers = await inspectAll(world.docker, { instance: world.name });
    const services = await registrations(world.consul.api, world.name);
    return {
      containers: containers.map(({ Name }) => Name).toSorted(),
      services: services.catalog.map(({ ID }) => ID).toSorted(),
      tokens: (await tokens(world.consul.api, world.name)).map(({ AccessorID }) => AccessorID).toSorted(),
    };
  };
  const started = async (): Promise<readonly string[]> =>
    (await inspectAll(world.docker, { instance: world.name, group: "api" })).map(({ State }) => State.StartedAt);

  beforeAll(async () => {
    world = await openWorld();
    port = await countdashUp(world);
  });
  afterAll(() => world.close());

  test.each([
    ["restarted", true],
    ["killed and started", false],
  ])("that is %s brings everything back as it was, through the mesh", async (_, gracefully) => {
    const before = await inventory();
    const starts = await started();
    await restartEngine(gracefully);
    const anew = async (): Promise<boolean> => (await started()).every((at) => !starts.includes(at));
    await until(anew, { what: "every container to be started again", timeoutMs: 60_000 });
    await untilServing(world);
    await until(() => counted(port), { what: "the dashboard to count again", timeoutMs: 60_000 });
    expect(await inventory()).toEqual(before);
  });
});
