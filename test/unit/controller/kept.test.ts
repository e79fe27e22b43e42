/** An old version that serves until its replacement does: kept in repair while its spec is known, else for as long as it is whole. */
import { describe, expect, test } from "vitest";
import type { TaskGroup } from "../../../src/model/job.ts";
import { aTask } from "../../support/builders.ts";
import { countdash, countdashApi } from "../../support/countdash.ts";
import { Picture } from "../../support/picture.ts";

const ONE_TRY = { attempts: 1, interval: 600_000, delay: 1_000, mode: "fail" } as const;

/** The app of version 1 listens, those of the others never do. */
function version(number: 1 | 2 | 3): TaskGroup {
  const task = aTask({ name: number === 1 ? "web" : "dud", restart: ONE_TRY }, { image: `app:${number}` });
  return countdashApi({ tasks: [task] });
}

/** Version 1 (A) serves; version 2 (B) is wanted and gets nowhere. */
function stuck(stable?: TaskGroup): Picture {
  const picture = Picture.of({ ...countdash(), groups: [version(1)] });
  picture.settle();
  picture.mute.add("dud");
  picture.want(countdash(), version(2), stable);
  picture.settle();
  expect(statusOf(picture, "A")?.state).toBe("running");
  expect(statusOf(picture, "B")?.state).toBe("pending");
  return picture;
}

function statusOf(picture: Picture, letter: string): Picture["status"]["allocs"][number] | undefined {
  return picture.status.allocs.find(({ id }) => picture.letter(id) === letter);
}

/** What the next turns do to an allocation. */
function done(picture: Picture, letter: string): readonly string[] {
  return picture
    .settle()
    .filter((step) => step.startsWith(`${letter} `))
    .map((step) => step.slice(2));
}

describe("an old version whose spec is known", () => {
  test("is repaired by it when its task ended, and serves on", () => {
    const picture = stuck(version(1));
    picture.exit("web", 1, "A");
    expect(done(picture, "A")).toEqual(["register count-api gated"]);
    expect(statusOf(picture, "A")).toMatchObject({
      state: "degraded",
      reason: "the task web ended (exit code 1), restart 1 of 1 in 1 s (serving until its replacement does)",
    });
    picture.now += 1_000;
    expect(done(picture, "A")).toEqual(["remove-container web", "run-member web", "register count-api open"]);
    expect(picture.made.at(-1)?.image).toBe("app:1");
    expect(statusOf(picture, "A")).toMatchObject({ state: "running", reason: "serving until its replacement does" });
  });

  test("gets a new token and a new sidecar when its token was deleted", () => {
    const picture = stuck(version(1));
    picture.tokens = picture.tokens.filter(({ ref }) => picture.letter(ref.alloc) !== "A");
    expect(done(picture, "A")).toEqual([
      "mint-token count-api",
      "register count-api gated",
      "remove-container connect-proxy-count-api",
      "run-member connect-proxy-count-api",
      "register count-api open",
    ]);
  });

  test("gets a sidecar again when its own was killed", () => {
    const picture = stuck(version(1));
    picture.exit("connect-proxy-count-api", 137, "A");
    expect(done(picture, "A")).toEqual([
      "register count-api gated",
      "remove-container connect-proxy-count-api",
      "run-member connect-proxy-count-api",
      "register count-api open",
    ]);
  });

  test("comes back when nothing of it runs any more, as after a restart of the host, also for a new process", () => {
    const picture = stuck(version(1));
    for (const name of ["infra", "web", "connect-proxy-count-api"]) picture.exit(name, 255, "A");
    picture.restart();
    expect(done(picture, "A")).toContain("register count-api open");
    expect(statusOf(picture, "A")?.state).toBe("running");
  });

  test("leaves when it has used up its restarts: it is not tried for ever", () => {
    const picture = stuck(version(1));
    picture.exit("web", 1, "A");
    picture.settle();
    picture.now += 1_000;
    picture.settle();
    picture.exit("web", 1, "A");
    expect(done(picture, "A")).toContain("remove-container infra");
    expect(picture.status.allocs.map(({ id }) => picture.letter(id))).toEqual(["B"]);
  });

  test("leaves when it has used up its restarts, also without a service that would tell that it drains", () => {
    const bare = (image: string): TaskGroup =>
      countdashApi({ services: [], tasks: [aTask({ restart: { ...ONE_TRY, attempts: 0 } }, { image })] });
    const picture = Picture.of({ ...countdash(), groups: [bare("app:1")] });
    picture.settle();
    picture.missingImages.set("app:2", "the image app:2 is being pulled");
    picture.want(countdash(), bare("app:2"), bare("app:1"));
    picture.turn();
    picture.exit("web", 1, "A");
    for (let count = 0; count < 20; count++) picture.turn();
    expect(picture.containers).toEqual([]);
    expect(picture.plan?.recheck).toBeUndefined();
  });

  test("leaves as soon as its replacement serves", () => {
    const picture = stuck(version(1));
    picture.mute.clear();
    expect(done(picture, "A")).toContain("remove-container infra");
    expect(picture.status).toMatchObject({ state: "running", allocs: [{ index: 0 }] });
  });

  test("serves on through a third version, while the second, which never served, leaves", () => {
    const picture = stuck(version(1));
    picture.want(countdash(), version(3), version(1));
    expect(done(picture, "B")).toContain("remove-container infra");
    expect(statusOf(picture, "A")?.state).toBe("running");
    expect(statusOf(picture, "C")?.state).toBe("pending");
  });
});

describe("an old version whose spec is not known", () => {
  test("stays untouched for as long as all of it runs", () => {
    const picture = stuck();
    picture.restart();
    expect(done(picture, "A")).toEqual([]);
    expect(statusOf(picture, "A")).toMatchObject({ state: "running", reason: "serving until its replacement does" });
  });

  test.each(["infra", "web", "connect-proxy-count-api"])("leaves when its container %s ended", (name) => {
    const picture = stuck();
    picture.exit(name, 1, "A");
    expect(done(picture, "A")).toContain("enable-maintenance group-api-count-api-9001");
    expect(picture.status.allocs.map(({ id }) => picture.letter(id))).toEqual(["B"]);
  });

  test("leaves when a third version comes and it never served", () => {
    const picture = stuck();
    picture.want(countdash(), version(3));
    expect(done(picture, "B")).toContain("remove-container infra");
    expect(statusOf(picture, "A")?.state).toBe("running");
  });
});
