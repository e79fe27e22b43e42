/** Values that are passed on as they are, for someone else to understand: the proxy's `config`. */
import type { Problems } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Value } from "../tree.ts";
import { placeOf } from "./places.ts";
import type { Plain } from "./table/rows.ts";

/**
 * For the entries of a block: a map becomes a list of that one map, which makes `a { … }` and `a = { … }` the same; maps inside
 * of it stay maps (Nomad's rule). A null anywhere is refused: Consul 1.8 takes it, and then fails every later reading of the
 * node.
 */
export function opaqueConfig(problems: Problems): (value: Value, keyRange: Range) => Plain {
  const plain = (value: Value, keyRange: Range): Plain => {
    switch (value.kind) {
      case "null":
        problems.add(placeOf(value, keyRange), "A null is not supported yet in a proxy's config", "Take it out");
        return null;
      case "list":
        return value.items.map((item) => plain(item, keyRange));
      case "object":
        return Object.fromEntries(value.entries.map((entry) => [entry.key, plain(entry.value, entry.keyRange)]));
      default:
        return value.value;
    }
  };
  return (value, keyRange) => (value.kind === "object" ? [plain(value, keyRange)] : plain(value, keyRange));
}
