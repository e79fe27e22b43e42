/** The forms a mesh service may take: the example in YAML, and a service on a named port. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { intention } from "../rig/consul-api.ts";
import { freePorts } from "../rig/ports.ts";
import { until } from "../rig/wait.ts";
import { registrations } from "./support/consul.ts";
import { counted, untilServing } from "./support/countdash.ts";
import { countdash, countdashYaml, replaced } from "./support/jobs.ts";
import { leftOfJob } from "./support/leftovers.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("countdash", () => {
  let world: World;
  let port = 0;

  const untilCounted = async (): Promise<void> => {
    await untilServing(world);
    await until(() => counted(port), { what: "the dashboard to count" });
  };

  beforeAll(async () => {
    world = await openWorld({ flags: ["--prune-delay", "0s"] });
    [port = 0] = await freePorts(1);
    await intention(world.consul.api, "count-dashboard", "count-api");
    await world.agent.start();
  });
  afterAll(() => world.close());

  test("written in YAML runs, and goes with its file", async () => {
    await world.place("countdash.yaml", await countdashYaml(port));
    await untilCounted();
    await world.take("countdash.yaml");
    const left = (): Promise<readonly string[]> => leftOfJob(world.docker, world.consul.api, world.name, "countdash");
    await until(async () => (await left()).length === 0, { what: "everything of countdash to be gone" });
  });

  test("counts through a mesh service on a named port, whose port on the host is another", async () => {
    const text = await countdash(port);
    const named = replaced(
      text,
      /mode = "bridge"\n/,
      'mode = "bridge"\n      port "web" {\n        to = 9001\n      }\n',
    );
    await world.place("countdash.hcl", replaced(named, /port = "9001"/, 'port = "web"'));
    await untilCounted();
    const { agent } = await registrations(world.consul.api, world.name);
    const sidecar = agent.find(({ Service }) => Service === "count-api-sidecar-proxy");
    expect(sidecar?.Proxy?.LocalServicePort).toBe(9001);
    const hostPort = (await world.agent.alloc("countdash", "api")).ports["web"];
    expect(hostPort).toBeGreaterThan(20_000);
    expect(agent.find(({ Service }) => Service === "count-api")?.Port).toBe(hostPort);
  });
});
