/** Restarts: a task by its policy, a sidecar at once and then later and later, and what stands towards the living namespace. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rescheduleAt } from "../../../src/controller/allocations.ts";
import type { Container } from "../../../src/model/container.ts";
import type { RestartPolicy } from "../../../src/model/job.ts";
import { LABEL } from "../../../src/model/labels.ts";
import { standingOf } from "../../../src/reconcilers/member.ts";
import { registrationSpec } from "../../../src/reconcilers/registration-spec.ts";
import { planSidecar } from "../../../src/reconcilers/sidecar.ts";
import { failedTask, restartDecision } from "../../../src/reconcilers/task.ts";
import { isInNamespace, isUp, patience, restartsOf, writeRestarts } from "../../../src/reconcilers/view.ts";
import {
  aGroup,
  aMeshService,
  anInfra,
  aSidecarContainer,
  aTask,
  aTaskContainer,
  aToken,
  aView,
  byId,
  NOW,
} from "../../support/builders.ts";
import { entriesOf } from "../../support/registered.ts";

const POLICY: RestartPolicy = { attempts: 2, interval: 60_000, delay: 15_000, mode: "fail" };

function decide(count: number, since: number, over: Partial<RestartPolicy> = {}): ReturnType<typeof restartDecision> {
  const labels = { [LABEL.restarts]: writeRestarts({ count, since }) };
  const ended = aTaskContainer("web", { state: "exited", finishedAt: NOW, labels });
  return restartDecision(aTask({ restart: { ...POLICY, ...over } }), ended, NOW + 1);
}

describe("a task that ended", () => {
  test("is tried again after its delay, and the first try begins the interval", () => {
    expect(decide(0, 0)).toEqual({ failed: false, at: NOW + 15_000, count: 1, since: NOW });
  });

  test("counts its tries inside the interval", () => {
    expect(decide(1, NOW - 30_000)).toEqual({ failed: false, at: NOW + 15_000, count: 2, since: NOW - 30_000 });
  });

  test("has failed when its tries inside the interval are used up, in the mode fail", () => {
    expect(decide(2, NOW - 59_999)).toEqual({ failed: true });
  });

  test("starts counting afresh when the interval is over", () => {
    expect(decide(2, NOW - 60_000)).toEqual({ failed: false, at: NOW + 15_000, count: 1, since: NOW });
  });

  test("waits for the end of the interval when its tries are used up, in the mode delay", () => {
    expect(decide(2, NOW - 20_000, { mode: "delay" })).toEqual({
      failed: false,
      at: NOW + 40_000,
      count: 1,
      since: NOW + 40_000,
    });
  });

  test("has failed at once with no attempts at all", () => {
    expect(decide(0, 0, { attempts: 0 })).toEqual({ failed: true });
  });

  test("is never tried more often than the policy allows within one interval", () => {
    const lives = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(lives, fc.constantFrom("fail", "delay"), (ages, mode) => {
        const tries: number[] = [];
        let restarts = { count: 0, since: 0 };
        let started = NOW;
        for (const age of ages) {
          const finishedAt = started + age;
          const labels = { [LABEL.restarts]: writeRestarts(restarts) };
          const ended = aTaskContainer("web", { state: "exited", finishedAt, labels });
          const decision = restartDecision(aTask({ restart: { ...POLICY, delay: 1_000, mode } }), ended, finishedAt);
          if (decision.failed) return;
          restarts = decision;
          started = decision.at;
          tries.push(restarts.since);
        }
        for (const since of tries) expect(tries.filter((each) => each === since).length).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe("a failed task", () => {
  const view = (container: Container): Parameters<typeof failedTask>[0] => ({
    group: aGroup({ tasks: [aTask({ restart: { ...POLICY, attempts: 0 } })] }),
    tasks: new Map([["web", container]]),
    infra: anInfra(),
    now: NOW,
  });

  test("is one that ended in the living namespace and may not be tried again", () => {
    const ended = aTaskContainer("web", { state: "exited", finishedAt: NOW - 5, exitCode: 0 });
    expect(failedTask(view(ended))).toMatchObject({ task: { name: "web" }, at: NOW - 5 });
  });

  test("is not one that died with its namespace: that is drift", () => {
    const ended = aTaskContainer("web", { state: "exited", networkMode: "container:gone" });
    expect(failedTask(view(ended))).toBeUndefined();
    expect(failedTask(view(aTaskContainer("web")))).toBeUndefined();
  });

  test("is not a task that is meant to end, and ended well", () => {
    const lifecycle = { hook: "prestart", sidecar: false } as const;
    const group = aGroup({ tasks: [aTask({ lifecycle, restart: { ...POLICY, attempts: 0 } })] });
    const ended = (exitCode: number): Container => aTaskContainer("web", { state: "exited", exitCode });
    expect(failedTask({ ...view(ended(0)), group })).toBeUndefined();
    expect(failedTask({ ...view(ended(1)), group })).toBeDefined();
  });
});

describe("rescheduling", () => {
  const policy = { ...aGroup().reschedule, delay: 30_000, maxDelay: 200_000 };

  test.each([
    ["constant", [30, 30, 30, 30, 30]],
    ["exponential", [30, 60, 120, 200, 200]],
    ["fibonacci", [30, 30, 60, 90, 150]],
  ] as const)("%s waits %j seconds", (delayFunction, seconds) => {
    const waits = seconds.map((_, attempt) => (rescheduleAt(0, attempt, { ...policy, delayFunction }) ?? 0) / 1_000);
    expect(waits).toEqual(seconds);
  });

  test("ends when its attempts are used up, unless it is unlimited", () => {
    const limited = { ...policy, unlimited: false, attempts: 2 };
    expect(rescheduleAt(0, 1, limited)).toBeDefined();
    expect(rescheduleAt(0, 2, limited)).toBeUndefined();
    expect(rescheduleAt(0, 1_000_000, policy)).toBe(200_000);
  });
});

describe("a member of a namespace", () => {
  const infra = anInfra({ startedAt: NOW });
  const member = (over: Partial<Container> = {}): Container => aTaskContainer("web", { startedAt: NOW, ...over });

  test.each([
    ["absent", undefined],
    ["up", member()],
    ["startable", member({ state: "created" })],
    ["startable", member({ state: "exited", startedAt: NOW - 1 })],
    ["stranded", member({ startedAt: NOW - 1 })],
    ["foreign", member({ networkMode: "container:gone" })],
    ["foreign", member({ state: "exited", networkMode: "container:gone" })],
    ["foreign", member({ state: "dead" })],
    ["ended", member({ state: "exited" })],
    ["busy", member({ state: "paused" })],
    ["busy", member({ state: "removing" })],
  ] as const)("is %s (%#)", (standing, container) => {
    expect(standingOf(container, infra)).toBe(standing);
  });

  test("is up only if it was started after the namespace's owner was", () => {
    expect(isUp(member(), infra)).toBe(true);
    expect(isUp(member({ startedAt: NOW - 1 }), infra)).toBe(false);
    expect(isUp(undefined, infra)).toBe(false);
    expect(isInNamespace(member(), undefined)).toBe(false);
    expect(isInNamespace(member(), { ...infra, state: "exited" })).toBe(false);
  });

  test("is looked at often while it is young and seldom when it is old", () => {
    const ages = [0, 100, 1_000, 5_000, 60_000];
    expect(ages.map((age) => patience(member({ startedAt: NOW - age }), NOW))).toEqual([50, 50, 200, 1_000, 2_000]);
  });

  test.each(["", "x", "1", "a,b", "Infinity,1"])("has no restarts when its label says %j", (text) => {
    const { count, since } = restartsOf(aTaskContainer("web", { labels: { [LABEL.restarts]: text } }));
    expect([Number.isFinite(count), Number.isFinite(since)]).toEqual([true, true]);
  });
});

describe("a sidecar that ended", () => {
  const service = aMeshService();

  /** What is due for a sidecar that lived `age` and had `count` restarts before. */
  function due(age: number, count: number): ReturnType<typeof planSidecar> {
    const labels = { [LABEL.restarts]: writeRestarts({ count, since: 0 }) };
    const startedAt = NOW - age;
    const sidecar = aSidecarContainer("api", { state: "exited", startedAt, finishedAt: NOW, exitCode: 1, labels });
    const infra = anInfra({ startedAt: startedAt - 1 });
    const view = aView({ infra, tokens: [aToken()], sidecars: new Map([["api", sidecar]]) });
    const registrations = byId(...entriesOf(registrationSpec(view, service, "open"), view.ref));
    return planSidecar({ ...view, registrations }, service);
  }

  test("comes back at once the first time", () => {
    expect(due(5_000, 0).steps.map(({ kind }) => kind)).toEqual(["remove-container", "run-member"]);
  });

  test("is tried later and later while it keeps ending young, up to half a minute", () => {
    const waits = [1, 2, 3, 10].map((count) => due(5_000, count));
    expect(waits.map(({ recheck }) => recheck)).toEqual([500, 1_000, 2_000, 30_000]);
    expect(waits[0]?.steps).toEqual([]);
    expect(waits[3]?.waiting).toMatch(/^the sidecar connect-proxy-api-\S+ ended \(exit code 1\), next try in 30 s$/);
  });

  test("has no history when it lived long enough", () => {
    expect(due(30_000, 10).steps.map(({ kind }) => kind)).toEqual(["remove-container", "run-member"]);
  });
});
