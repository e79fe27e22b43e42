/** Consul may go and come back: the apps run on, and the mesh is whole again. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { counted, countdashUp, untilServing } from "./support/countdash.ts";
import { inspectAll } from "./support/docker.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("Consul", () => {
  let world: World;
  let port = 0;
  let before: unknown;

  const containers = async (): Promise<unknown> => {
    const all = await inspectAll(world.docker, { instance: world.name });
    return Object.fromEntries(all.map(({ Name, State }) => [Name, `${State.Status} ${State.StartedAt}`]));
  };
  const expectWhole = async (): Promise<void> => {
    await untilServing(world);
    await until(() => counted(port), { what: "the dashboard to count again", timeoutMs: 60_000 });
    expect(await containers()).toEqual(before);
  };

  beforeAll(async () => {
    world = await openWorld();
    port = await countdashUp(world);
    before = await containers();
  });
  afterAll(() => world.close());

  test("that is restarted leaves every container running, and both services passing", async () => {
    await world.consul.restart();
    await expectWhole();
  });

  test("that is killed and started does too", async () => {
    await world.consul.restart(false);
    await expectWhole();
  });

  test("that is away stops nothing and is told about; back again, all is well", async () => {
    await world.consul.pause();
    const told = async (): Promise<boolean> => {
      const { conditions } = await world.agent.status();
      return conditions.some(({ ok, message }) => !ok && message.includes("Consul"));
    };
    await until(told, { what: "a condition to name Consul" });
    const looks = (): Promise<number> => world.agent.metric("remora_source_list_total", 'outcome="error"');
    const seen = await looks();
    await until(async () => (await looks()) >= seen + 4, { what: "more looks that fail" });
    expect(await containers()).toEqual(before);
    await world.consul.start();
    await expectWhole();
    const well = async (): Promise<boolean> => (await world.agent.status()).conditions.every(({ ok }) => ok);
    await until(well, { what: "all conditions to hold" });
  });
});
