/** What a reconciler sees of one allocation: what is wanted beside what is there, as plain data. */
import type { AllocRef, Container, Volume } from "../model/container.ts";
import type { Job, Millis, TaskGroup } from "../model/job.ts";
import { LABEL } from "../model/labels.ts";
import type { AllocatedPort } from "../model/ports.ts";
import type { Registration, Token } from "../model/registration.ts";
import type { Revision } from "../model/revision.ts";
import type { Settings } from "../model/settings.ts";
import type { Phase } from "../model/status.ts";
import type { Step } from "../model/step.ts";

/** All that exists of one allocation. */
export interface AllocObserved {
  readonly ref: AllocRef;
  readonly infra?: Container;
  /** By service name. */
  readonly sidecars: ReadonlyMap<string, Container>;
  /** By task name. */
  readonly tasks: ReadonlyMap<string, Container>;
  readonly volumes: readonly Volume[];
  /** By service id, sidecars included. */
  readonly registrations: ReadonlyMap<string, Registration>;
  readonly tokens: readonly Token[];
}

/** What was seen by looking into the namespace and at the sidecars; only filled where it was needed. */
export interface AllocProbe {
  /** Ports listened on inside the namespace. */
  readonly listening?: ReadonlySet<number>;
  /** By service name: why its sidecar is not ready, or undefined if it is. */
  readonly sidecars: ReadonlyMap<string, string | undefined>;
}

/** What cannot be seen in the world; losing it costs only time. */
export interface AllocMemory {
  /** When a container was told to stop. */
  readonly signalled: Readonly<Record<string, Millis>>;
  readonly phases: Readonly<Record<string, Phase>>;
  /** It was whole at some time in this process's life. */
  readonly served: boolean;
  /** When it was first seen as leaving without a mark in Consul. */
  readonly leavingSince?: Millis;
  /** Since when only the catalog knows its services. */
  readonly ghostSince?: Millis;
}

export const NO_MEMORY: AllocMemory = { signalled: {}, phases: {}, served: false };

/** An allocation that is to live. */
export interface AllocView extends AllocObserved {
  readonly settings: Settings;
  readonly now: Millis;
  readonly job: Job;
  readonly group: TaskGroup;
  readonly attempt: number;
  readonly revision: Revision;
  readonly ports: readonly AllocatedPort[];
  readonly probe: AllocProbe;
  readonly memory: AllocMemory;
}

/** What a reconciler asks for now, what it waits for in one sentence, and when to look again without a hint. */
export interface Due {
  readonly steps: readonly Step[];
  /** The same steps as sequences that do not depend on each other: one that fails holds up no other. Absent = one sequence. */
  readonly lanes?: readonly (readonly Step[])[];
  readonly waiting?: string;
  readonly recheck?: Millis;
}

export const NOTHING_DUE: Due = { steps: [] };

/** The sequences of steps of what is due, empty ones left out. */
export function lanesOf(due: Due): readonly (readonly Step[])[] {
  return (due.lanes ?? [due.steps]).filter((steps) => steps.length > 0);
}

/** Joins what several reconcilers ask for: steps side by side, the first reason, the earliest look. */
export function joinDue(dues: readonly Due[]): Due {
  const rechecks = dues.flatMap((due) => (due.recheck === undefined ? [] : [due.recheck]));
  const waiting = dues.find((due) => due.waiting !== undefined)?.waiting;
  return {
    steps: dues.flatMap((due) => due.steps),
    lanes: dues.flatMap(lanesOf),
    ...(waiting === undefined ? {} : { waiting }),
    ...(rechecks.length === 0 ? {} : { recheck: Math.min(...rechecks) }),
  };
}

/**
 * A member is in the living namespace iff it joined this very infra container and was not started before it: one that
 * was stays attached to a namespace that is gone, silently (moby#50326).
 */
export function isInNamespace(member: Container, infra: Container | undefined): boolean {
  if (infra?.state !== "running" || infra.startedAt === undefined) return false;
  return joined(member, infra) && member.startedAt !== undefined && member.startedAt >= infra.startedAt;
}

/** The member was created to join this infra container. */
export function joined(member: Container, infra: Container): boolean {
  return member.networkMode === `container:${infra.id}`;
}

/** It has a process, paused or not. */
export function isAlive({ state }: Container): boolean {
  return state === "running" || state === "paused" || state === "restarting";
}

/** It runs, and in the living namespace. */
export function isUp(member: Container | undefined, infra: Container | undefined): boolean {
  return member?.state === "running" && isInNamespace(member, infra);
}

/** The restarts of a member inside its policy's interval, as its label says. */
export function restartsOf(member: Container | undefined): { readonly count: number; readonly since: Millis } {
  const [count, since] = (member?.labels[LABEL.restarts] ?? "0,0").split(",").map(Number);
  return { count: Number.isFinite(count) ? (count ?? 0) : 0, since: Number.isFinite(since) ? (since ?? 0) : 0 };
}

export function writeRestarts(restarts: { readonly count: number; readonly since: Millis }): string {
  return `${restarts.count},${restarts.since}`;
}

/** How soon to look again at a running member that is not ready: often while it is young, less often as it ages. */
export function patience(member: Container | undefined, now: Millis): Millis {
  const age = now - (member?.startedAt ?? now);
  return Math.min(2_000, Math.max(50, Math.round(age / 5)));
}
