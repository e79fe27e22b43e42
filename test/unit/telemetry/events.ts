/** One event of every kind, so that a test can say something about all of them. */
import type { Diagnostic } from "../../../src/model/diagnostic.ts";
import type { AllocStatus, GroupStatus, Phase } from "../../../src/model/status.ts";
import type { EngineEvent } from "../../../src/ports/observer.ts";

export function diagnostic(line: number, column: number, severity: Diagnostic["severity"] = "error"): Diagnostic {
  return { severity, file: "countdash.nomad", line, column, summary: "Unknown argument", detail: "Remove it" };
}

export function alloc(state: AllocStatus["state"], services: Readonly<Record<string, Phase>> = {}): AllocStatus {
  return {
    id: "1f3c9a2b-0000-5000-8000-000000000000",
    index: 0,
    state,
    reason: state === "running" ? "" : "the image is being pulled",
    since: 0,
    services: Object.entries(services).map(([name, phase]) => ({ name, phase })),
    tasks: [],
    ports: {},
  };
}

export function group(allocs: readonly AllocStatus[], more: Partial<GroupStatus> = {}): GroupStatus {
  const states = { job: "countdash", group: "api", desired: allocs.length, revision: "abc" } as const;
  return { ...states, state: "running", reason: "", allocs, ...more };
}

export const EVERY_EVENT: { readonly [K in EngineEvent["kind"]]: Extract<EngineEvent, { kind: K }> } = {
  started: { kind: "started", version: "0.1.0", node: "web-1", instance: "remora" },
  stopping: { kind: "stopping", reason: "SIGTERM" },
  listed: { kind: "listed", source: "docker", count: 3, changed: true, ms: 12 },
  "list-failed": { kind: "list-failed", source: "docker", error: "connection refused" },
  "watch-broken": { kind: "watch-broken", source: "consul", error: "the stream ended" },
  "queue-add": { kind: "queue-add", depth: 2 },
  "queue-retry": { kind: "queue-retry", key: "countdash/api", delay: 200 },
  "queue-get": { kind: "queue-get", depth: 1, waited: 5 },
  "queue-done": { kind: "queue-done", took: 20 },
  reconciled: { kind: "reconciled", key: "countdash/api", result: "acted", steps: 2, ms: 30 },
  step: { kind: "step", key: "countdash/api", step: "run-member", subject: "web-1f3c", ms: 40 },
  phase: { kind: "phase", key: "countdash/api", alloc: "1f3c", service: "api", from: "absent", to: "serving" },
  status: { kind: "status", key: "countdash/api", status: group([alloc("running", { api: "serving" })]) },
  intentions: { kind: "intentions", held: 2 },
  tokens: { kind: "tokens", live: 4 },
  "token-minted": { kind: "token-minted", service: "api" },
  "token-deleted": { kind: "token-deleted" },
  "file-bad": { kind: "file-bad", path: "countdash.nomad", diagnostics: [diagnostic(3, 14), diagnostic(9, 1)] },
  "file-good": {
    kind: "file-good",
    path: "countdash.nomad",
    job: "countdash",
    warnings: [diagnostic(2, 1, "warning")],
  },
  "file-gone": { kind: "file-gone", path: "countdash.nomad" },
  "api-call": {
    kind: "api-call",
    api: "docker",
    operation: "POST /containers/create",
    write: true,
    outcome: "ok",
    code: "201",
    ms: 50,
  },
  condition: { kind: "condition", name: "consul-acl", ok: false, message: "the token may not write services" },
  problem: { kind: "problem", message: "a turn threw: x is undefined" },
};
