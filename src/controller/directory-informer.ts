/** The informer of the job directory: its readings are digested one after another, so it wakes no keys itself. */
import { Informer } from "../informers/informer.ts";
import { isSame } from "../model/same.ts";
import type { DirectoryReading } from "../ports/files.ts";
import type { ControllerOptions } from "./controller.ts";

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
