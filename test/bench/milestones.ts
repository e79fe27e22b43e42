/** Where the time of a start goes: the milestones of each group, and what was under way between them. */
import { isCreate, isRegistration, labelsOf } from "./template.ts";
import { isLook, isWatch, isWrite } from "./calls.ts";
import type { Call } from "./calls.ts";

/** The phases of a group's start in their order; each ends where the next begins. */
export const PHASES = [
  "file seen, parsed, planned",
  "namespace made, token usable",
  "registered, gated",
  "sidecar created and started",
  "sidecar seen ready",
  "app created and started",
  "app and sidecar seen ready",
  "gate dropped",
] as const;

/** Milliseconds of each phase. */
export type Phases = Readonly<Record<(typeof PHASES)[number], number>>;

/** The phases of the group that offers a service; `began` is when its file was renamed, or the script started. */
export function phasesOf(all: readonly Call[], service: string, began: number): Phases {
  const calls = all.filter(({ caller }) => caller === "remora");
  const registrations = calls.filter((call) => isRegistration(call, service));
  const [gated, open] = [registrations[0], registrations.at(-1)];
  const alloc = /"remora-alloc":"([^"]+)"/.exec(gated?.body ?? "")?.[1] ?? "";
  const created = calls.filter((call) => isCreate(call) && call.body?.includes(alloc));
  const of = (role: string): { create: number; created: number; started: number } => {
    const create = created.find((call) => labelsOf(call)["io.remora.role"] === role);
    const id = /"Id":"([0-9a-f]{64})"/.exec(create?.answer ?? "")?.[1] ?? "none";
    const start = calls.find(({ url, route }) => route === "POST /containers/:id/start" && url.includes(id));
    return {
      create: create?.began ?? Number.NaN,
      created: create?.ended ?? Number.NaN,
      started: start?.ended ?? Number.NaN,
    };
  };
  const [infra, sidecar, task] = [of("infra"), of("sidecar"), of("task")];
  const marks = [
    began,
    infra.create,
    gated?.began ?? Number.NaN,
    gated?.ended ?? Number.NaN,
    sidecar.started,
    task.create,
    task.started,
    open?.began ?? Number.NaN,
    open?.ended ?? Number.NaN,
  ];
  const lengths = PHASES.map(
    (phase, at) => [phase, (marks[at + 1] ?? Number.NaN) - (marks[at] ?? Number.NaN)] as const,
  );
  return Object.fromEntries(lengths) as Phases;
}

export const KINDS = ["a write", "a look into a container", "a reading", "nothing"] as const;

/** Milliseconds in which at least this was under way, the first that applies. */
export type Shares = Readonly<Record<(typeof KINDS)[number], number>>;

/** What Remora had under way between two times; watches do not count. */
export function sharesOf(all: readonly Call[], from: number, to: number): Shares {
  const calls = all.filter((call) => call.caller === "remora" && !isWatch(call));
  const edges = calls.flatMap(({ began, ended = to }) => [began, ended]).filter((at) => at > from && at < to);
  const marks = [from, ...edges.sort((a, b) => a - b), to];
  const shares = { "a write": 0, "a look into a container": 0, "a reading": 0, nothing: 0 };
  for (const [at, begin] of marks.entries()) {
    const end = marks[at + 1] ?? begin;
    const open = calls.filter(({ began, ended = to }) => began <= begin && ended >= end && ended > began);
    shares[kindOf(open)] += end - begin;
  }
  return shares;
}

function kindOf(open: readonly Call[]): (typeof KINDS)[number] {
  if (open.some(isWrite)) return "a write";
  if (open.some(isLook)) return "a look into a container";
  return open.length > 0 ? "a reading" : "nothing";
}
