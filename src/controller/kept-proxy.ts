/** The proxy that a group's allocations were made with: they keep it until their job changes, whatever new ones get. Pure. */
import { LABEL } from "../model/labels.ts";
import type { Job, TaskGroup } from "../model/job.ts";
import { revisionOf } from "../model/revision.ts";
import type { Settings } from "../model/settings.ts";
import type { AllocObserved } from "../reconcilers/view.ts";
import { isLeaving, isMadeFrom } from "./allocations.ts";

const PROXIES: readonly Settings["proxy"][] = ["envoy", "consul"];

/** A new default, as an upgrade brings one, replaces nothing: of what runs, only a changed job does. */
export function asItRuns(
  settings: Settings,
  { job, group }: { readonly job: Job; readonly group: TaskGroup },
  allocs: Iterable<AllocObserved>,
): Settings {
  const here = [...allocs].filter(({ infra }) => infra?.labels[LABEL.spec] !== undefined);
  const isMadeWith = (proxy: Settings["proxy"]): boolean => {
    const revision = revisionOf(job, group, { proxy });
    return here.some((alloc) => isMadeFrom(alloc, revision) && !isLeaving(alloc, undefined));
  };
  if (isMadeWith(settings.proxy)) return settings;
  const kept = PROXIES.find((proxy) => proxy !== settings.proxy && isMadeWith(proxy));
  return kept === undefined ? settings : { ...settings, proxy: kept };
}
