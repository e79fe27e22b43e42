/** Taking an allocation out of service and removing it: the order, the times, and what is left for Consul to confirm. */
import { describe, expect, test } from "vitest";
import type { Container } from "../../../src/model/container.ts";
import { LABEL } from "../../../src/model/labels.ts";
import type { Registration } from "../../../src/model/registration.ts";
import type { Step } from "../../../src/model/step.ts";
import { drainingSince, isDraining, planDrain } from "../../../src/reconcilers/drain.ts";
import { gateId } from "../../../src/reconcilers/registration-spec.ts";
import { isGhost, planRemoval } from "../../../src/reconcilers/removal.ts";
import { memberStopOf, stopOfTask, writeGroupStop, writeMemberStop } from "../../../src/reconcilers/stopping.ts";
import { NO_MEMORY, type AllocMemory, type AllocObserved } from "../../../src/reconcilers/view.ts";
import {
  anInfra,
  aRef,
  aRegistration,
  aSidecarContainer,
  aTask,
  aTaskContainer,
  aToken,
  aVolume,
  byId,
  NOW,
} from "../../support/builders.ts";

const SERVICE = aRegistration().id;
const SIDECAR = `${SERVICE}-sidecar-proxy`;

function allocOf(over: Partial<AllocObserved> = {}): AllocObserved {
  return {
    ref: aRef(),
    infra: anInfra(),
    sidecars: new Map(),
    tasks: new Map(),
    volumes: [],
    registrations: new Map(),
    tokens: [],
    ...over,
  };
}

function tasks(...containers: readonly Container[]): Pick<AllocObserved, "tasks"> {
  return { tasks: new Map(containers.map((each) => [each.labels[LABEL.task] ?? "", each])) };
}

function ranked(name: string, rank: "leader" | "main" | "sidecar", state: Container["state"] = "running"): Container {
  const stop = writeMemberStop({ signal: "", timeout: 5_000, rank });
  return aTaskContainer(name, { state, labels: { [LABEL.stop]: stop } });
}

const proxy = (state: Container["state"] = "running"): Pick<AllocObserved, "sidecars"> => ({
  sidecars: new Map([["api", aSidecarContainer("api", { state })]]),
});

function both(over: Partial<Registration> = {}): ReadonlyMap<string, Registration> {
  return byId(aRegistration(over), aRegistration({ id: SIDECAR, kind: "connect-proxy", ...over }));
}

const drained = { maintenance: `remora: draining since ${NOW - 1_000}`, catalogStatus: "critical" } as const;

function told(steps: readonly Step[]): readonly string[] {
  return steps.map((step) => (step.kind === "signal" ? `${step.container} ${step.signal}` : step.kind));
}

