/** Finds the blocks in a JSON or YAML value: labels are nested keys, a list holds blocks that repeat (HCL's JSON syntax). */
import { kindName } from "../convert.ts";
import type { Problems } from "../problems.ts";
import type { Block, Entry, Label, Value } from "../tree.ts";

/** Problems are reported where a map of names, or a block, is expected and something else stands. */
export function expandBlocks(type: string, entry: Entry, labels: number, problems: Problems): Block[] {
  const known: Label[] = [];
  return expand({ type, entry, problems }, entry.value, labels, known);
}

interface Expansion {
  readonly type: string;
  readonly entry: Entry;
  readonly problems: Problems;
}

function expand(expansion: Expansion, value: Value, missing: number, labels: readonly Label[]): Block[] {
  if (value.kind === "list") return value.items.flatMap((item) => expandItem(expansion, item, missing, labels));
  return expandItem(expansion, value, missing, labels);
}

function expandItem(expansion: Expansion, value: Value, missing: number, labels: readonly Label[]): Block[] {
  const { type, entry, problems } = expansion;
  if (value.kind !== "object") {
    const wanted = missing > 0 ? `a map of names` : "a map";
    const label = labels.at(-1)?.text;
    const named = label === undefined ? undefined : `"${label}" is read as its name: write ${type}: {NAME: {…}}`;
    const hint = value.kind === "null" ? "Write {} for an empty block" : named;
    problems.add(placeOf(value, entry, labels), `"${type}" needs ${wanted} here, not ${kindName(value)}`, hint);
    return [];
  }
  if (missing === 0) {
    return [{ type, range: labels.at(-1)?.range ?? entry.keyRange, labels, body: { kind: "object", object: value } }];
  }
  return value.entries.flatMap(({ key, keyRange, value: inner }) => {
    return expand(expansion, inner, missing - 1, [...labels, { text: key, range: keyRange }]);
  });
}

/** An empty YAML value has no place of its own; its key has. */
function placeOf(value: Value, entry: Entry, labels: readonly Label[]) {
  const empty = value.range.start === value.range.end;
  return empty ? (labels.at(-1)?.range ?? entry.keyRange) : value.range;
}
