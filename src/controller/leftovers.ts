/** The plan of allocations that are not the wanted ones: they stay until their successor serves, or leave. Pure. */
import { LABEL } from "../model/labels.ts";
import { readPorts } from "../model/ports.ts";
import type { AllocStatus } from "../model/status.ts";
import { isAnyRunning, planDrain } from "../reconcilers/drain.ts";
import { isGhost, planRemoval } from "../reconcilers/removal.ts";
import { NO_MEMORY, type AllocMemory, type AllocObserved } from "../reconcilers/view.ts";
import { isLeaving, memberLabel } from "./allocations.ts";
import { type AllocPlan, type GroupInput, rememberSignals } from "./group.ts";
import { allocStatus } from "./status.ts";

/** What is not chosen leaves; one that works stays until its successor serves (start-first), unless it holds a static port. */
export function planLeftover(input: GroupInput, alloc: AllocObserved, live: readonly AllocPlan[]): AllocPlan {
  const before = input.memory.get(alloc.ref.alloc) ?? NO_MEMORY;
  const successor = live.find(({ status }) => status.index === alloc.ref.index);
  const isBusy = successor !== undefined && successor.status.state !== "running";
  const works = isAnyRunning(alloc) && !isLeaving(alloc, before);
  if (isBusy && works && successor.waitsFor !== alloc.ref.alloc) return stays(input, alloc, before);
  return leaves(input, alloc, before);
}

function stays(input: GroupInput, alloc: AllocObserved, memory: AllocMemory): AllocPlan {
  const reason = "serving until its replacement does";
  return {
    alloc: alloc.ref.alloc,
    due: { steps: [] },
    memory,
    status: statusOf(input, alloc, { state: "running", reason, phases: memory.phases }),
  };
}

function leaves(input: GroupInput, alloc: AllocObserved, before: AllocMemory): AllocPlan {
  const { now } = input;
  const { ghostSince: _, ...rest } = before;
  const memory: AllocMemory = {
    ...rest,
    leavingSince: before.leavingSince ?? now,
    ...(isGhost(alloc) ? { ghostSince: before.ghostSince ?? now } : {}),
  };
  const drain = planDrain(alloc, memory, now);
  const isStopped = drain.steps.length === 0 && drain.waiting === undefined;
  const due = isStopped ? planRemoval(alloc, memory, now) : drain;
  const names = Object.keys(memory.phases);
  const remembered = { ...memory, signalled: rememberSignals({ ...alloc, memory }, due, now) };
  return {
    alloc: alloc.ref.alloc,
    due,
    memory: remembered,
    status: statusOf(input, alloc, {
      state: "stopping",
      reason: due.waiting ?? "it is being stopped",
      phases: Object.fromEntries(names.map((name) => [name, isStopped ? "leaving" : "draining"])),
    }),
  };
}

/** Status of an allocation of which only its marks are known. */
export function statusOf(
  input: GroupInput,
  alloc: AllocObserved,
  saying: Pick<AllocStatus, "state" | "reason"> & { readonly phases: AllocMemory["phases"] },
): AllocStatus {
  const ports = readPorts(memberLabel(alloc, LABEL.ports)) ?? [];
  return allocStatus(alloc, { ...saying, ports, before: input.before, now: input.now });
}