describe("draining", () => {
  test("begins by leaving rotation, service and sidecar both, and writes down when", () => {
    const due = planDrain(allocOf({ ...proxy(), registrations: both() }), NO_MEMORY, NOW);
    expect(due.steps).toEqual([
      { kind: "enable-maintenance", id: SERVICE, reason: `remora: draining since ${NOW}` },
      { kind: "enable-maintenance", id: SIDECAR, reason: `remora: draining since ${NOW}` },
    ]);
    const latched = aRegistration({ maintenance: `remora: draining since ${NOW}` });
    expect(drainingSince(latched)).toBe(NOW);
    expect(isDraining(allocOf({ registrations: byId(latched) }))).toBe(true);
  });

  test.each(["", "by hand", "remora: draining since yesterday"])(
    "is not what an operator's maintenance means: %j",
    (maintenance) => {
      expect(drainingSince(aRegistration({ maintenance }))).toBeUndefined();
    },
  );

  test("need not take out of rotation what is gated, in maintenance, or not in the agent", () => {
    for (const over of [{ inAgent: false }, { maintenance: "by hand" }]) {
      const due = planDrain(allocOf({ ...proxy(), registrations: both(over) }), NO_MEMORY, NOW);
      expect(told(due.steps)).toEqual(["sidecar-api "]);
    }
    const gate = (id: string): Registration["checks"] => [{ id: gateId(id), status: "critical", output: "" }];
    const gated = byId(
      aRegistration({ checks: gate(SERVICE) }),
      aRegistration({ id: SIDECAR, kind: "connect-proxy", checks: gate(SIDECAR) }),
    );
    expect(told(planDrain(allocOf({ ...proxy(), registrations: gated }), NO_MEMORY, NOW).steps)).toEqual([
      "sidecar-api ",
    ]);
  });

  test("waits for shutdown_delay from when the latch was set, not from when somebody looked", () => {
    const infra = anInfra({ labels: { [LABEL.stop]: writeGroupStop({ shutdownDelay: 10_000 }) } });
    const alloc = allocOf({ infra, ...proxy(), registrations: both(drained) });
    expect(planDrain(alloc, { ...NO_MEMORY, leavingSince: NOW }, NOW)).toEqual({
      steps: [],
      waiting: "out of rotation, stopping in 9 s",
      recheck: 9_000,
    });
    expect(told(planDrain(alloc, NO_MEMORY, NOW + 9_000).steps)).toEqual(["sidecar-api "]);
  });

  test("stops nothing before the catalog has heard of it, but waits for it only so long", () => {
    const alloc = allocOf({ ...proxy(), registrations: both({ ...drained, catalogStatus: "passing" }) });
    expect(planDrain(alloc, NO_MEMORY, NOW)).toEqual({
      steps: [],
      waiting: "the catalog has not heard yet that it is out of rotation",
      recheck: 2_000,
    });
    expect(told(planDrain(alloc, NO_MEMORY, NOW + 2_000).steps)).toEqual(["sidecar-api "]);
  });

  test("counts shutdown_delay from when it was first seen leaving where nothing is in Consul", () => {
    const infra = anInfra({ labels: { [LABEL.stop]: writeGroupStop({ shutdownDelay: 10_000 }) } });
    const alloc = allocOf({ infra, ...tasks(ranked("a", "main")) });
    expect(planDrain(alloc, { ...NO_MEMORY, leavingSince: NOW - 4_000 }, NOW).recheck).toBe(6_000);
  });

  test("stops leader, main tasks, sidecar tasks and proxies, each only when those before it have ended", () => {
    const members = [ranked("side", "sidecar"), ranked("one", "main"), ranked("two", "main"), ranked("lead", "leader")];
    const order: (readonly string[])[] = [];
    const ended = new Set<string>();
    for (let turn = 0; turn < 4; turn++) {
      const now = members.map((each) => (ended.has(each.id) ? { ...each, state: "exited" as const } : each));
      const due = planDrain(allocOf({ ...tasks(...now), ...proxy() }), NO_MEMORY, NOW);
      const signalled = due.steps.flatMap((step) => (step.kind === "signal" ? [step.container] : []));
      order.push(signalled);
      for (const id of signalled) ended.add(id);
    }
    expect(order).toEqual([["task-lead"], ["task-one", "task-two"], ["task-side"], ["sidecar-api"]]);
  });

  test("lets a proxy go on for its delay after rotation was left, however soon the tasks have ended", () => {
    const stop = writeMemberStop({ signal: "", timeout: 5_000, rank: "proxy", delay: 5_000 });
    const sidecars = new Map([["api", aSidecarContainer("api", { labels: { [LABEL.stop]: stop } })]]);
    const alloc = allocOf({ ...tasks(ranked("a", "main", "exited")), sidecars, registrations: both(drained) });
    expect(planDrain(alloc, NO_MEMORY, NOW)).toMatchObject({
      steps: [],
      waiting: "connect-proxy-api-0d4b9a52-0000-5000-8000-00000000000a is stopped in 4 s",
      recheck: 4_000,
    });
    expect(told(planDrain(alloc, NO_MEMORY, NOW + 4_000).steps)).toEqual(["sidecar-api "]);
    const never = { ...alloc, registrations: new Map() };
    expect(told(planDrain(never, NO_MEMORY, NOW).steps), "it never was in rotation").toEqual(["sidecar-api "]);
    const main = allocOf({ ...tasks(ranked("a", "main")), sidecars, registrations: both(drained) });
    expect(told(planDrain(main, NO_MEMORY, NOW).steps), "tasks do not wait for it").toEqual(["task-a "]);
  });

  test("sends the job's own signal, looks, and kills when kill_timeout is over", () => {
    const stop = writeMemberStop({ signal: "SIGQUIT", timeout: 8_000, rank: "main" });
    const alloc = allocOf(tasks(aTaskContainer("web", { labels: { [LABEL.stop]: stop } })));
    expect(told(planDrain(alloc, NO_MEMORY, NOW).steps)).toEqual(["task-web SIGQUIT"]);
    const memory: AllocMemory = { ...NO_MEMORY, signalled: { "task-web": NOW } };
    const waiting = planDrain(alloc, memory, NOW + 7_999);
    expect([waiting.steps, waiting.recheck]).toEqual([[], 1]);
    expect(told(planDrain(alloc, memory, NOW + 8_000).steps)).toEqual(["task-web SIGKILL"]);
  });

  test("is over when nothing runs", () => {
    const alloc = allocOf({ ...tasks(ranked("a", "main", "exited")), ...proxy("exited"), registrations: both() });
    expect(planDrain(alloc, NO_MEMORY, NOW)).toEqual({ steps: [] });
  });
});

