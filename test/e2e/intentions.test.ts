/** Intentions from upstreams: two owners share a pair, what others decided stays, and the last owner takes it away. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentOf, ownerOf } from "../../src/model/intention.ts";
import { decideIntention, intentionOf, removeIntention } from "../rig/consul-api.ts";
import type { IntentionEntry } from "../rig/consul-api.ts";
import { freePorts } from "../rig/ports.ts";
import { until } from "../rig/wait.ts";
import { counted, file } from "./support/countdash.ts";
import { countdash } from "./support/jobs.ts";
import { leftOfJob } from "./support/leftovers.ts";
import { openWorld, placeFile, purge } from "./support/world.ts";
import type { Instance, World } from "./support/world.ts";

const PAIR = { source: "count-dashboard", destination: "count-api" };
const FLAGS = ["--prune-delay", "0s", "--intentions", "upstreams"];

describe("two instances that run the same upstream", () => {
  let world: World;
  let other: Instance;
  let ports: readonly number[];

  const there = (): Promise<IntentionEntry | undefined> => intentionOf(world.consul.api, PAIR);
  const owners = async (): Promise<readonly string[]> => {
    const found = await there();
    const mark = `${found?.Description ?? ""} ${Object.values(found?.Meta ?? {}).join(" ")}`;
    const all = await Promise.all([world, other].map(async (one) => ({ name: one.name, owner: await ownerIn(one) })));
    return all.filter(({ owner }) => owner.split(":").every((part) => mark.includes(part))).map(({ name }) => name);
  };
  const gone = (instance: string) => async (): Promise<boolean> =>
    (await leftOfJob(world.docker, world.consul.api, instance, "countdash")).length === 0;

  beforeAll(async () => {
    world = await openWorld({ flags: FLAGS, mayWriteIntentions: true });
    other = await world.another(`${world.name}-other`);
    ports = await freePorts(2);
    for (const [index, instance] of [world, other].entries()) {
      await placeFile(instance.jobs, file, await countdash(ports[index] ?? 0));
      await instance.agent.start();
    }
  });
  afterAll(() => world.close());

  test("count through both sidecars with nothing done by hand, and own the intention together", async () => {
    for (const port of ports) await until(() => counted(port), { what: "the dashboard to count", timeoutMs: 60_000 });
    await until(async () => (await owners()).length === 2, { what: "both to be in the mark" });
    expect(await there()).toMatchObject({ Action: "allow" });
  });

  test("allow it again when somebody denies or removes it", async () => {
    await decideIntention(world.consul.api, PAIR, "deny");
    await until(async () => (await there())?.Action === "allow", { what: "it to be allowed again" });
    await removeIntention(world.consul.api, PAIR);
    await until(async () => (await owners()).length === 2, { what: "both to be in the mark again" });
    expect(await there()).toMatchObject({ Action: "allow" });
  });

  test("keep it for the one when the other's job goes, whose dashboard still counts", async () => {
    await world.take(file);
    await until(gone(world.name), { what: "the one job to be gone", timeoutMs: 60_000 });
    await until(async () => (await owners()).length === 1, { what: "one owner to be left" });
    expect(await owners()).toEqual([other.name]);
    expect(await there()).toMatchObject({ Action: "allow" });
    await until(() => counted(ports[1] ?? 0), { what: "the other dashboard to count" });
  });

  test("leave none behind when the last job has gone", async () => {
    await rm(join(other.jobs, file));
    await until(gone(other.name), { what: "the other job to be gone", timeoutMs: 60_000 });
    await until(async () => (await there()) === undefined, { what: "the intention to be gone" });
  });

  test("leave alone what somebody decided: it stays denied, and stays when the job goes", async () => {
    await decideIntention(world.consul.api, PAIR, "deny");
    const before = await there();
    await world.place(file, await countdash(ports[0] ?? 0));
    const runs = async (): Promise<boolean> => {
      const groups = await world.agent.groups("countdash");
      return groups.length === 2 && groups.every(({ state }) => state === "running");
    };
    await until(runs, { what: "countdash to run", timeoutMs: 60_000 });
    expect(await there()).toEqual(before);
    expect(await counted(ports[0] ?? 0)).toBeUndefined();
    await world.take(file);
    await until(gone(world.name), { what: "the job to be gone", timeoutMs: 60_000 });
    expect(await there()).toEqual(before);
  });

  test("are forgotten by a purge", async () => {
    await removeIntention(world.consul.api, PAIR);
    await world.place(file, await countdash(ports[0] ?? 0));
    await until(async () => (await owners()).includes(world.name), { what: "the intention to be made" });
    await world.agent.stop();
    expect(await purge(world)).toMatchObject({ code: 0 });
    expect(await there()).toBeUndefined();
  });
});

test("a token without the right is a condition that names the rule, and the job runs all the same", async () => {
  const world = await openWorld({ flags: FLAGS });
  try {
    const [port = 0] = await freePorts(1);
    await world.place(file, await countdash(port));
    await world.agent.start();
    const condition = async (): Promise<string | undefined> =>
      (await world.agent.status()).conditions.find(({ name, ok }) => name === "intentions" && !ok)?.message;
    expect(await until(condition, { what: "the condition" })).toContain('intentions = "write" in service_prefix ""');
    const runs = async (): Promise<boolean> => {
      const groups = await world.agent.groups("countdash");
      return groups.length === 2 && groups.every(({ state }) => state === "running");
    };
    await until(runs, { what: "countdash to run", timeoutMs: 60_000 });
  } finally {
    await world.close();
  }
});

async function ownerIn({ name, agent }: Instance): Promise<string> {
  return ownerOf("countdash", agentOf({ instance: name, node: (await agent.status()).node, datacenter: "dc1" }));
}
