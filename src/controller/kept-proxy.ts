/** The proxy that a group's allocations were made with: they keep it until their job changes, whatever new ones get. Pure. */
import { LABEL } from "../model/labels.ts";
import type { Job, TaskGroup } from "../model/job.ts";
import { revisionOf } from "../model/revision.ts";
import type { Settings } from "../model/settings.ts";
import type { AllocObserved } from "../reconcilers/view.ts";
import { isLeaving, isMadeFrom } from "./allocations.ts";

/**
 * Envoy being the proxy now, by an upgrade's new default or by choice, replaces nothing: of what runs with Consul's own, only a
 * changed job does. The other way round it does, for without Envoy's settings none could be repaired.
 */
export function asItRuns(
  settings: Settings,
  { job, group }: { readonly job: Job; readonly group: TaskGroup },
  allocs: Iterable<AllocObserved>,
): Settings {
  if (settings.proxy === "consul") return settings;
  const here = [...allocs].filter(
    (alloc) => alloc.infra?.labels[LABEL.spec] !== undefined && !isLeaving(alloc, undefined),
  );
  const isMadeWith = (proxy: Settings["proxy"]): boolean => {
    const revision = revisionOf(job, group, { proxy });
    return here.some((alloc) => isMadeFrom(alloc, revision));
  };
  return !isMadeWith("envoy") && isMadeWith("consul") ? { ...settings, proxy: "consul" } : settings;
}
