/** The status board: what the last turns said, in one picture, and told on only when it changed. */
import { describe, expect, test } from "vitest";
import { Board } from "../../../src/controller/board.ts";
import type { JobsState } from "../../../src/controller/jobs.ts";
import type { Job } from "../../../src/model/job.ts";
import { groupKey } from "../../../src/model/keys.ts";
import { revisionOf } from "../../../src/model/revision.ts";
import type { AllocStatus, GroupStatus, Phase } from "../../../src/model/status.ts";
import type { EngineEvent } from "../../../src/ports/observer.ts";
import { aGroup, aJob, aSettings } from "../../support/builders.ts";
import { PaperDirectory } from "./directory.ts";

const ALLOC: AllocStatus = {
  id: "a",
  index: 0,
  state: "running",
  reason: "",
  since: 1,
  services: [],
  tasks: [],
  ports: {},
};

function aGroupStatus(over: Partial<GroupStatus> = {}): GroupStatus {
  return { job: "web", group: "api", desired: 1, revision: "r", state: "running", reason: "", allocs: [], ...over };
}

function inPhase(phase: Phase): GroupStatus {
  return aGroupStatus({ allocs: [{ ...ALLOC, services: [{ name: "web", phase }] }] });
}

const NO_JOBS: JobsState = new PaperDirectory().put("x.hcl", "job x 1").read().take("x.hcl").wait(1).read().state;

function aBoard(notPlaced: (job: Job) => string | undefined = () => undefined): {
  board: Board;
  events: EngineEvent[];
  time: { now: number };
} {
  const events: EngineEvent[] = [];
  const time = { now: 100 };
  const observer = (event: EngineEvent): void => {
    events.push(event);
  };
  const board = new Board({
    instance: "remora",
    node: "host-1",
    version: "1",
    now: () => time.now,
    observer,
    notPlaced,
  });
  return { board, events, time };
}

describe("a group's status", () => {
  test("is told on when it changed, and only then", () => {
    const { board, events } = aBoard();
    for (let time = 0; time < 2; time++) board.setGroup("k", aGroupStatus());
    board.setGroup("k", aGroupStatus({ state: "degraded" }));
    for (let time = 0; time < 2; time++) board.setGroup("k", undefined);
    expect(events.map((event) => (event.kind === "status" ? event.status?.state : event.kind))).toEqual([
      "running",
      "degraded",
      undefined,
    ]);
    expect(board.group("k")).toBeUndefined();
  });

  test("tells each change of a service's phase, from what it was before", () => {
    const { board, events } = aBoard();
    for (const phase of ["proxied", "proxied", "serving"] as const) board.setGroup("k", inPhase(phase));
    const phases = events.flatMap((event) => (event.kind === "phase" ? [`${event.from} → ${event.to}`] : []));
    expect(phases).toEqual(["absent → proxied", "proxied → serving"]);
  });
});

describe("a job is whole", () => {
  const api = aGroup({ name: "api", count: 2 });
  const job = aJob({ id: "web", groups: [api, aGroup({ name: "db" })] });
  const settings = aSettings();
  const now = (name: string, over: Partial<GroupStatus> = {}): GroupStatus => {
    const group = job.groups.find((each) => each.name === name) ?? api;
    const revision = revisionOf(job, group, settings).hash;
    return aGroupStatus({ group: name, revision, desired: group.count, ...over });
  };

  test("when all its groups run as its present version says", () => {
    const { board } = aBoard();
    expect(board.isWhole(job)).toBe(false);
    board.setGroup(groupKey("web", "api"), now("api"));
    expect(board.isWhole(job)).toBe(false);
    board.setGroup(groupKey("web", "db"), now("db"));
    expect(board.isWhole(job)).toBe(true);
  });

  test.each([
    ["one of them does not run", { state: "degraded" }],
    ["what was told last of one of them is about another version", { revision: "older" }],
    ["what was told last of one of them is about another count", { desired: 1 }],
  ] as const)("not while %s", (_, over) => {
    const { board } = aBoard();
    board.setGroup(groupKey("web", "db"), now("db"));
    board.setGroup(groupKey("web", "api"), now("api", over));
    expect(board.isWhole(job)).toBe(false);
  });
});

