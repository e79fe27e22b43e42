/** Values that are passed on as they are, for someone else to understand: the proxy's `config`. */
import type { Problems } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Value } from "../tree.ts";
import { placeOf } from "./places.ts";
import type { Plain } from "./table/rows.ts";

/**
 * A map inside becomes a list of that one map, which makes `a { … }` and `a = { … }` the same, as Nomad has it. A null
 * anywhere is refused: Consul 1.8 takes it, and then fails every later reading of the node.
 */
export function opaqueConfig(problems: Problems): (value: Value, keyRange: Range) => Plain {
  const opaque = (value: Value, keyRange: Range): Plain => {
    const read = plain(value, keyRange);
    return value.kind === "object" ? [read] : read;
  };
  const plain = (value: Value, keyRange: Range): Plain => {
    switch (value.kind) {
      case "null":
        problems.add(placeOf(value, keyRange), "A null is not supported yet in a proxy's config", "Take it out");
        return null;
      case "list":
        return value.items.map((item) => plain(item, keyRange));
      case "object":
        return Object.fromEntries(value.entries.map((entry) => [entry.key, opaque(entry.value, entry.keyRange)]));
      default:
        return value.value;
    }
  };
  return opaque;
}
