/** Every write of a few short stories, one after another: it fails, its answer is lost, it lands late, or the controller dies around it. */
import { describe, expect, test } from "vitest";
import type { Millis } from "../../src/model/job.ts";
import { LABEL } from "../../src/model/labels.ts";
import { META } from "../../src/model/registration.ts";
import { worstOf } from "./fakes/consul/agent.ts";
import { jobText, type JobShape } from "./jobs.ts";
import { Chance } from "./random.ts";
import { Run } from "./run.ts";
import { CALL_LIMIT, type Settings } from "../../src/model/settings.ts";
import { allocsIn, differences, isServing, tokensOf } from "./truth.ts";
import type { Call, Director, Fault, StreamFault } from "./wire.ts";

const HEALTHY: Fault = { kind: "none", there: 3, back: 3 };

const FAULTS: Readonly<Record<string, Fault>> = {
  "fails once": { kind: "before", there: 3 },
  "takes effect, but its answer is lost": { kind: "after", there: 3, back: 3 },
  "is lost and reported as a timeout": { kind: "lost", report: 5_000 },
  "is reported as failed and takes effect late": { kind: "late", report: 10, late: 2_000 },
  "never arrives, as the controller dies before": { kind: "crash-before", there: 3 },
  "takes effect, and the controller dies after": { kind: "crash-after", there: 3 },
};

/** One write goes wrong, all else is well. */
class OneFault implements Director {
  /** The write to fault, counted from the first; undefined = none. */
  at: number | undefined;
  writes: string[] = [];
  readonly #fault: Fault;

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  fault(call: Call): Fault {
    if (!call.write) return HEALTHY;
    this.writes.push(call.operation);
    return this.writes.length - 1 === this.at ? this.#fault : HEALTHY;
  }

  stream(): StreamFault {
    return "none";
  }
}

type Proxy = Settings["proxy"];

const SHAPE: JobShape = { kind: "countdash", tag: "v1", count: 1, colour: "red" };

function container(run: Run, role: string): string {
  const found = [...run.world.docker.containers.values()].find(({ spec }) => spec.labels[LABEL.role] === role);
  return found?.id ?? "";
}

const THERE_AND_BACK = "a job's image changes, and back before it is done";

/** What happens to a countdash that runs; the first story begins with nothing. */
const STORIES: Readonly<Record<string, (run: Run) => void>> = {
  "a job is created": (run) => run.wishes.put("countdash", jobText("countdash", SHAPE)),
  "a job is removed": (run) => run.wishes.remove("countdash"),
  "a job's image changes": (run) => run.wishes.put("countdash", jobText("countdash", { ...SHAPE, tag: "v2" })),
  [THERE_AND_BACK]: (run) => {
    run.wishes.put("countdash", jobText("countdash", { ...SHAPE, tag: "v2" }));
    void run.world.clock.sleep(850).then(() => run.wishes.put("countdash", jobText("countdash", SHAPE)));
  },
  "a job's tags change": (run) => run.wishes.put("countdash", jobText("countdash", { ...SHAPE, colour: "blue" })),
  "a namespace is removed": (run) => run.world.docker.removeBehindBack(container(run, "infra")),
  "a sidecar is killed": (run) => run.world.docker.kill(container(run, "sidecar")),
  "a token is deleted": (run) => run.world.consul.deleteTokenBehindBack(tokensOf(run.world)[0]?.accessor ?? ""),
  "a service is deregistered": (run) =>
    run.world.consul.deregisterBehindBack([...run.world.consul.agent.services.keys()].find(isOurs) ?? ""),
};

function isOurs(id: string): boolean {
  return id.startsWith("_remora-") && id.includes("countdash");
}

/** A job that is never touched keeps the directory from being empty. */
async function prepare(story: string, director: OneFault, proxy: Proxy, catalogDelay: Millis = 30): Promise<Run> {
  const nature = {
    chance: new Chance(1),
    acls: true,
    stocked: true,
    intentions: "upstreams",
    proxy,
    catalogDelay,
  } as const;
  const run = new Run({ ...nature, director }, () => undefined);
  run.wishes.put("anchor", jobText("anchor", { kind: "bare", tag: "v1", count: 1, colour: "red" }));
  if (story !== "a job is created") run.wishes.put("countdash", jobText("countdash", SHAPE));
  run.world.start();
  await run.settles();
  await run.pass(1_000);
  director.writes = [];
  return run;
}

const QUIET_FOR: Millis = 15_000;

