/** Values that are passed on as they are, for someone else to understand: the proxy's `config`. */
import type { Value } from "../tree.ts";

/** A map inside becomes a list of that one map, which makes `a { … }` and `a = { … }` the same, as Nomad has it. */
export function opaqueConfig(value: Value): unknown {
  return value.kind === "object" ? [plain(value)] : plain(value);
}

function plain(value: Value): unknown {
  switch (value.kind) {
    case "null":
      return null;
    case "list":
      return value.items.map(plain);
    case "object":
      return Object.fromEntries(value.entries.map((entry) => [entry.key, opaqueConfig(entry.value)]));
    default:
      return value.value;
  }
}
