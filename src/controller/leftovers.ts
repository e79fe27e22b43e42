/** The plan of allocations that are not the wanted ones: they stay until their successor serves, or leave. Pure. */
import { LABEL } from "../model/labels.ts";
import { readPorts } from "../model/ports.ts";
import type { AllocStatus } from "../model/status.ts";
import { DUE } from "../machines/due.ts";
import { nextPhase, type ServiceFacts } from "../machines/service.ts";
import { isAnyRunning, planDrain } from "../reconcilers/drain.ts";
import { registeredState } from "../reconcilers/registration.ts";
import { isGhost, planRemoval } from "../reconcilers/removal.ts";
import { failedTask } from "../reconcilers/task.ts";
import { NO_MEMORY, type AllocMemory, type AllocObserved } from "../reconcilers/view.ts";
import { isLeaving, isMadeFrom, memberLabel, type Wish } from "./allocations.ts";
import { planKept } from "./chosen.ts";
import { asItRuns } from "./kept-proxy.ts";
import { type AllocPlan, type GroupInput, rememberSignals, wishOf } from "./group.ts";
import { allocStatus } from "./status.ts";

/** What is not chosen leaves; one that works stays until its successor serves (start-first), unless it holds a static port. */
export function planLeftover(input: GroupInput, alloc: AllocObserved, live: readonly AllocPlan[]): AllocPlan {
  const before = input.memory.get(alloc.ref.alloc) ?? NO_MEMORY;
  const successor = live.find(({ status }) => status.index === alloc.ref.index);
  const isBusy = successor !== undefined && successor.status.state !== "running";
  if (!isBusy || successor.waitsFor === alloc.ref.alloc || isLeaving(alloc, before))
    return leaves(input, alloc, before);
  const own = ownInput(input, alloc);
  const old = stableWish(own, alloc);
  if (old !== undefined) return repaired(planKept(own, old, alloc));
  return isAllRunning(alloc) && isInRotation(alloc) ? stays(input, alloc, before) : leaves(input, alloc, before);
}

/** It has no service to serve, or one of them is open: a replacement that never served is worth nothing. */
function isInRotation({ registrations }: AllocObserved): boolean {
  const ids = [...registrations.values()].filter(({ kind }) => kind === "").map(({ id }) => id);
  return ids.length === 0 || ids.some((id) => registeredState({ registrations }, id) === "open");
}

/** With the proxy that it was made with. */
function ownInput(input: GroupInput, alloc: AllocObserved): GroupInput {
  const { desired, settings } = input;
  if (desired.kind !== "run" || desired.stable === undefined) return input;
  return { ...input, settings: asItRuns(settings, desired.stable, [alloc]) };
}

/** The version that was whole before, if the allocation was made from it and has not failed for good. */
function stableWish({ desired, settings, now }: GroupInput, alloc: AllocObserved): Wish | undefined {
  if (desired.kind !== "run" || desired.stable === undefined) return undefined;
  const wish = wishOf(settings, desired.stable.job, desired.stable.group);
  const isFailed = failedTask({ ...alloc, group: wish.group, now }) !== undefined;
  return isMadeFrom(alloc, wish.revision) && !isFailed ? wish : undefined;
}

function repaired(plan: AllocPlan): AllocPlan {
  const reason = plan.status.reason === "" ? WAITS : `${plan.status.reason} (${WAITS})`;
  return { ...plan, status: { ...plan.status, reason } };
}

/** Of what it was made from nothing is known any more, so it cannot be repaired. */
function isAllRunning({ infra, sidecars, tasks }: AllocObserved): boolean {
  const members = [...sidecars.values(), ...tasks.values()];
  return infra?.state === "running" && members.length > 0 && members.every(({ state }) => state === "running");
}

const WAITS = "serving until its replacement does";

function stays(input: GroupInput, alloc: AllocObserved, memory: AllocMemory): AllocPlan {
  return {
    alloc: alloc.ref.alloc,
    due: { steps: [] },
    memory,
    status: statusOf(input, alloc, { state: "running", reason: WAITS, phases: memory.phases }),
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
  const phase = nextPhase(Object.values(before.phases)[0], { ...GOING, running: isAnyRunning(alloc) });
  const due = DUE[phase].includes("drain") ? planDrain(alloc, memory, now) : planRemoval(alloc, memory, now);
  const phases = Object.fromEntries(Object.keys(before.phases).map((name) => [name, phase]));
  return {
    alloc: alloc.ref.alloc,
    due,
    memory: { ...memory, phases, signalled: rememberSignals({ ...alloc, memory }, due, now) },
    status: statusOf(input, alloc, { state: "stopping", reason: due.waiting ?? "it is being stopped", phases }),
  };
}

/** The services of an allocation go together: what the chart is told of any of them. */
const GOING: Omit<ServiceFacts, "running"> = {
  wanted: false,
  mesh: true,
  exists: true,
  namespace: true,
  identity: true,
  registered: "open",
  sidecar: true,
  tasks: true,
  app: true,
  answers: true,
  maintenance: true,
};

/** Status of an allocation of which only its marks are known. */
export function statusOf(
  input: GroupInput,
  alloc: AllocObserved,
  saying: Pick<AllocStatus, "state" | "reason"> & { readonly phases: AllocMemory["phases"] },
): AllocStatus {
  const ports = readPorts(memberLabel(alloc, LABEL.ports)) ?? [];
  return allocStatus(alloc, { ...saying, ports, before: input.before, now: input.now });
}
