/** Intentions as a whole controller keeps them: made for upstreams, repaired, shared, given back, and no one's burden. */
import { describe, expect, test } from "vitest";
import { agentOf, ownerOf } from "../../../src/model/intention.ts";
import type { Job, TaskGroup } from "../../../src/model/job.ts";
import { PortFailure } from "../../../src/ports/failure.ts";
import type { Mesh } from "../../../src/ports/mesh.ts";
import { app, consulProxy } from "../../sim/programs.ts";
import { Chance } from "../../sim/random.ts";
import { aGroup, aJob, aMeshService, anUpstream, aSettings, aTask } from "../../support/builders.ts";
import { TestAgent } from "./agent.ts";

const PAIR = { source: "web", destination: "count-api" };
const OWNER = ownerOf("shop", agentOf(aSettings()));
const THEIRS = ownerOf("shop", agentOf(aSettings({ node: "host-2" })));
const FILE = "shop.json";
const LISTENS = "app:listens";

function shop(over: Partial<TaskGroup> = {}, job: Partial<Job> = {}): Job {
  const services = [aMeshService({ name: "web" }, { upstreams: [anUpstream()] })];
  return aJob({ groups: [aGroup({ services, tasks: [aTask({}, { image: LISTENS })], ...over })], ...job });
}

/** Another job's file keeps the directory from being empty. */
function agent(mesh: Partial<Mesh> = {}, intentions: "none" | "upstreams" = "upstreams"): TestAgent {
  const made = new TestAgent(() => ({}), { intentions }, mesh);
  const proxy = consulProxy({ acls: false, mayServe: () => true, proxy: () => undefined }, new Chance(1));
  made.docker.addImage(aSettings().images.consul, { program: proxy });
  made.docker.addImage(LISTENS, { program: app(9001, "well", new Chance(1)) });
  return made.put("other.json", aJob({ id: "other", groups: [aGroup({ services: [] })] }));
}

describe("an upstream", () => {
  test("is allowed while its job is here, and not after", async () => {
    const here = agent().put(FILE, shop());
    await here.rests();
    expect(here.consul.intentions.all()).toEqual([{ ...PAIR, action: "allow", owners: [OWNER] }]);
    here.take(FILE);
    await here.rests();
    expect(here.jobs().map(([id]) => id)).toEqual(["other"]);
    expect(here.consul.intentions.all()).toEqual([]);
  });

  test("that its job no longer names is given up", async () => {
    const here = agent().put(FILE, shop());
    await here.rests();
    here.put(FILE, shop({ services: [aMeshService({ name: "web" })] }));
    await here.rests();
    expect(here.consul.intentions.all()).toEqual([]);
  });

  test("stays allowed until the last allocation that used it has left", async () => {
    const here = agent().put(FILE, shop({ shutdownDelay: 20_000 }));
    await here.rests();
    here.take(FILE);
    await here.rests(15_000);
    expect(here.consul.agent.services.size).toBeGreaterThan(0);
    expect(here.consul.intentions.get(PAIR)).toMatchObject({ action: "allow", owners: [OWNER] });
    await here.rests();
    expect(here.consul.agent.services.size).toBe(0);
    expect(here.consul.intentions.all()).toEqual([]);
  });

  test("shared with another node stays that node's", async () => {
    const here = agent().put(FILE, shop());
    here.consul.intentions.put({ ...PAIR, action: "allow", owners: [THEIRS] });
    await here.rests();
    expect(here.consul.intentions.get(PAIR)?.owners).toEqual([OWNER, THEIRS].sort());
    here.take(FILE);
    await here.rests();
    expect(here.consul.intentions.all()).toEqual([{ ...PAIR, action: "allow", owners: [THEIRS] }]);
  });

  test("that somebody denied, without a mark, is left so", async () => {
    const here = agent().put(FILE, shop());
    here.consul.intentions.put({ ...PAIR, action: "deny" });
    await here.rests();
    expect(here.consul.intentions.all()).toEqual([{ ...PAIR, action: "deny" }]);
    expect(here.condition("intentions")).toMatchObject({ ok: true });
    here.take(FILE);
    await here.rests();
    expect(here.consul.intentions.all()).toEqual([{ ...PAIR, action: "deny" }]);
  });

  test.each(["denied", "removed", "overwritten by another agent"])(
    "is allowed again at once when it is %s",
    async (how) => {
      const here = agent().put(FILE, shop());
      await here.rests();
      if (how === "denied") here.consul.intentions.put({ ...PAIR, action: "deny", owners: [OWNER] });
      else if (how === "removed") here.consul.intentions.remove(PAIR);
      else here.consul.intentions.put({ ...PAIR, action: "allow", owners: [THEIRS] });
      await here.rests(5_000);
      expect(here.consul.intentions.get(PAIR)).toMatchObject({ action: "allow" });
      expect(here.consul.intentions.get(PAIR)?.owners).toContain(OWNER);
    },
  );
});

test("a mark of ours that nothing accounts for is cleared once everything has been read", async () => {
  const here = agent();
  here.consul.intentions.put({
    ...PAIR,
    action: "allow",
    owners: [ownerOf("long gone", agentOf(aSettings())), THEIRS],
  });
  await here.rests();
  expect(here.consul.intentions.get(PAIR)?.owners).toEqual([THEIRS]);
});

test("without the option nothing is listed, and nothing is touched", async () => {
  const looks: string[] = [];
  const list = async (): Promise<[]> => {
    looks.push("listed");
    return [];
  };
  const changes = async function* (): AsyncGenerator<void> {
    looks.push("watched");
    yield;
  };
  const here = agent({ intentions: { list, changes } }, "none");
  here.consul.intentions.put({ ...PAIR, action: "deny", owners: [OWNER] });
  here.put(FILE, shop());
  await here.rests();
  expect(here.group("shop", "api")).toMatchObject({ state: "running", reason: "" });
  expect(here.consul.intentions.all()).toEqual([{ ...PAIR, action: "deny", owners: [OWNER] }]);
  expect(looks).toEqual([]);
});

test("a missing right is a condition with Consul's sentence, tried again ever more rarely, and holds up no group", async () => {
  let tries = 0;
  const refusal = { code: "forbidden", call: "consul: write", effect: "none", retry: "never" } as const;
  const holdIntention = async (): Promise<void> => {
    tries += 1;
    throw new PortFailure({ ...refusal, message: 'the policy needs intentions = "write"' });
  };
  const here = agent({ holdIntention }).put(FILE, shop());
  await here.rests();
  expect(here.group("shop", "api")).toMatchObject({ state: "running", reason: "" });
  expect(here.condition("intentions")).toMatchObject({
    ok: false,
    message: 'consul: write: the policy needs intentions = "write"',
  });
  expect(tries).toBeGreaterThan(3);
  expect(tries).toBeLessThan(20);
});

test("intentions that cannot be read hold up no group, and are said to be unreadable", async () => {
  const failure = { code: "server", call: "consul: list", message: "no leader", effect: "none" } as const;
  const list = async (): Promise<never> => {
    throw new PortFailure({ ...failure, retry: "backoff" });
  };
  const changes = async function* (): AsyncGenerator<void> {
    yield;
  };
  const here = agent({ intentions: { list, changes } }).put(FILE, shop());
  await here.rests();
  expect(here.group("shop", "api")).toMatchObject({ state: "running", reason: "" });
  expect(here.condition("intentions")).toMatchObject({
    ok: false,
    message: "the intentions cannot be read: consul: list: no leader",
  });
});
