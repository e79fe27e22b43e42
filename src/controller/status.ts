/** Status as a function of the plan: every group that is not ready says in one sentence what is waited for. */
import type { Container } from "../model/container.ts";
import type { Millis, TaskGroup } from "../model/job.ts";
import type { AllocatedPort } from "../model/ports.ts";
import { sidecarId } from "../model/registration.ts";
import type { Revision } from "../model/revision.ts";
import type { AllocStatus, GroupStatus, Phase, ServiceStatus, TaskStatus } from "../model/status.ts";
import { restartsOf, type AllocObserved } from "../reconcilers/view.ts";
import type { GroupInput } from "./group.ts";

interface Saying {
  readonly state: AllocStatus["state"];
  readonly reason: string;
  readonly phases: Readonly<Record<string, Phase>>;
  readonly ports: readonly AllocatedPort[];
  readonly before: GroupStatus | undefined;
  readonly now: Millis;
  readonly group?: TaskGroup;
}

export function allocStatus(alloc: AllocObserved, saying: Saying): AllocStatus {
  const { state, reason, phases, ports, before, now, group } = saying;
  const old = before?.allocs.find(({ id }) => id === alloc.ref.alloc);
  const names = group === undefined ? [...alloc.tasks.keys()] : group.tasks.map(({ name }) => name);
  return {
    id: alloc.ref.alloc,
    index: alloc.ref.index,
    state,
    reason,
    since: old !== undefined && old.state === state ? old.since : now,
    services: Object.entries(phases).map(([name, phase]) => serviceStatus(alloc, name, phase)),
    tasks: names.map((name) => taskStatus(name, alloc.tasks.get(name))),
    ports: Object.fromEntries(ports.filter(({ role }) => role !== "ready").map(({ label, value }) => [label, value])),
  };
}

function serviceStatus({ registrations }: AllocObserved, name: string, phase: Phase): ServiceStatus {
  const own = [...registrations.values()].find((entry) => entry.kind === "" && entry.name === name);
  const entry = own === undefined ? undefined : (registrations.get(sidecarId(own.id)) ?? own);
  return entry === undefined ? { name, phase } : { name, phase, address: `${entry.address}:${entry.port}` };
}

function taskStatus(name: string, container: Container | undefined): TaskStatus {
  const restarts = restartsOf(container).count;
  if (container === undefined) return { name, state: "absent", restarts };
  const { startedAt, exitCode } = container;
  return {
    name,
    state: stateOf(container),
    restarts,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(exitCode === undefined || container.state !== "exited" ? {} : { exitCode }),
  };
}

function stateOf({ state }: Container): TaskStatus["state"] {
  if (state === "running" || state === "paused" || state === "restarting") return "running";
  return state === "created" ? "created" : "exited";
}

/** The worst of its allocations, and that one's reason. */
export function groupStatus(
  input: GroupInput,
  wish: { readonly revision: Revision; readonly group: TaskGroup } | undefined,
  allocs: readonly AllocStatus[],
): GroupStatus {
  const { job, group, desired } = input;
  const worst = WORST_FIRST.flatMap((state) => allocs.filter((alloc) => alloc.state === state))[0];
  const state =
    desired.kind === "frozen" ? "frozen" : desired.kind === "remove" ? "stopping" : (worst?.state ?? "running");
  return {
    job,
    group,
    desired: wish?.group.count ?? 0,
    revision: wish?.revision.hash ?? "",
    state,
    reason: desired.kind === "frozen" ? desired.reason : worst?.state === "running" ? "" : (worst?.reason ?? ""),
    allocs,
  };
}

/** What leaves says nothing about what is wanted, unless nothing else is there. */
const WORST_FIRST: readonly AllocStatus["state"][] = ["failed", "degraded", "pending", "running", "stopping"];
