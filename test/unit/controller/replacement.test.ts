/** Replacing allocations: start-first wherever ports allow, stop-first for a static port, and nothing works twice or is lost. */
import { describe, expect, test } from "vitest";
import type { TaskGroup } from "../../../src/model/job.ts";
import { aGroup, aTask } from "../../support/builders.ts";
import { countdash, countdashApi, countdashDashboard } from "../../support/countdash.ts";
import { Picture } from "../../support/picture.ts";

const apiWith = (image: string, over: Partial<TaskGroup> = {}): TaskGroup =>
  countdashApi({ tasks: [aTask({}, { image })], ...over });

const dashboardWith = (image: string): TaskGroup =>
  countdashDashboard({ tasks: [aTask({ name: "dashboard" }, { image })] });

function serving(group: TaskGroup): Picture {
  const picture = Picture.of({ ...countdash(), groups: [group] });
  picture.settle();
  expect(picture.status.state).toBe("running");
  return picture;
}

/** The steps about one allocation, in words. */
function of(letter: string, steps: readonly string[]): readonly string[] {
  return steps.filter((step) => step.startsWith(`${letter} `)).map((step) => step.slice(2));
}

describe("a replacement without static ports", () => {
  test("serves before the old allocation leaves rotation", () => {
    const picture = serving(apiWith("app:1"));
    picture.want(countdash(), apiWith("app:2"));
    const steps = picture.settle();
    const opened = steps.indexOf("B register count-api open");
    const left = steps.indexOf("A enable-maintenance group-api-count-api-9001");
    expect(opened).toBeGreaterThan(0);
    expect(left).toBeGreaterThan(opened);
    expect(picture.containers.map((each) => picture.letter(each.ref?.alloc ?? ""))).toEqual(["B", "B", "B"]);
    expect(picture.status).toMatchObject({ state: "running", allocs: [{ index: 0, state: "running" }] });
  });

  test("leaves the old one alone for as long as the new one does not serve", () => {
    const picture = serving(apiWith("app:1"));
    picture.mute.add("web");
    picture.want(countdash(), apiWith("app:2"));
    expect(of("A", picture.settle())).toEqual([]);
    const old = picture.status.allocs.find(({ id }) => picture.letter(id) === "A");
    expect(old).toMatchObject({ state: "running", reason: "serving until its replacement does" });
    picture.mute.clear();
    expect(of("A", picture.settle()).length).toBeGreaterThan(0);
    expect(picture.status.state).toBe("running");
  });

  test("that breaks once the old one has left rotation does not bring the old one back", () => {
    const picture = serving(apiWith("app:1", { shutdownDelay: 10_000 }));
    picture.want(countdash(), apiWith("app:2", { shutdownDelay: 10_000 }));
    picture.settle();
    picture.now += 10_000;
    picture.exit("web", 1, "B");
    const steps = picture.settle();
    expect(of("A", steps)).toContain("remove-container infra");
    expect(picture.status).toMatchObject({ state: "degraded", allocs: [{ index: 0 }] });
  });

  test("that is given up for the old version again keeps the old allocation and removes the new one", () => {
    const picture = serving(apiWith("app:1"));
    picture.mute.add("web");
    picture.want(countdash(), apiWith("app:2"));
    picture.settle();
    picture.want(countdash(), apiWith("app:1"));
    const steps = picture.settle();
    expect(of("A", steps)).toEqual([]);
    expect(of("B", steps)).toContain("remove-container infra");
    expect(picture.containers).toHaveLength(3);
  });

  test("goes on with the same allocation in a new process", () => {
    const picture = serving(apiWith("app:1"));
    picture.want(countdash(), apiWith("app:2"));
    picture.turn();
    picture.restart();
    picture.settle();
    expect([...new Set(picture.done.map((step) => step[0]))]).toEqual(["A", "B"]);
    expect(picture.status.state).toBe("running");
  });

  test("of the first of three leaves the others alone", () => {
    const picture = serving(apiWith("app:1", { count: 3 }));
    picture.want(countdash(), apiWith("app:2", { count: 3 }));
    picture.settle();
    expect(picture.status.allocs.map(({ index, state }) => [index, state])).toEqual([
      [0, "running"],
      [1, "running"],
      [2, "running"],
    ]);
    expect(picture.containers).toHaveLength(9);
  });
});

