/** The order of an end: out of rotation before the first task stops, and never back from there. */
import { META } from "../../../src/model/registration.ts";
import { maintenanceId, worstOf } from "../fakes/consul/agent.ts";
import { allocsIn, isServing } from "../truth.ts";
import type { World } from "../world.ts";
import type { Invariant, Report } from "./invariant.ts";

export function departsInOrder(world: World, report: Report): Invariant {
  return {
    onEffect: ({ operation, subject, isOrphan }) => {
      if (isOrphan) return;
      if (operation.startsWith("signal") || operation === "remove") isOutOfRotation(world, subject, report);
      if (operation === "register" && world.consul.agent.checks.has(maintenanceId(subject)))
        report(`${subject} is registered again while it is on its way out`);
    },
  };
}

/** A task that serves clients is not stopped while the agent sends them to it. */
function isOutOfRotation(world: World, subject: string, report: Report): void {
  const alloc = [...allocsIn(world).values()].find(({ tasks }) =>
    [...tasks.values()].some(({ id, spec, run }) => run !== undefined && (id === subject || spec.name === subject)),
  );
  if (alloc === undefined) return;
  const { consul } = world;
  for (const { id, name, kind, meta } of consul.agent.services.values()) {
    if (kind !== "connect-proxy" || meta[META.alloc] !== alloc.ref.alloc) continue;
    const isOpen = worstOf(consul.agent.checksOf(id)) === "passing";
    if (isOpen && isServing(world, alloc, name.replace(/-sidecar-proxy$/, "")))
      report(`a task of ${id} is stopped while it is in rotation`);
  }
}
