/** What the log says, and what it never says. */
import { expect, test } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import type { EngineEvent } from "../../../src/ports/observer.ts";
import { logObserver } from "../../../src/telemetry/logs.ts";
import type { LogOptions } from "../../../src/telemetry/logs.ts";
import { combineObservers } from "../../../src/telemetry/observers.ts";
import { diagnostic, EVERY_EVENT, group } from "./events.ts";

interface Logged {
  readonly level: string;
  readonly msg: string;
  readonly time: string;
  readonly [field: string]: unknown;
}

function logged(events: readonly EngineEvent[], more: Partial<LogOptions> = {}): readonly string[] {
  const lines: string[] = [];
  const base = { level: "info", format: "json", terminal: false, colour: false } as const;
  const observer = logObserver({ ...base, ...more, write: (line) => lines.push(line) });
  for (const event of events) observer(event);
  return lines;
}

function parsed(events: readonly EngineEvent[], more: Partial<LogOptions> = {}): readonly Logged[] {
  return logged(events, more).map((line) => JSON.parse(line) as Logged);
}

function messages(events: readonly EngineEvent[], more: Partial<LogOptions> = {}): readonly string[] {
  return parsed(events, more).map(({ level, msg }) => `${level} ${msg}`);
}

test("a bad file is logged as file:line:column with the same as fields", () => {
  const [first] = parsed([EVERY_EVENT["file-bad"]]);
  expect(first).toMatchObject({ level: "error", event: "file-bad", file: "countdash.nomad", line: 3, column: 14 });
  expect(first?.msg).toBe("countdash.nomad:3:14: Unknown argument. Remove it");
  expect(new Date(first?.time ?? "").getTime()).toBeGreaterThan(0);
});

test("no queue event, reading or call makes a line at info", () => {
  const quiet: EngineEvent["kind"][] = ["queue-add", "queue-get", "queue-done", "queue-retry", "listed", "tokens"];
  expect(logged([...quiet.map((kind) => EVERY_EVENT[kind]), EVERY_EVENT["api-call"], EVERY_EVENT.reconciled])).toEqual(
    [],
  );
});

test("at trace every event kind has something to say", () => {
  for (const event of Object.values(EVERY_EVENT)) {
    if (event.kind === "listed") continue;
    expect(logged([event], { level: "trace" }), event.kind).not.toEqual([]);
  }
});

test("the same trouble is told once until it changes, and its end is told once", () => {
  const [down, up] = [EVERY_EVENT["list-failed"], EVERY_EVENT.listed];
  expect(messages([up, down, down, { ...down, error: "timeout" }, up, up, down])).toEqual([
    "warn docker cannot be read, nothing is changed meanwhile: connection refused",
    "warn docker cannot be read, nothing is changed meanwhile: timeout",
    "info docker can be read again: 3 objects",
    "warn docker cannot be read, nothing is changed meanwhile: connection refused",
  ]);
});

test("conditions are told when they fail and when they hold again, not when they hold from the start", () => {
  const failed = EVERY_EVENT.condition;
  const holds = { ...failed, ok: true, message: "" };
  expect(messages([holds, failed, failed, holds, holds])).toEqual([
    "warn consul-acl: the token may not write services",
    "info consul-acl holds again",
  ]);
});

test("a condition that holds and is worth knowing is told once", () => {
  const note = { ...EVERY_EVENT.condition, ok: true, message: "ACLs are off", note: true } as const;
  expect(messages([note, note])).toEqual(["info consul-acl: ACLs are off"]);
});

test("a file's verdict is told once, and again when it changed", () => {
  const [bad, good, gone] = [EVERY_EVENT["file-bad"], EVERY_EVENT["file-good"], EVERY_EVENT["file-gone"]];
  const told = messages([bad, bad, good, good, gone, good]).map((message) => message.slice(0, 30));
  expect(told).toEqual([
    "error countdash.nomad:3:14: Un",
    "error countdash.nomad:9:1: Unk",
    "info countdash.nomad: job coun",
    "warn countdash.nomad:2:1: Unkn",
    "info countdash.nomad was remov",
    "info countdash.nomad: job coun",
    "warn countdash.nomad:2:1: Unkn",
  ]);
});

test("a group's state is told when it or its reason changed", () => {
  const status = (state: "pending" | "running" | "frozen", reason = ""): EngineEvent => ({
    kind: "status",
    key: "countdash/api",
    status: group([], { state, reason }),
  });
  const pending = status("pending", "the image is being pulled");
  expect(
    messages([pending, pending, status("running"), status("running"), status("frozen", "its file is bad")]),
  ).toEqual([
    "info countdash/api is pending: the image is being pulled",
    "info countdash/api is running",
    "warn countdash/api is frozen: its file is bad",
  ]);
});

test("a failed step and a failed turn are warnings", () => {
  const step = { ...EVERY_EVENT.step, error: "docker: create web-1f3c: no such image" };
  expect(messages([step, { ...EVERY_EVENT.reconciled, result: "failed" }])).toEqual([
    "warn countdash/api: run-member web-1f3c failed: docker: create web-1f3c: no such image",
    "warn countdash/api: failed",
  ]);
});

test("auto is pretty on a terminal and JSON elsewhere; colours only where asked for", () => {
  const problem = [EVERY_EVENT.problem];
  const [json] = logged(problem, { format: "auto" });
  expect(JSON.parse(json ?? "")).toMatchObject({ level: "error" });
  const [pretty] = logged(problem, { format: "auto", terminal: true });
  expect(pretty).toMatch(/^\[\d\d:\d\d:\d\d\.\d+\] ERROR: a turn threw: x is undefined\n$/);
  const [coloured] = logged(problem, { format: "pretty", terminal: true, colour: true });
  expect(coloured).toContain("\u001B[31m");
});

test("text from a job file cannot steer the terminal", () => {
  const evil = { ...diagnostic(1, 1), summary: "\u001B[2J\r\nfaked line \u202E" };
  const event: EngineEvent = { kind: "file-bad", path: "a", diagnostics: [evil] };
  const [line] = logged([event], { format: "pretty" });
  expect(line?.trimEnd()).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});

test("a secret that strays into an event is not printed, in any field, format or level", () => {
  const secret = new Secret("c0ffee00-dead-4bad-9bad-00000000beef");
  const stray = (value: unknown): unknown => {
    if (typeof value === "string") return secret;
    if (Array.isArray(value)) return value.map(stray);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, stray(inner)]));
  };
  const events = Object.values(EVERY_EVENT).map((event) => {
    const filled = stray(event) as EngineEvent;
    return { ...filled, kind: event.kind } as EngineEvent;
  });
  for (const format of ["json", "pretty"] as const) {
    const text = logged([...events, EVERY_EVENT["list-failed"], ...events], { format, level: "trace" }).join("");
    expect(text).toContain("[secret]");
    expect(text).not.toContain("c0ffee");
  }
});

test("an observer that throws is reported and keeps the event from nobody", () => {
  const seen: string[] = [];
  const defects: unknown[] = [];
  const observer = combineObservers(
    [
      () => seen.push("first"),
      () => {
        throw new Error("broken");
      },
      () => seen.push("last"),
    ],
    (error) => defects.push(error),
  );
  observer(EVERY_EVENT.stopping);
  expect(seen).toEqual(["first", "last"]);
  expect(defects).toEqual([new Error("broken")]);
});
