/** Removing what is left of a stopped allocation: registration and its catalog entry, then token, then namespace and volumes. */
import { sidecarId, type Registration } from "../model/registration.ts";
import type { Step } from "../model/step.ts";
import type { Millis } from "../model/job.ts";
import type { AllocMemory, AllocObserved, Due } from "./view.ts";

/** How soon to look for a catalog entry that should have gone with the agent's. */
const CATALOG_LOOK: Millis = 250;
/** The agent tells the catalog at once; an entry that is still there after this long will not go by itself. */
const GHOST_AFTER: Millis = 3_000;

/** The agent has forgotten it, the catalog has not. */
export function isGhost(alloc: AllocObserved): boolean {
  return alloc.registrations.size > 0 && [...alloc.registrations.values()].every((entry) => !entry.inAgent);
}

/**
 * Deregister, confirm in the catalog, and only then the token: an agent of Consul < 1.15 deregisters with the service's own
 * token and leaves a zombie if that is gone.
 */
export function planRemoval(alloc: AllocObserved, memory: AllocMemory, now: Millis): Due {
  const entries = [...alloc.registrations.values()];
  const inAgent = entries.filter((entry) => entry.inAgent && !isSidecarOfAnother(entry, alloc));
  if (inAgent.length > 0)
    return {
      steps: inAgent.map(({ id }) => ({ kind: "deregister", id })),
      waiting: "its services are being deregistered",
    };
  if (entries.length > 0) return planGhost(entries, memory, now);
  if (alloc.tokens.length > 0)
    return {
      steps: alloc.tokens.map(({ accessor }) => ({ kind: "delete-token", accessor })),
      waiting: "its tokens are being deleted",
    };
  return { steps: [...containerSteps(alloc), ...volumeSteps(alloc)], waiting: "its containers are being removed" };
}

function planGhost(
  entries: readonly Registration[],
  { ghostSince = Number.POSITIVE_INFINITY }: AllocMemory,
  now: Millis,
): Due {
  const isDue = now - ghostSince >= GHOST_AFTER;
  return {
    steps: isDue ? entries.map(({ id, name, meta }) => ({ kind: "cure-zombie", id, name, meta })) : [],
    waiting: `${entries[0]?.id ?? "a service"} is gone from the agent, but still in the catalog`,
    recheck: CATALOG_LOOK,
  };
}

/** Consul takes a sidecar with the service it was registered with. */
function isSidecarOfAnother(entry: Registration, alloc: AllocObserved): boolean {
  return [...alloc.registrations.values()].some(({ id, inAgent }) => inAgent && sidecarId(id) === entry.id);
}

/** Members before the namespace they live in. */
function containerSteps(alloc: AllocObserved): readonly Step[] {
  const members = [
    ...alloc.tasks.values(),
    ...alloc.sidecars.values(),
    ...(alloc.infra === undefined ? [] : [alloc.infra]),
  ];
  return members.map(({ id, name }) => ({ kind: "remove-container", container: id, name }));
}

function volumeSteps(alloc: AllocObserved): readonly Step[] {
  return alloc.volumes.map(({ name }) => ({ kind: "remove-volume", name }));
}
