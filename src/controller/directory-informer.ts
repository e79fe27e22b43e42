/** The informer of the job directory: its readings are digested one after another, so it wakes no keys itself. */
import { Informer } from "../informers/informer.ts";
import { isSame } from "../model/same.ts";
import type { Finding } from "../model/status.ts";
import type { DirectoryReading } from "../ports/files.ts";
import type { ControllerOptions } from "./controller.ts";
import type { JobsState } from "./jobs.ts";

type Parts = Pick<ControllerOptions, "directory" | "clock" | "random" | "observer" | "settings">;

export function directoryInformer(
  { directory, clock, random, observer, settings }: Parts,
  onReading: (reading: DirectoryReading) => void,
): Informer<DirectoryReading> {
  const informer = new Informer<DirectoryReading>({
    name: "jobs",
    source: directory,
    count: (reading) => (reading.ok ? reading.files.length : 0),
    changed: (before, after) => (isSame(before, after) ? [] : ["jobs"]),
    onReading: () => {
      if (informer.reading !== undefined) onReading(informer.reading);
    },
    clock,
    random,
    observer,
    resync: settings.resync,
  });
  return informer;
}

/** An empty directory is nothing to complain about while nothing is held because of it. */
export function followedFinding({ distrust, jobs, unreadable }: JobsState, isFrozen: boolean): Finding {
  const isHeld = distrust !== undefined && (unreadable || jobs.size > 0 || isFrozen);
  return { name: "jobs", ok: !isHeld, message: isHeld ? distrust : "the job directory is followed" };
}
