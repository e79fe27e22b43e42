/** Where a path that a job writes leads to. */

/** A task's directory is one below the allocation's; references count as one part of the path (as in Nomad). */
const DEPTH = 1;

/** Does it lead out of the allocation's directory? It starts in that of a task, even with a slash before it. */
export function escapes(path: string): boolean {
  let depth = DEPTH;
  for (const part of path.split("/")) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
