/** The rules for the room that a group's files take: its disk, and the logs that must fit on it (Nomad's). */
import type { Part } from "./part.ts";

/** MiB, as all sizes here. */
const MIN_DISK = 10;
/** Where the group says nothing. */
const DEFAULT_DISK = 300;
const DEFAULT_LOGS = 100;

export function judgeDisk(group: Part): void {
  const disk = group.one("ephemeral_disk");
  if (disk?.isSure("size") === false) return;
  const size = disk?.number("size") ?? DEFAULT_DISK;
  if (disk !== undefined && size < MIN_DISK) return disk.refuse("size", `size must be at least ${MIN_DISK}`);
  for (const task of group.all("task")) judgeLogs(task, { disk, size });
}

/** A sidecar's logs are on the same disk. */
export function judgeSize(logs: Part): boolean {
  const wrong = ["max_files", "max_file_size"].filter((name) => logs.has(name) && logs.number(name) < 1);
  for (const name of wrong) logs.refuse(name, `${name} must be at least 1`);
  return wrong.length === 0 && logs.isSure("max_files", "max_file_size");
}

interface Room {
  readonly disk: Part | undefined;
  readonly size: number;
}

function judgeLogs(task: Part, { disk, size }: Room): void {
  const logs = task.one("logs");
  if (logs !== undefined && !judgeSize(logs)) return;
  const usage = logs === undefined ? DEFAULT_LOGS : logs.number("max_files") * logs.number("max_file_size");
  if (usage < size) return;
  const summary = `The logs of task "${task.label}" may take ${usage} MiB, and the group's disk has ${size}`;
  const detail = "Write a larger size in ephemeral_disk, or less in the logs block of the task";
  const [part, at] = logs === undefined ? [disk ?? task, "size"] : [logs, undefined];
  part.refuse(at, summary, detail);
}
