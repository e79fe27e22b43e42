/** The plan of the allocations that are to live: which they are, what holds them up, what is due. Pure. */
import type { Millis, Service } from "../model/job.ts";
import { nextPhase } from "../machines/service.ts";
import { LABEL } from "../model/labels.ts";
import { readPorts } from "../model/ports.ts";
import type { Phase } from "../model/status.ts";
import { planDrain } from "../reconcilers/drain.ts";
import { allocatePorts } from "../reconcilers/ports.ts";
import { noProgram } from "../reconcilers/sidecar-spec.ts";
import { failedTask } from "../reconcilers/task.ts";
import {
  joinDue,
  NO_MEMORY,
  type AllocMemory,
  type AllocObserved,
  type AllocView,
  type Due,
} from "../reconcilers/view.ts";
import { choose, isLeaving, memberLabel, rescheduleAt, type Choice, type Wish } from "./allocations.ts";
import { type AllocPlan, type GroupInput, nothingOf, rememberSignals } from "./group.ts";
import { withImages } from "./images.ts";
import { factsOf, planLive } from "./live.ts";
import { allocStatus } from "./status.ts";

/** How soon to look again at what another allocation or the ground holds up; a hint comes sooner as a rule. */
const BLOCKED_LOOK: Millis = 1_000;

/** Index by index; ports that one picks are taken for the next. */
export function planLiving(
  input: GroupInput,
  wish: Wish,
  allocs: ReadonlyMap<string, AllocObserved>,
): readonly AllocPlan[] {
  const taken = new Set(input.takenPorts);
  return Array.from({ length: wish.group.count }, (_, index) => {
    const choice = chooseFor(input, wish, allocs, index);
    const view = viewOf(input, wish, choice, taken);
    if (view === undefined) return noPorts(input, choice);
    for (const { value } of view.ports) taken.add(value);
    return planChosen(input, view, allocs);
  });
}

/** The choice for one index, as planning and looking both make it. */
export function chooseFor(
  input: Pick<GroupInput, "memory" | "settings" | "now">,
  wish: Wish,
  allocs: ReadonlyMap<string, AllocObserved>,
  index: number,
): Choice {
  return choose(index, wish, allocs, input.settings, (alloc) => {
    const failed = failedTask({ ...alloc, group: wish.group, now: input.now });
    if (failed === undefined)
      return isLeaving(alloc, input.memory.get(alloc.ref.alloc)) || isElsewhere(alloc, input.settings);
    const again = rescheduleAt(failed.at, Number(memberLabel(alloc, LABEL.attempt) ?? 0), wish.group.reschedule);
    return again !== undefined && again <= input.now;
  });
}

/** Its sidecars are published on an address that is advertised no more. */
function isElsewhere({ infra }: AllocObserved, { advertise }: GroupInput["settings"]): boolean {
  const ports = readPorts(infra?.labels[LABEL.ports]) ?? [];
  return ports.some(({ role, hostIp }) => role === "proxy" && hostIp !== advertise);
}

function viewOf(input: GroupInput, wish: Wish, choice: Choice, taken: ReadonlySet<number>): AllocView | undefined {
  const { settings, now, random, memory, probes } = input;
  const observed = choice.observed ?? nothingOf(input, choice);
  // Without its infra container all members are made anew, and may as well get ports that are free now.
  const kept = readPorts(choice.observed?.infra?.labels[LABEL.ports]);
  const ports = kept ?? allocatePorts(wish.group, settings, taken, random);
  if (ports === undefined) return undefined;
  return {
    ...observed,
    ...wish,
    settings,
    now,
    attempt: choice.attempt,
    ports,
    probe: probes.get(choice.alloc) ?? { sidecars: new Map() },
    // One that is made anew under the id of one that left remembers nothing of that life.
    memory: (choice.observed === undefined ? undefined : memory.get(choice.alloc)) ?? NO_MEMORY,
  };
}

