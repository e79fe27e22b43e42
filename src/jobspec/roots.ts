/** What expressions ask for the values behind `var` and `local`. */
import type { Range } from "./source.ts";
import type { Value } from "./tree.ts";

/** The names that have a meaning while a job file is read; all others are for the starting task. */
export type Root = "var" | "local";

export function isRoot(name: string): name is Root {
  return name === "var" || name === "local";
}

/** Both throw SourceError when there is no such name, or no value behind it. */
export interface Roots {
  get(root: Root, name: string, range: Range): Value;
  /** All of them as one object. */
  all(root: Root, range: Range): Value;
}
