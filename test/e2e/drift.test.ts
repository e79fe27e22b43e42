/** What is broken behind Remora's back is put right at once, and nothing else is touched. */
import type { Container } from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AllocStatus } from "../../src/model/status.ts";
import { until } from "../rig/wait.ts";
import { registrations, tokens } from "./support/consul.ts";
import { counted, countdashUp, untilServing } from "./support/countdash.ts";
import { inspectAll, inspectOne } from "./support/docker.ts";
import { picture, without } from "./support/picture.ts";
import type { Picture } from "./support/picture.ts";
import { expectWithin } from "./support/timing.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

/** How a thing of the group `api` is broken, and which names of the picture it takes to put it right. */
interface Drift {
  readonly name: string;
  readonly break: (world: World) => Promise<unknown>;
  readonly touched: (alloc: AllocStatus) => RegExp;
  /** The part of `touched` that has to be new afterwards. */
  readonly renewed: (alloc: AllocStatus) => RegExp;
  /** Only what stops a task in good order takes up to its kill_timeout longer: Nomad's default. */
  readonly killTimeoutMs: number;
}

const web = ({ id }: AllocStatus): RegExp => new RegExp(`^container /web-${id}`);
const sidecar = ({ id }: AllocStatus): RegExp => new RegExp(`^container /connect-proxy-count-api-${id}`);
/** Its own registration may be written in any case: what is broken is taken out of rotation meanwhile. */
const service = ({ id }: AllocStatus): RegExp => new RegExp(`^(service|agent) _remora-${id}-`);
const catalogEntry = ({ id }: AllocStatus): RegExp => new RegExp(`^service _remora-${id}-`);
const token = (): RegExp => /^token count-api /;
const containers = ({ id }: AllocStatus): RegExp => new RegExp(`^container /.*-${id}`);
const anyOf = (...patterns: readonly RegExp[]): RegExp => new RegExp(patterns.map(({ source }) => source).join("|"));

const drifts: readonly Drift[] = [
  {
    name: "a container that was removed",
    break: async (world) => (await containerOf(world, "task")).remove({ force: true }),
    touched: web,
    renewed: web,
    killTimeoutMs: 0,
  },
  {
    name: "a service that was deregistered",
    break: async ({ consul, name }) => {
      const { agent } = await registrations(consul.api, name);
      const entry = agent.find(({ Service }) => Service === "count-api");
      await consul.api.put(`/agent/service/deregister/${entry?.ID}`);
    },
    touched: service,
    renewed: catalogEntry,
    killTimeoutMs: 0,
  },
  {
    name: "a sidecar that was killed",
    break: async (world) => (await containerOf(world, "sidecar")).kill(),
    touched: sidecar,
    renewed: sidecar,
    killTimeoutMs: 0,
  },
  {
    name: "an infra container that was killed",
    break: async (world) => (await containerOf(world, "infra")).kill(),
    touched: containers,
    renewed: containers,
    killTimeoutMs: 5_000,
  },
  {
    name: "a token that was deleted",
    break: async ({ consul, name }) => {
      const found = (await tokens(consul.api, name)).find(({ Description }) =>
        Description.includes(" service=count-api "),
      );
      await consul.api.delete(`/acl/token/${found?.AccessorID}`);
    },
    touched: (alloc) => anyOf(sidecar(alloc), token()),
    renewed: sidecar,
    killTimeoutMs: 0,
  },
  {
    name: "the relay to Consul that was removed",
    break: async ({ docker, name: instance }) =>
      docker.getContainer((await inspectOne(docker, { instance, role: "relay" })).Id).remove({ force: true }),
    touched: () => /^container \/remora-relay-/,
    renewed: () => /^container \/remora-relay-/,
    killTimeoutMs: 0,
  },
  {
    name: "every container of a group that was removed",
    break: async ({ docker, name: instance }) => {
      const all = await inspectAll(docker, { instance, group: "api" });
      await Promise.all(all.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
    },
    touched: containers,
    renewed: containers,
    killTimeoutMs: 0,
  },
];

describe("drift behind Remora's back", () => {
  let world: World;
  let port = 0;

  beforeAll(async () => {
    world = await openWorld();
    port = await countdashUp(world);
  });
  afterAll(() => world.close());

  test.each(drifts)("$name is healed, and nothing else is touched", async (drift) => {
    const alloc = await world.agent.alloc("countdash", "api");
    const before = await picture(world);
    const began = Date.now();
    await drift.break(world);
    const renewed = async (): Promise<boolean> => isRenewed(before, await picture(world), drift.renewed(alloc));
    await until(renewed, { what: "what was broken to be new", timeoutMs: 60_000 });
    await untilServing(world);
    await until(() => counted(port), { what: "the dashboard to count again" });
    const healed = Date.now() - began;

    const first = (await world.agent.log()).find(({ event, time }) => event === "step" && Date.parse(time) >= began);
    expectWithin("healing starts", Date.parse(first?.time ?? "") - began, 1_000);
    expectWithin("healing is done", healed, 5_000 + drift.killTimeoutMs);
    const touched = anyOf(drift.touched(alloc), service(alloc));
    expect(without(await picture(world), touched)).toEqual(without(before, touched));
  });

  test("that came while the agent was away is healed when it is back", async () => {
    const { agent } = world;
    const alloc = await agent.alloc("countdash", "api");
    const before = await picture(world);
    await agent.kill();
    const [removed, deregistered] = drifts;
    await removed?.break(world);
    await deregistered?.break(world);
    await agent.start();
    const touched = anyOf(web(alloc), service(alloc));
    const broken = anyOf(web(alloc), catalogEntry(alloc));
    const renewed = async (): Promise<boolean> => isRenewed(before, await picture(world), broken);
    await until(renewed, { what: "what was broken to be new", timeoutMs: 60_000 });
    await untilServing(world);
    await until(() => counted(port), { what: "the dashboard to count again" });
    expect(without(await picture(world), touched)).toEqual(without(before, touched));
  });
});

async function containerOf({ docker, name: instance }: World, role: string): Promise<Container> {
  return docker.getContainer((await inspectOne(docker, { instance, group: "api", role })).Id);
}

/** Everything that matched is there again, and none of it is what it was. */
function isRenewed(before: Picture, now: Picture, pattern: RegExp): boolean {
  const names = Object.keys(before).filter((name) => pattern.test(name));
  if (names.length === 0) throw new Error(`nothing matches ${pattern.source}`);
  return names.every((name) => now[name] !== undefined && now[name] !== before[name]);
}