describe("how to stop a member", () => {
  test("is read from its label as it was written, for the job may be gone by then", () => {
    const stop = stopOfTask(aTask({ killSignal: "SIGINT", killTimeout: 7_000, leader: true }));
    expect(stop).toMatchObject({ signal: "SIGINT", timeout: 7_000, rank: "leader" });
    for (const written of [stop, { ...stop, delay: 2_000 }])
      expect(memberStopOf(aTaskContainer("web", { labels: { [LABEL.stop]: writeMemberStop(written) } }))).toEqual(
        written,
      );
  });

  test.each(["", "{", "null", "[]", '{"signal":1,"timeout":"x","rank":"first"}'])(
    "has defaults for the label %j",
    (text) => {
      const labels = { [LABEL.stop]: text };
      expect(memberStopOf(aTaskContainer("web", { labels }))).toMatchObject({
        signal: "",
        timeout: 5_000,
        rank: "main",
      });
      expect(memberStopOf(aSidecarContainer("api", { labels }))).toMatchObject({ rank: "proxy" });
    },
  );

  test.each([
    [aTask(), "main"],
    [aTask({ leader: true }), "leader"],
    [aTask({ lifecycle: { hook: "prestart", sidecar: true } }), "sidecar"],
    [aTask({ lifecycle: { hook: "poststart", sidecar: false } }), "main"],
    [aTask({ lifecycle: { hook: "poststop", sidecar: false } }), "poststop"],
  ])("follows from its place in the group (%#)", (task, rank) => {
    expect(stopOfTask(task).rank).toBe(rank);
  });
});

describe("removing", () => {
  const whole = allocOf({
    ...tasks(aTaskContainer("web", { state: "exited" })),
    ...proxy("exited"),
    volumes: [aVolume()],
    registrations: both(drained),
    tokens: [aToken()],
  });

  test("deregisters first: the service, with which its sidecar goes", () => {
    expect(planRemoval(whole, NO_MEMORY, NOW).steps).toEqual([{ kind: "deregister", id: SERVICE }]);
  });

  test("deregisters a sidecar by itself whose service is gone", () => {
    const orphan = aRegistration({ id: SIDECAR, kind: "connect-proxy" });
    const gone = aRegistration({ inAgent: false });
    for (const registrations of [byId(orphan), byId(orphan, gone)]) {
      const due = planRemoval({ ...whole, registrations }, NO_MEMORY, NOW);
      expect(due.steps).toEqual([{ kind: "deregister", id: SIDECAR }]);
    }
  });

  test("waits until the catalog has let go too, before the token is deleted", () => {
    const ghost = { ...whole, registrations: both({ inAgent: false }) };
    expect(isGhost(ghost)).toBe(true);
    const due = planRemoval(ghost, { ...NO_MEMORY, ghostSince: NOW }, NOW + 2_999);
    expect(due.steps).toEqual([]);
    expect(due.waiting).toBe(`${SERVICE} is gone from the agent, but still in the catalog`);
    expect(due.recheck).toBeGreaterThan(0);
  });

  test("cures what is still in the catalog after 3 s, and not before", () => {
    const ghost = { ...whole, registrations: both({ inAgent: false }) };
    const memory: AllocMemory = { ...NO_MEMORY, ghostSince: NOW };
    expect(planRemoval(ghost, NO_MEMORY, NOW + 60_000).steps).toEqual([]);
    expect(planRemoval(ghost, memory, NOW + 3_000).steps).toMatchObject([
      { kind: "cure-zombie", id: SERVICE },
      { kind: "cure-zombie", id: SIDECAR },
    ]);
  });

  test("deletes the tokens when Consul knows no service any more, and then containers and volumes", () => {
    const silent = { ...whole, registrations: new Map<string, Registration>() };
    expect(isGhost(silent)).toBe(false);
    expect(planRemoval(silent, NO_MEMORY, NOW).steps).toEqual([{ kind: "delete-token", accessor: "accessor-0" }]);
    expect(planRemoval({ ...silent, tokens: [] }, NO_MEMORY, NOW).steps).toMatchObject([
      { kind: "remove-container", container: "task-web" },
      { kind: "remove-container", container: "sidecar-api" },
      { kind: "remove-container", container: "infra-1" },
      { kind: "remove-volume", name: aVolume().name },
    ]);
  });
});