interface Ending {
  readonly failures: readonly string[];
  readonly writes: readonly string[];
  /** How long it took until all was as the files say. */
  readonly took: Millis;
  /** How many tokens there ever were. */
  readonly minted: number;
}

/** Plays a story with its n-th write going wrong; whoever dies is started again. */
async function play(story: string, proxy: Proxy, fault: Fault, at: number | undefined): Promise<Ending> {
  const director = new OneFault(fault);
  const run = await prepare(story, director, proxy);
  director.at = at;
  const { world } = run;
  const began = world.clock.now();
  STORIES[story]?.(run);
  await run.settles();
  if (!world.isAlive) world.start();
  await run.settles();
  const took = world.clock.now() - began;
  // What is late lands now.
  await run.pass(CALL_LIMIT);
  const { writes } = director;
  await run.comesToRest(QUIET_FOR);
  return { failures: run.failures, writes, took, minted: world.consul.acl.minted };
}

/** How long an Envoy goes on after its service left rotation. */
const PROXY_DELAY: Millis = 5_000;

/** How much longer than without a fault it may take: the back-off, the waiting out of what is in doubt, the quiet time of a new process. */
const SLACK: Readonly<Record<string, Millis>> = {
  "fails once": 1_000,
  "takes effect, but its answer is lost": CALL_LIMIT + 1_000,
  "is lost and reported as a timeout": 2 * CALL_LIMIT + 1_000,
  "is reported as failed and takes effect late": CALL_LIMIT + 1_000,
  "never arrives, as the controller dies before": CALL_LIMIT + 1_500,
  "takes effect, and the controller dies after": CALL_LIMIT + 1_500,
};

/** By turns, so that each story is played with both proxies, and each fault strikes both: all of it twice takes too long. */
function castOf(story: number): readonly (readonly [Proxy, string])[] {
  return Object.keys(FAULTS).map((kind, fault) => [(story + fault) % 2 === 0 ? "envoy" : "consul", kind]);
}

describe.each(Object.keys(STORIES).map((story, at) => [story, at] as const))("%s", (story, number) => {
  const title = "and with the proxy %s all ends well when any one write %s";
  test.each(castOf(number))(title, { timeout: 300_000 }, async (proxy, kind) => {
    const reference = await play(story, proxy, HEALTHY, undefined);
    expect(reference.failures).toEqual([]);
    expect(reference.took).toBeLessThan(PROXY_DELAY + 5_000);
    expect(reference.writes.length).toBeGreaterThan(0);
    for (const [at, write] of reference.writes.entries()) {
      const { failures, minted, took } = await play(story, proxy, FAULTS[kind] ?? HEALTHY, at);
      expect({ at, write, failures }).toEqual({ at, write, failures: [] });
      expect(took, `${write}, the write ${at}`).toBeLessThanOrEqual(reference.took + (SLACK[kind] ?? 0));
      // The accessor is known before the token is: minting twice is impossible. How far the way back led is chance.
      if (story === THERE_AND_BACK) continue;
      // A new process cannot tell a half removed predecessor from a broken one, and may begin to mend it before it goes.
      const mended = kind.includes("the controller dies") ? 1 : 0;
      expect(minted, `tokens minted, with ${write}, the write ${at}`).toBeLessThanOrEqual(reference.minted + mended);
    }
  });
});

test.each<[Proxy]>([["envoy"], ["consul"]])(
  "with the proxy %s a replacement serves before what it replaces leaves, however late the catalog hears of both",
  async (proxy) => {
    const run = await prepare("a job's image changes", new OneFault(HEALTHY), proxy, 500);
    const { world } = run;
    const before = new Set(allocsIn(world).keys());
    run.wishes.put("countdash", jobText("countdash", { ...SHAPE, tag: "v2" }));
    let dark = 0;
    await run.until(world.clock.now() + 10_000, () => {
      if (!isServed(world, "countdash-api")) dark += 1;
      return false;
    });
    expect(differences(world)).toEqual([]);
    expect([...allocsIn(world).keys()].filter((alloc) => before.has(alloc))).toHaveLength(1);
    expect(dark).toBe(0);
  },
);

/** Somewhere a sidecar of it is in rotation, and serves. */
function isServed(world: Run["world"], service: string): boolean {
  const allocs = allocsIn(world);
  return [...world.consul.catalog.values()].some(({ service: { name, meta }, checks }) => {
    const alloc = allocs.get(meta[META.alloc] ?? "");
    const isOpen = name === `${service}-sidecar-proxy` && worstOf(checks) === "passing";
    return isOpen && alloc !== undefined && isServing(world, alloc, service);
  });
}
