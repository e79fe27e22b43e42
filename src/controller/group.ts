/** What the plan of a group is made from and what it yields, as plain data. */
import type { Job, Millis, TaskGroup } from "../model/job.ts";
import { type Revision, revisionOf } from "../model/revision.ts";
import type { Settings } from "../model/settings.ts";
import type { AllocStatus, GroupStatus } from "../model/status.ts";
import type { Step } from "../model/step.ts";
import type { Random } from "../ports/time.ts";
import {
  type AllocMemory,
  type AllocObserved,
  type AllocProbe,
  type AllocView,
  type Due,
  isAlive,
} from "../reconcilers/view.ts";
import type { Choice, GroupObserved, Wish } from "./allocations.ts";

/** What is to become of a group. */
export type Desired =
  | {
      readonly kind: "run";
      readonly job: Job;
      readonly group: TaskGroup;
      /** The version that was whole before this one, if that was another. */
      readonly stable?: { readonly job: Job; readonly group: TaskGroup };
    }
  | { readonly kind: "remove" }
  /** It runs on as it is, untouched, for the reason given. */
  | { readonly kind: "frozen"; readonly reason: string };

export interface GroupInput {
  readonly job: string;
  readonly group: string;
  readonly desired: Desired;
  readonly observed: GroupObserved;
  /** By allocation. */
  readonly probes: ReadonlyMap<string, AllocProbe>;
  readonly memory: ReadonlyMap<string, AllocMemory>;
  /** Images that are not here, each with what is known about the pull. */
  readonly missingImages: ReadonlyMap<string, string>;
  /** Host ports of this instance's other allocations. */
  readonly takenPorts: ReadonlySet<number>;
  /** Why groups cannot be started yet; undefined if they can. */
  readonly ground: string | undefined;
  readonly before: GroupStatus | undefined;
  readonly settings: Settings;
  readonly now: Millis;
  readonly random: Random;
}

/** Steps of one allocation that depend on each other, in order. Lanes run side by side. */
export interface Lane {
  readonly alloc: string;
  readonly steps: readonly Step[];
}

export interface GroupPlan {
  readonly lanes: readonly Lane[];
  readonly status: GroupStatus;
  readonly memory: ReadonlyMap<string, AllocMemory>;
  /** When to look again without a hint. */
  readonly recheck?: Millis;
}

/** The plan of one allocation. */
export interface AllocPlan {
  readonly alloc: string;
  readonly due: Due;
  readonly status: AllocStatus;
  readonly memory: AllocMemory;
  /** The allocation whose static port it waits for. */
  readonly waitsFor?: string;
}

export function wishOf(settings: Settings, job: Job, group: TaskGroup): Wish & { readonly revision: Revision } {
  return { job, group, revision: revisionOf(job, group, settings) };
}

/** An allocation of which nothing exists yet. */
export function nothingOf({ job, group }: GroupInput, { index, alloc }: Choice): AllocObserved {
  const ref = { job, group, index, alloc };
  return { ref, sidecars: new Map(), tasks: new Map(), volumes: [], registrations: new Map(), tokens: [] };
}

/** The first signal starts the clock of `kill_timeout`; a container that is gone is forgotten. */
export function rememberSignals(
  { tasks, sidecars, memory }: Pick<AllocView, "tasks" | "sidecars" | "memory">,
  due: Due,
  now: Millis,
): AllocMemory["signalled"] {
  const running = [...tasks.values(), ...sidecars.values()].filter(isAlive).map(({ id }) => id);
  const sent = due.steps.flatMap((step) =>
    step.kind === "signal" && step.signal !== "SIGKILL" ? [step.container] : [],
  );
  const kept = Object.entries(memory.signalled).filter(([id]) => running.includes(id));
  return Object.fromEntries([...kept, ...sent.map((id): [string, Millis] => [id, now])]);
}