function planChosen(input: GroupInput, view: AllocView, allocs: ReadonlyMap<string, AllocObserved>): AllocPlan {
  const failed = failedTask(view);
  if (failed !== undefined) return planFailed(input, view, failed.task.name, failed.at);
  const live = planLive(view);
  const ready = withImages(view, live.due, input.missingImages);
  const ground = groundless(input, view);
  // What works is not stopped for a successor that could not be started anyway.
  const mayStart = ground === undefined && ready === live.due;
  const holder = view.infra === undefined && mayStart ? portHolder(view, allocs) : undefined;
  const blocker = ground ?? holder?.reason;
  const due: Due = blocker === undefined ? ready : { steps: [], waiting: blocker, recheck: BLOCKED_LOOK };
  const memory: AllocMemory = {
    ...view.memory,
    signalled: rememberSignals(view, due, input.now),
    phases: live.phases,
    served: view.memory.served || live.whole,
  };
  const state = live.whole && due.waiting === undefined ? "running" : memory.served ? "degraded" : "pending";
  return {
    alloc: view.ref.alloc,
    due,
    memory,
    ...(holder === undefined ? {} : { waitsFor: holder.alloc }),
    status: allocStatus(view, {
      state,
      reason: due.waiting ?? "",
      phases: live.phases,
      ports: view.ports,
      before: input.before,
      now: input.now,
      group: view.group,
    }),
  };
}

/** Why it cannot be begun; undefined once it was. */
function groundless({ ground }: GroupInput, view: AllocView): string | undefined {
  return view.infra === undefined ? (ground ?? noProgram(view)) : undefined;
}

/** The plan of an allocation of an older version that goes on living for a while. */
export function planKept(input: GroupInput, wish: Wish, observed: AllocObserved): AllocPlan {
  const { index, alloc } = observed.ref;
  const attempt = Number(memberLabel(observed, LABEL.attempt) ?? 0);
  const choice = { index, alloc, attempt, observed };
  const view = viewOf(input, wish, choice, input.takenPorts);
  return view === undefined ? noPorts(input, choice) : planChosen(input, view, new Map());
}

/** Stop-first where a static port is still held by an allocation that this one replaces. */
function portHolder(
  view: AllocView,
  allocs: ReadonlyMap<string, AllocObserved>,
): { readonly alloc: string; readonly reason: string } | undefined {
  const wanted = new Set(view.group.network.ports.flatMap((port) => port.static ?? []));
  for (const { ref, infra } of allocs.values()) {
    if (ref.alloc === view.ref.alloc || infra === undefined) continue;
    const held = readPorts(infra.labels[LABEL.ports])?.find(({ value }) => wanted.has(value));
    if (held === undefined) continue;
    const reason = `waiting for the allocation ${ref.alloc.slice(0, 8)} to give up the static port ${held.value}`;
    return { alloc: ref.alloc, reason };
  }
  return undefined;
}

/** Its siblings are stopped; what is left of it is kept until the next attempt is due, for people to look at. */
function planFailed(input: GroupInput, view: AllocView, task: string, at: Millis): AllocPlan {
  const again = rescheduleAt(at, view.attempt, view.group.reschedule);
  const next =
    again === undefined
      ? "no attempts are left"
      : `next attempt in ${Math.max(0, Math.ceil((again - input.now) / 1000))} s`;
  const drain = planDrain(view, { ...view.memory, leavingSince: at }, input.now);
  const rest: Due = again === undefined ? { steps: [] } : { steps: [], recheck: Math.max(0, again - input.now) };
  const due = joinDue([drain, rest]);
  return {
    alloc: view.ref.alloc,
    due,
    memory: { ...view.memory, signalled: rememberSignals(view, due, input.now) },
    status: allocStatus(view, {
      state: "failed",
      reason: `the task ${task} failed and has used up its restarts; ${next}`,
      phases: Object.fromEntries(view.group.services.map((service) => [service.name, phaseOfFailed(view, service)])),
      ports: view.ports,
      before: input.before,
      now: input.now,
      group: view.group,
    }),
  };
}

function phaseOfFailed(view: AllocView, service: Service): Phase {
  return nextPhase(undefined, { ...factsOf(view, service), wanted: false });
}

function noPorts(input: GroupInput, choice: Choice): AllocPlan {
  const { from, to } = input.settings.portRange;
  const reason = `no free port is left in ${from}-${to}: widen --port-range`;
  const observed = nothingOf(input, choice);
  return {
    alloc: choice.alloc,
    due: { steps: [], waiting: reason, recheck: 5000 },
    memory: NO_MEMORY,
    status: allocStatus(observed, {
      state: "pending",
      reason,
      phases: {},
      ports: [],
      before: input.before,
      now: input.now,
    }),
  };
}
