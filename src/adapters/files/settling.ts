/**
 * When a file may be believed: the rule that keeps half-written files out.
 *
 * Node's directory watch does not tell when a writer closes a file, so a file counts as written when it has been left
 * alone for a while. How long depends on how it got there:
 *
 * - moved into place (the atomic rename of editors, git-sync, config maps and careful scripts): it was complete when
 *   it appeared; SETTLE covers the few milliseconds in which time stamps cannot tell two writes apart;
 * - written in place while we watched: the writer may pause between two chunks, so IN_PLACE_SETTLE without a write;
 *   unless the last thing done to it was not a write (its ctime is later than its mtime: chmod, utimes, a rename), which
 *   is what one does after writing.
 *
 * Until then the last settled content of that path stands, so a slow edit is seen once, when it is done.
 */
import type { BigIntStats } from "node:fs";
import type { Millis } from "../../model/job.ts";

export const SETTLE: Millis = 50;
export const IN_PLACE_SETTLE: Millis = 1_000;

export interface Sighting {
  readonly stat: BigIntStats;
  /** Since when the file has been seen with this very signature. */
  readonly since: Millis;
  /** The watch saw it being written under this name. */
  readonly inPlace: boolean;
}

/** Milliseconds still to wait, or 0. The time seen counts as well as mtime, which may lie in the future. */
export function unsettledFor(sighting: Sighting, now: Millis): Millis {
  const { stat, since, inPlace } = sighting;
  const lastWasWrite = stat.ctimeNs === stat.mtimeNs;
  const quiet = inPlace && lastWasWrite ? IN_PLACE_SETTLE : SETTLE;
  const age = Math.max(now - Number(stat.mtimeMs), now - since);
  return Math.max(0, Math.ceil(quiet - age));
}
