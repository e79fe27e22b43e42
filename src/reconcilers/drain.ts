/** Taking an allocation out of service: out of rotation, a pause, then its members in Nomad's order. */
import type { Container } from "../model/container.ts";
import type { Millis } from "../model/job.ts";
import type { Registration } from "../model/registration.ts";
import { stopMember } from "./member.ts";
import { groupStopOf, memberStopOf, type MemberStop } from "./stopping.ts";
import { NOTHING_DUE, isAlive, joinDue, type AllocMemory, type AllocObserved, type Due } from "./view.ts";

const REASON = "remora: draining since ";

/** When draining began, as the reason of the maintenance mode says. */
export function drainingSince(entry: Registration | undefined): Millis | undefined {
  if (entry?.maintenance?.startsWith(REASON) !== true) return undefined;
  const since = Number(entry.maintenance.slice(REASON.length));
  return Number.isFinite(since) ? since : undefined;
}

/** The latch of draining is on one of its services. */
export function isDraining(alloc: AllocObserved): boolean {
  return [...alloc.registrations.values()].some((entry) => drainingSince(entry) !== undefined);
}

export function isAnyRunning(alloc: AllocObserved): boolean {
  return membersOf(alloc).some(isAlive);
}

function membersOf(alloc: AllocObserved): readonly Container[] {
  return [...alloc.tasks.values(), ...alloc.sidecars.values()];
}

/** A catalog that does not hear of it for so long holds up no stop. */
const CATALOG_WAIT: Millis = 3_000;

/** Proxies learn from the catalog a moment later, and what they have sent by then is to be answered. */
const PROXY_LAG: Millis = 1_000;

const ORDER: readonly MemberStop["rank"][] = ["leader", "main", "sidecar", "proxy"];

/** What is due of: maintenance on, `shutdown_delay`, leader, main tasks, sidecars, proxies. Nothing due = all are stopped. */
export function planDrain(alloc: AllocObserved, memory: AllocMemory, now: Millis): Due {
  if (!isAnyRunning(alloc)) return NOTHING_DUE;
  const latch = planMaintenance(alloc, now);
  if (latch.steps.length > 0) return latch;
  const unheard = planUnheard(alloc, now);
  if (unheard !== undefined) return unheard;
  const left = delayLeft(alloc, memory, now);
  if (left > 0)
    return {
      steps: [],
      waiting: `out of rotation, stopping in ${Math.ceil(left / 1000)} s`,
      recheck: left,
    };
  for (const rank of ORDER) {
    const due = membersOf(alloc)
      .filter((member) => memberStopOf(member).rank === rank)
      .flatMap((member) => stopDelayed(alloc, member, memory, now) ?? []);
    if (due.length > 0) return joinDue(due);
  }
  return joinDue(membersOf(alloc).flatMap((member) => stopMember(member, memory, now) ?? []));
}

/** A proxy goes on for a while after its services left rotation: what was never in rotation has nobody to wait for. */
function stopDelayed(alloc: AllocObserved, member: Container, memory: AllocMemory, now: Millis): Due | undefined {
  const { delay = 0 } = memberStopOf(member);
  const latched = latchedAt(alloc);
  const left = latched === undefined ? 0 : latched + delay - now;
  if (!isAlive(member) || left <= 0) return stopMember(member, memory, now);
  return { steps: [], waiting: `${member.name} is stopped in ${Math.ceil(left / 1000)} s`, recheck: left };
}

/** Since when all that was in rotation is draining. */
function latchedAt(alloc: AllocObserved): Millis | undefined {
  const since = [...alloc.registrations.values()].flatMap((entry) => drainingSince(entry) ?? []);
  return since.length === 0 ? undefined : Math.max(...since);
}

/** Clients follow the catalog, not the agent: nothing stops while they are still sent here. */
function planUnheard(alloc: AllocObserved, now: Millis): Due | undefined {
  const entries = [...alloc.registrations.values()].filter(
    ({ inAgent, catalogStatus = "critical" }) => inAgent && catalogStatus !== "critical",
  );
  const left = Math.max(...entries.flatMap((entry) => drainingSince(entry) ?? [])) + CATALOG_WAIT - now;
  if (left <= 0) return undefined;
  return { steps: [], waiting: "the catalog has not heard yet that it is out of rotation", recheck: left };
}

function planMaintenance(alloc: AllocObserved, now: Millis): Due {
  const inRotation = [...alloc.registrations.values()].filter(
    (entry) => entry.inAgent && entry.maintenance === undefined && !isGated(entry),
  );
  return {
    steps: inRotation.map(({ id }) => ({ kind: "enable-maintenance", id, reason: `${REASON}${now}` })),
    waiting: "it is being taken out of rotation",
  };
}

/** A gated service is not in rotation, so it has nothing to leave. */
function isGated(entry: Registration): boolean {
  return entry.checks.some(({ id }) => id === `${entry.id}:gate`);
}

function delayLeft(alloc: AllocObserved, memory: AllocMemory, now: Millis): Millis {
  const { shutdownDelay } = groupStopOf(alloc.infra);
  const latched = latchedAt(alloc);
  if (latched !== undefined) return latched + Math.max(shutdownDelay, PROXY_LAG) - now;
  return (memory.leavingSince ?? now) + shutdownDelay - now;
}
