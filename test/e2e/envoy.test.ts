/** The whole of countdash with the real Envoy on a Consul that speaks xDS v3. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { atLeast } from "../rig/consul-config.ts";
import { intention } from "../rig/consul-api.ts";
import { consulBinary } from "../rig/consul-binary.ts";
import { freePorts } from "../rig/ports.ts";
import { rig } from "../rig/vitest.ts";
import { until } from "../rig/wait.ts";
import { counted, file, untilServing } from "./support/countdash.ts";
import { countdash } from "./support/jobs.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("countdash through Envoy", () => {
  let world: World;
  let port = 0;

  beforeAll(async () => {
    world = await openWorld({ flags: ["--proxy", "envoy", "--envoy-image", rig().images.envoy ?? ""] });
    [port = 0] = await freePorts(1);
    await world.agent.start();
  }, 120_000);
  afterAll(() => world.close());

  test("brings both services and their sidecars to passing", async () => {
    expect(atLeast((await consulBinary()).version, 1, 10)).toBe(true);
    await world.place(file, await countdash(port));
    await untilServing(world);
  });

  test("counts once an intention allows it", async () => {
    await intention(world.consul.api, "count-dashboard", "count-api");
    await until(() => counted(port), { what: "the dashboard to count" });
  });
});