describe("A → B → A", () => {
  test("while A drains is a new allocation, never the draining one", () => {
    const picture = serving(apiWith("app:1", { shutdownDelay: 60_000 }));
    picture.want(countdash(), apiWith("app:2", { shutdownDelay: 60_000 }));
    picture.settle();
    picture.want(countdash(), apiWith("app:1", { shutdownDelay: 60_000 }));
    picture.settle();
    const labels = picture.status.allocs.map(({ id, state }) => `${picture.letter(id)} ${state}`).sort();
    expect(labels).toEqual(["A stopping", "B stopping", "C running"]);
  });

  test("while A drains is a new allocation for a new process too", () => {
    const picture = serving(apiWith("app:1", { shutdownDelay: 60_000 }));
    picture.want(countdash(), apiWith("app:2", { shutdownDelay: 60_000 }));
    picture.settle();
    picture.restart();
    picture.want(countdash(), apiWith("app:1", { shutdownDelay: 60_000 }));
    const steps = picture.settle();
    expect(of("A", steps)).toEqual([]);
    expect(of("C", steps)).toContain("register count-api open");
  });

  test("after A is gone may use its id again, for nothing of it is left", () => {
    const picture = serving(apiWith("app:1"));
    picture.want(countdash(), apiWith("app:2"));
    picture.settle();
    picture.want(countdash(), apiWith("app:1"));
    picture.settle();
    expect(picture.status.state).toBe("running");
    expect(picture.containers).toHaveLength(3);
  });
});

describe("a replacement that needs the static port of the old allocation", () => {
  test("stops the old one first, and says what it waits for", () => {
    const picture = serving(dashboardWith("app:1"));
    picture.deaf.add("dashboard");
    picture.want(countdash(), dashboardWith("app:2"));
    const steps = picture.settle();
    expect(of("B", steps)).toEqual([]);
    const waiting = picture.status.allocs.find(({ id }) => picture.letter(id) === "B");
    expect(waiting?.reason).toMatch(/^waiting for the allocation [0-9a-f]{8} to give up the static port 9002$/);
    picture.now += 5_000;
    const rest = picture.settle();
    expect(rest[0]).toBe("A signal dashboard SIGKILL");
    expect(rest.indexOf("B create-namespace")).toBeGreaterThan(rest.indexOf("A remove-container infra"));
    expect(picture.status.state).toBe("running");
  });

  test("does not stop the old one for an image that is not here", () => {
    const picture = serving(dashboardWith("app:1"));
    picture.missingImages.set("app:2", "the image app:2 cannot be pulled");
    picture.want(countdash(), dashboardWith("app:2"));
    expect(picture.turn()).toContain("B pull-image app:2");
    for (const step of picture.turn()) expect(step).toBe("B pull-image app:2");
    expect(picture.status.reason).toBe("the image app:2 cannot be pulled");
    picture.missingImages.clear();
    picture.settle();
    expect(picture.status.state).toBe("running");
  });
});

describe("a replacement that cannot be started yet", () => {
  test("does not stop the old one for its static port while the ground is missing", () => {
    const picture = serving(dashboardWith("app:1"));
    picture.ground = "the relay to Consul is being started";
    picture.want(countdash(), dashboardWith("app:2"));
    expect(picture.settle()).toEqual([]);
    expect(picture.status.reason).toBe("the relay to Consul is being started");
    picture.ground = undefined;
    picture.settle();
    expect(picture.status).toMatchObject({ state: "running", reason: "" });
  });
});

