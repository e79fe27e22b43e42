/** What a plan is made from, as the controller knows it at this moment. */
import { groupKey } from "../model/keys.ts";
import type { GroupTurns } from "./group-turn.ts";
import type { JobsKeeper } from "./jobs-keeper.ts";
import type { PlanScene } from "./planning.ts";
import { type Informers, observedGroup, observedGroups } from "./stores.ts";

interface Known extends Pick<PlanScene, "settings" | "now"> {
  readonly informers: Informers;
  readonly jobs: JobsKeeper;
  readonly groups: GroupTurns;
}

export function sceneOf({ settings, now, informers, jobs, groups }: Known): PlanScene {
  return {
    settings,
    now,
    jobs: jobs.state,
    sensitive: jobs.sensitive,
    before: (job) => jobs.before(job),
    seen: observedGroups(informers),
    group: (job, group) => ({
      observed: observedGroup(informers, job, group),
      memory: groups.memory(groupKey(job, group)),
    }),
  };
}
