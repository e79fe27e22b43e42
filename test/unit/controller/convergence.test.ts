/** Whatever happens to a group's things, its plans bring it back to what is wanted, and then leave it alone. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TaskGroup } from "../../../src/model/job.ts";
import { aGroup, aJob, aMeshService, anUpstream, aService, aTask } from "../../support/builders.ts";
import { Picture } from "../../support/picture.ts";

/** A task that is restarted for ever, so that no history of exits is a failure. */
const PATIENT = { attempts: 1_000, interval: 600_000, delay: 1_000, mode: "delay" } as const;

function groupOf(version: string, over: Partial<TaskGroup> = {}): TaskGroup {
  return aGroup({
    services: [
      aMeshService({ name: "one", port: "9001" }, { upstreams: [anUpstream()] }),
      aMeshService({ name: "two", port: "9002" }),
      aService({ name: "plain", port: "9003" }),
    ],
    tasks: [
      aTask({ restart: PATIENT }, { image: version }),
      aTask({ name: "side", restart: PATIENT, lifecycle: { hook: "prestart", sidecar: true } }),
    ],
    ...over,
  });
}

const JOB = aJob();

type Blow = (picture: Picture) => void;

const which = fc.nat(20);

/** One of the list, by any number; none of an empty list. */
function pick<T>(items: readonly T[], index: number): T | undefined {
  return items[index % Math.max(1, items.length)];
}

const blows: fc.Arbitrary<Blow> = fc.oneof(
  which.map((index): Blow => (picture) => {
    const lost = pick(picture.containers, index);
    picture.containers = picture.containers.filter((each) => each !== lost);
  }),
  fc.tuple(which, fc.constantFrom(0, 1, 137)).map(([index, exitCode]): Blow => (picture) => {
    const ended = pick(picture.containers, index)?.id;
    const change = { state: "exited", finishedAt: picture.now, exitCode } as const;
    picture.containers = picture.containers.map((each) => (each.id === ended ? { ...each, ...change } : each));
  }),
  which.map((index): Blow => (picture) => {
    const lost = pick(picture.registrations, index);
    picture.registrations = picture.registrations.filter((each) => each !== lost);
  }),
  which.map((index): Blow => (picture) => {
    const changed = pick(picture.registrations, index);
    picture.registrations = picture.registrations.map((each) => (each === changed ? { ...each, tags: ["x"] } : each));
  }),
  which.map((index): Blow => (picture) => {
    const lost = pick(picture.tokens, index);
    picture.tokens = picture.tokens.filter((each) => each !== lost);
  }),
  fc.constant<Blow>((picture) => picture.restart()),
  fc.nat(40_000).map((ms): Blow => (picture) => {
    picture.now += ms;
  }),
  fc.constantFrom("app:1", "app:2").map(
    (version): Blow =>
      (picture) =>
        picture.want(JOB, groupOf(version)),
  ),
  fc.constantFrom("app:1", "app:2", "app:3").map(
    (version): Blow =>
      (picture) =>
        picture.want(JOB, groupOf(version), groupOf("app:1")),
  ),
  fc.integer({ min: 0, max: 3 }).map(
    (count): Blow =>
      (picture) =>
        picture.want(JOB, groupOf("app:1", { count })),
  ),
  fc.constant<Blow>((picture) => {
    picture.desired = { kind: "remove" };
  }),
  fc.constant<Blow>((picture) => void picture.turn()),
);

/** Lets time pass for as long as the plan asks to look again. */
function rest(picture: Picture): void {
  for (let look = 0; look < 100; look++) {
    picture.settle();
    const { recheck } = picture.plan ?? {};
    if (recheck === undefined) return;
    picture.now += Math.max(1, recheck);
  }
  throw new Error(`it does not come to rest: ${picture.status.reason}`);
}

function struck(story: readonly Blow[]): Picture {
  const picture = new Picture(JOB.id, "api");
  picture.want(JOB, groupOf("app:1"));
  for (const blow of story) blow(picture);
  return picture;
}

const stories = fc.array(blows, { maxLength: 25 });

describe("after any history", () => {
  test("a group that is wanted comes to run, once, with nothing left over, and then nothing more is done", () => {
    fc.assert(
      fc.property(stories, fc.integer({ min: 1, max: 2 }), (story, count) => {
        const picture = struck(story);
        picture.want(JOB, groupOf("app:2", { count }));
        rest(picture);
        expect(picture.status).toMatchObject({ state: "running", reason: "" });
        const { containers, registrations, tokens } = picture;
        expect([containers.length, registrations.length, tokens.length]).toEqual([5 * count, 5 * count, 2 * count]);
        expect(picture.turn()).toEqual([]);
        picture.restart();
        expect(picture.turn()).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("a group that is not wanted comes to nothing", () => {
    fc.assert(
      fc.property(stories, (story) => {
        const picture = struck(story);
        picture.desired = { kind: "remove" };
        rest(picture);
        const { containers, volumes, registrations, tokens } = picture;
        expect([containers, volumes, registrations, tokens]).toEqual([[], [], [], []]);
      }),
      { numRuns: 60 },
    );
  });

  test("a frozen group is not touched", () => {
    fc.assert(
      fc.property(stories, (story) => {
        const picture = struck(story);
        picture.desired = { kind: "frozen", reason: "held" };
        expect(picture.turn()).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