describe("a task that has used up its restarts", () => {
  const policy = { attempts: 1, interval: 600_000, delay: 1_000, mode: "fail" } as const;
  const group = (over: Partial<TaskGroup> = {}): TaskGroup =>
    aGroup({ tasks: [aTask({ restart: policy }), aTask({ name: "sibling" })], ...over });

  /** The task "web" ended as often as its policy allows, and once more. */
  function failed(over: Partial<TaskGroup> = {}): Picture {
    const picture = serving(group(over));
    picture.exit("web");
    picture.settle();
    picture.now += 1_000;
    picture.settle();
    expect(picture.status.state).toBe("running");
    picture.exit("web");
    return picture;
  }

  test("takes its service out of rotation until it is back, if it was the app", () => {
    const picture = serving(group({ tasks: [aTask({ restart: policy })] }));
    picture.exit("web");
    expect(picture.settle()).toEqual(["A register api gated"]);
    picture.now += 1_000;
    expect(picture.settle()).toEqual(["A remove-container web", "A run-member web", "A register api open"]);
  });

  test("is restarted after its delay first, its attempts are told, and while the app listens the service serves", () => {
    const picture = serving(group());
    picture.exit("web", 3);
    picture.settle();
    expect(picture.status).toMatchObject({
      state: "degraded",
      reason: "the task web ended (exit code 3), restart 1 of 1 in 1 s",
    });
    expect(picture.plan?.recheck).toBe(1_000);
    picture.now += 1_000;
    const steps = picture.settle();
    expect(steps).toEqual(["A remove-container web", "A run-member web"]);
    expect(picture.status.allocs[0]?.tasks[0]).toMatchObject({ name: "web", restarts: 1 });
  });

  test("stops its siblings, out of rotation, and keeps what is left for people to look at", () => {
    const picture = failed();
    expect(picture.settle()).toEqual([
      "A enable-maintenance group-api-api-9001",
      "A enable-maintenance group-api-api-9001-sidecar-proxy",
      "A signal sibling its own",
      "A signal connect-proxy-api its own",
    ]);
    expect(picture.status.state).toBe("failed");
    expect(picture.status.reason).toBe("the task web failed and has used up its restarts; next attempt in 29 s");
    expect(picture.status.allocs[0]?.services).not.toMatchObject([{ phase: "serving" }]);
    expect(picture.containers).toHaveLength(4);
  });

  test("is rescheduled as a new attempt when its time has come, later each time", () => {
    const picture = failed();
    picture.settle();
    expect(picture.plan?.recheck).toBe(29_000);
    picture.now += 28_999;
    expect(picture.turn()).toEqual([]);
    picture.now += 1;
    const steps = picture.settle();
    expect(of("B", steps)).toContain("register api open");
    expect(of("A", steps)).toContain("remove-container infra");
    expect(picture.status.state).toBe("running");
    picture.exit("web");
    picture.now += 1_000;
    picture.settle();
    picture.now += 1_000;
    picture.settle();
    picture.exit("web");
    picture.settle();
    expect(picture.plan?.recheck).toBe(59_000);
  });

  test("stays failed when no attempts are left, also for a new process", () => {
    const reschedule = { ...aGroup().reschedule, unlimited: false, attempts: 0 };
    const picture = failed({ reschedule });
    picture.settle();
    picture.now += 86_400_000;
    picture.restart();
    expect(picture.settle()).toEqual([]);
    expect(picture.status).toMatchObject({
      state: "failed",
      reason: "the task web failed and has used up its restarts; no attempts are left",
    });
  });

  test("is replaced at once when the job changes", () => {
    const picture = failed();
    picture.settle();
    const changed = group({ meta: { changed: "yes" } });
    picture.want(countdash(), changed);
    expect(of("B", picture.settle())).toContain("register api open");
  });
});

describe("stopping what does not end", () => {
  test("kills it after kill_timeout, and not before, counted from the first signal", () => {
    const picture = serving(apiWith("app:1"));
    picture.deaf.add("web");
    picture.desired = { kind: "remove" };
    picture.settle();
    expect(picture.done.at(-1)).toBe("A signal web its own");
    picture.now += 4_999;
    expect(picture.settle()).toEqual([]);
    expect(picture.plan?.recheck).toBe(1);
    picture.now += 1;
    expect(picture.settle()[0]).toBe("A signal web SIGKILL");
    expect(picture.containers).toEqual([]);
  });

  test("counts a member that someone paused from the first signal too", () => {
    const picture = serving(apiWith("app:1"));
    picture.deaf.add("web");
    picture.change("web", { state: "paused" });
    picture.desired = { kind: "remove" };
    picture.settle();
    picture.now += 5_000;
    expect(picture.settle()[0]).toBe("A signal web SIGKILL");
  });
});
