/** The fake Consul's levers: what a test does to it, and what it does when time passes. */
import { describe, expect, test } from "vitest";
import { META, sidecarId } from "../../../../src/model/registration.ts";
import type { CheckSpec, Registration, ServiceSpec } from "../../../../src/model/registration.ts";
import type { Millis } from "../../../../src/model/job.ts";
import type { Clock } from "../../../../src/ports/time.ts";
import { fakeMesh } from "./mesh.ts";
import { FakeConsul } from "./world.ts";

const never = new AbortController().signal;

/** Time that passes only when told. */
class HandClock implements Clock {
  #now: Millis = 0;
  #sleepers: { readonly until: Millis; readonly wake: () => void }[] = [];

  now(): Millis {
    return this.#now;
  }

  sleep(ms: Millis): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ until: this.#now + ms, wake }));
  }

  async pass(ms: Millis): Promise<void> {
    this.#now += ms;
    const due = this.#sleepers.filter(({ until }) => until <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#now);
    for (const { wake } of due) wake();
    await new Promise(setImmediate);
  }
}

const listening: CheckSpec = {
  id: "a-tcp",
  name: "listening",
  status: "passing",
  probe: { kind: "tcp", address: "192.0.2.1:80", interval: 10_000, timeout: 1_000 },
  deregisterAfter: 60_000,
};

const spec: ServiceSpec = {
  id: "a",
  name: "api",
  tags: [],
  meta: { [META.instance]: "remora" },
  address: "",
  port: 80,
  enableTagOverride: false,
  checks: [listening],
  sidecar: {
    address: "192.0.2.1",
    port: 21_000,
    proxy: { localServiceAddress: "127.0.0.1", localServicePort: 80, upstreams: [], config: {}, expose: [] },
    checks: [{ id: "a-alias", name: "alias", status: "passing", probe: { kind: "alias", service: "a" } }],
  },
};

async function started(): Promise<{
  world: FakeConsul;
  clock: HandClock;
  list: () => Promise<readonly Registration[]>;
}> {
  const clock = new HandClock();
  const world = new FakeConsul({ clock });
  const mesh = fakeMesh(world, "remora", "host", clock);
  await mesh.register(spec, undefined, never);
  return { world, clock, list: () => mesh.registrations.list(never) };
}

describe("the fake Consul", () => {
  test("tells the catalog only after its delay, and not while syncing is off", async () => {
    const { world, clock, list } = await started();
    world.setSyncing(false);
    await clock.pass(1_000);
    expect((await list()).map(({ inAgent, inCatalog }) => [inAgent, inCatalog])).toEqual([
      [true, false],
      [true, false],
    ]);
    world.setSyncing(true);
    expect((await list())[0]?.inCatalog).toBe(false);
    await clock.pass(10);
    expect((await list()).map(({ catalogStatus }) => catalogStatus)).toEqual(["passing", "passing"]);
  });

  test("runs its checks when told, aliases follow, and what stays critical too long is deregistered", async () => {
    const { world, clock, list } = await started();
    world.runChecks(() => "critical");
    await clock.pass(10);
    expect((await list()).map(({ catalogStatus }) => catalogStatus)).toEqual(["critical", "critical"]);
    await clock.pass(59_000);
    world.runChecks(() => "critical");
    expect(await list()).toHaveLength(2);
    await clock.pass(1_000);
    world.runChecks(() => "critical");
    await clock.pass(10);
    expect(await list()).toEqual([]);
  });

  test("brings back within a minute what was dropped from the catalog alone", async () => {
    const { world, clock, list } = await started();
    await clock.pass(10);
    world.dropFromCatalog("a");
    expect((await list())[0]).toMatchObject({ inAgent: true, inCatalog: false });
    await clock.pass(60_000);
    expect((await list())[0]).toMatchObject({ inAgent: true, inCatalog: true });
  });

  test("forgets everything when wiped: services, catalog and every token", async () => {
    const { world, clock, list } = await started();
    await clock.pass(10);
    world.wipe();
    await expect(list()).rejects.toMatchObject({ code: "forbidden" });
    const again = fakeMesh(world, "remora", "host", clock);
    expect(await again.registrations.list(never)).toEqual([]);
  });

  test("keeps a zombie for good once its token is gone, also after a full comparison", async () => {
    const { world, clock, list } = await started();
    const { secret } = world.addForeignToken("api", "accessor");
    expect(world.register(spec, secret)).toBe("yes");
    await clock.pass(10);
    world.deleteTokenBehindBack("accessor");
    world.deregisterBehindBack("a");
    await clock.pass(60_000);
    const zombies = (await list()).map(({ id, inAgent, inCatalog }) => [id, inAgent, inCatalog]);
    expect(zombies).toEqual([
      ["a", false, true],
      [sidecarId("a"), false, true],
    ]);
  });
});
