/** Go's notation for durations ("1m30s", "500ms"), which Nomad's job files use. */
import type { Millis } from "../../model/job.ts";

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "\u00B5s": 1e-3,
  "\u03BCs": 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00B5s|\u03BCs|ms|s|m|h)/y;

/** Go counts nanoseconds in 64 bits: about 292 years. */
const MAX_MILLIS = 2 ** 63 / 1e6;

/** undefined: not a duration, or one that Go could not hold. */
export function parseDuration(text: string): Millis | undefined {
  const sign = text.startsWith("-") ? -1 : 1;
  const rest = text.replace(/^[+-]/, "");
  if (rest === "0") return 0;
  let total = 0;
  let at = 0;
  while (at < rest.length) {
    PART.lastIndex = at;
    const found = PART.exec(rest);
    if (found === null) return undefined;
    total += Number(found[1]) * (UNITS[found[2] ?? ""] ?? 0);
    at = PART.lastIndex;
  }
  return rest === "" || total >= MAX_MILLIS ? undefined : sign * total;
}

/** A number alone counts nanoseconds, as in Nomad. */
export function nanoseconds(count: number): Millis {
  return count / 1e6;
}
