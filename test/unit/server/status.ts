/** A status with one of everything. */
import type { AgentStatus, AllocStatus, GroupStatus } from "../../../src/model/status.ts";
import type { ReadSide } from "../../../src/server/read-side.ts";

export function anAlloc(more: Partial<AllocStatus> = {}): AllocStatus {
  return {
    id: "1f3c9a2b-0000-5000-8000-000000000001",
    index: 0,
    state: "running",
    reason: "",
    since: 1_700_000_000_000,
    services: [{ name: "count-api", phase: "serving", address: "10.0.0.1:20001" }],
    tasks: [{ name: "web", state: "running", restarts: 0 }],
    ports: { http: 20002 },
    ...more,
  };
}

export function aGroup(more: Partial<GroupStatus> = {}): GroupStatus {
  return {
    job: "countdash",
    group: "api",
    desired: 1,
    revision: "abc",
    state: "running",
    reason: "",
    allocs: [anAlloc()],
    ...more,
  };
}

export function aStatus(more: Partial<AgentStatus> = {}): AgentStatus {
  return {
    instance: "remora",
    node: "web-1",
    version: "0.1.0",
    conditions: [],
    files: [{ path: "countdash.nomad", job: "countdash", ok: true, diagnostics: [] }],
    jobs: [{ id: "countdash", file: "countdash.nomad", stale: false, state: "running", groups: [aGroup()] }],
    ...more,
  };
}

export function aReadSide(more: Partial<ReadSide> = {}): ReadSide {
  return {
    status: () => aStatus(),
    metrics: () => Promise.resolve("up 1\n"),
    metricsType: "text/plain; version=0.0.4; charset=utf-8",
    live: () => true,
    failing: () => [],
    ...more,
  };
}