describe("a condition", () => {
  test("holds since it changed between well and unwell, whatever its words", () => {
    const { board, time } = aBoard();
    board.setCondition("consul", false, "refused");
    time.now = 200;
    board.setCondition("consul", false, "timeout");
    expect(board.conditions).toEqual([{ name: "consul", ok: false, message: "timeout", since: 100 }]);
    time.now = 300;
    board.setCondition("consul", true, "read");
    expect(board.conditions).toEqual([{ name: "consul", ok: true, message: "read", since: 300 }]);
  });

  test("is told on when it changed, and only then", () => {
    const { board, events } = aBoard();
    for (let time = 0; time < 3; time++) board.setCondition("consul", true, "read");
    expect(events).toEqual([{ kind: "condition", name: "consul", ok: true, message: "read" }]);
  });
});

describe("the agent's status", () => {
  test("shows jobs, files and conditions by name", () => {
    const { board } = aBoard();
    board.setCondition("b", true, "");
    board.setCondition("a", true, "");
    const { state } = new PaperDirectory().put("z.hcl", "job z 1").put("a.hcl", "job y 1").read();
    const status = board.status(state);
    expect(status.conditions.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(status.files).toMatchObject([
      { path: "a.hcl", job: "y", ok: true },
      { path: "z.hcl", job: "z", ok: true },
    ]);
    expect(status.jobs.map(({ id }) => id)).toEqual(["y", "z"]);
  });

  test("says of a job that has had no turn yet that it is pending", () => {
    const { board } = aBoard();
    const { state } = new PaperDirectory().put("web.hcl", "job web 1").read();
    expect(board.status(state).jobs).toEqual([
      { id: "web", file: "web.hcl", stale: false, state: "pending", groups: [] },
    ]);
  });

  test("says of a job that was ordered to stop that it is stopped, and until when, once nothing of it is left", () => {
    const { board } = aBoard();
    const { state } = new PaperDirectory().put("z.hcl", "job z 1").read();
    const stopped = { ...state, stopped: new Map([["z", "hash"]]) };
    expect(board.status(stopped).jobs).toMatchObject([
      { id: "z", state: "stopped", held: "stopped by remora job stop, until its file changes" },
    ]);
  });

  test("says of a job that is not placed here that it is elsewhere and why, but first what of it still leaves", () => {
    const why = "not placed here: its datacenters (dc2) do not include dc1";
    const { board } = aBoard(({ id }) => (id === "web" ? why : undefined));
    const { state } = new PaperDirectory().put("web.hcl", "job web 1").put("db.hcl", "job db 1").read();
    const shown = (): unknown => board.status(state).jobs.map(({ id, ...job }) => [id, job.state, job.stale, job.held]);
    expect(shown()).toEqual([
      ["db", "pending", false, undefined],
      ["web", "elsewhere", false, why],
    ]);
    board.setGroup("k", aGroupStatus({ state: "stopping", desired: 0 }));
    expect(board.status(state).jobs[1]).toMatchObject({ id: "web", state: "stopping", held: why });
  });

  test("says of a job whose file is broken that it is stale, and why", () => {
    const { board } = aBoard();
    const { state } = new PaperDirectory().put("web.hcl", "job web 1").read().put("web.hcl", "jbo").read();
    const status = board.status(state);
    expect(status.jobs).toMatchObject([
      { id: "web", file: "web.hcl", stale: true, held: "web.hcl is broken; the last good version runs" },
    ]);
    expect(status.files).toMatchObject([{ path: "web.hcl", job: "web", ok: false }]);
  });

  test("shows a job that nothing declares for as long as something of it is there", () => {
    const { board } = aBoard();
    board.setGroup("k", aGroupStatus({ job: "gone", state: "stopping", desired: 0 }));
    expect(board.status(NO_JOBS).jobs.find(({ id }) => id === "gone")).toMatchObject({ state: "stopping" });
    board.setGroup("k", undefined);
    expect(board.status(NO_JOBS).jobs.find(({ id }) => id === "gone")).toBeUndefined();
  });

  test.each([
    [["running", "failed", "degraded"], "failed"],
    [["running", "degraded", "pending"], "degraded"],
    [["running", "pending"], "pending"],
    [["running", "running"], "running"],
    [["frozen", "degraded"], "frozen"],
  ] as const)("calls a job with groups that are %j %s", (states, worst) => {
    const { board } = aBoard();
    for (const [index, state] of states.entries())
      board.setGroup(`k${index}`, aGroupStatus({ group: `g${index}`, state }));
    expect(board.status(NO_JOBS).jobs.find(({ id }) => id === "web")?.state).toBe(worst);
  });
});
