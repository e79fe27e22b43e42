/** An allocation that is wanted as it is and runs well is never stopped: not for a broken file, not by a new process. */
import type { FakeContainer } from "../fakes/docker/container.ts";
import { LABEL } from "../../../src/model/labels.ts";
import { allocsIn, isHealthy, revisionHash, type AllocTruth } from "../truth.ts";
import type { Wishes } from "../wishes.ts";
import type { Call } from "../wire.ts";
import type { World } from "../world.ts";
import type { Invariant, Report } from "./invariant.ts";

export function leavesHealthyAlone(world: World, wishes: Wishes, report: Report): Invariant {
  return {
    onEffect: (call) => {
      // What a dead process asked for may hit what its successor has just mended; it mends it again.
      if (call.isOrphan) return;
      const alloc = stoppedBy(world, call);
      if (alloc?.infra === undefined) return;
      const job = wishes.job(alloc.ref.job);
      const group = job?.groups.find(({ name }) => name === alloc.ref.group);
      if (job === undefined || group === undefined || alloc.ref.index >= group.count) return;
      const { spec, createdAt } = alloc.infra;
      const isWanted = spec.labels[LABEL.revision] === revisionHash(world, job, group);
      if (isWanted && createdAt > wishes.changedAt(job.id) && isHealthy(alloc, group))
        report(`${call.operation} ${call.subject} hits an allocation that is wanted and runs well`);
    },
  };
}

/** The allocation whose task, namespace or place in rotation a call takes away; undefined if it takes nothing that runs. */
function stoppedBy(world: World, { operation, subject }: Call): AllocTruth | undefined {
  const allocs = [...allocsIn(world).values()];
  if (operation === "deregister" || operation === "maintenance")
    return allocs.find(({ ref }) => subject.startsWith(`_remora-${ref.alloc}`));
  if (operation !== "remove" && !operation.startsWith("signal")) return undefined;
  const isMeant = ({ id, spec, run }: FakeContainer): boolean =>
    run !== undefined && (id === subject || spec.name === subject);
  return allocs.find(({ infra, tasks }) => [...tasks.values(), ...(infra === undefined ? [] : [infra])].some(isMeant));
}
