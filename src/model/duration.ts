/** Durations as people write them in job files. */
import type { Millis } from "./job.ts";

const UNITS = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

/** Go's notation, as short as it goes: 90000 is 1m30s. */
export function durationText(millis: Millis): string {
  const parts: string[] = [];
  let rest = Math.abs(millis);
  for (const [unit, size] of UNITS) {
    const count = unit === "ms" ? rest : Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
  }
  return parts.length === 0 ? "0s" : `${millis < 0 ? "-" : ""}${parts.join("")}`;
}
