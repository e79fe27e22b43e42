/** Names that only look as if the starting task knew them: habits from other tools, and misspelt `var` and `local`. */
import { closest } from "../suggest.ts";

const ROOTS = ["var", "local"] as const;

/** What they are called in tools that read the same language. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ["locals", "local"],
  ["variable", "var"],
  ["variables", "var"],
  ["vars", "var"],
]);

/** First parts of names that have a meaning when a task starts. */
const KNOWN_LATER = new Set(["attr", "device", "env", "meta", "node"]);

/**
 * What was probably meant by the name `root` with the part `part` behind it, as a whole sentence; undefined where nothing tells
 * against it.
 */
export function meantByHabit(root: string, part: string): string | undefined {
  if (KNOWN_LATER.has(root)) return undefined;
  if (root === "each")
    return 'In a dynamic block the item is called as the block is: dynamic "service" has service.value';
  const meant = MEANT.get(root) ?? closest(root, ROOTS);
  return meant === undefined ? undefined : `Did you mean ${meant}.${part}?`;
}
