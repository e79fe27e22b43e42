/** Functions that take lists as sets: nothing twice, and in an order of their own. */
import type { Range } from "../source.ts";
import type { Value } from "../tree.ts";
import { define, wrong } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import { unified } from "./unify.ts";
import { compareTexts, identity, listOf, sortedEntries } from "./values.ts";

const FIRST = { name: "set", wants: "list of one type" } as const;
const OTHERS = { name: "sets", wants: "list of one type" } as const;

export const SETS: readonly HclFunction[] = [
  define("setintersection", {
    parameters: [FIRST],
    rest: OTHERS,
    summary: "What all sets have, sorted.",
    example: 'setintersection(["c", "b", "a"], ["b", "c"])',
    call: (sets, at) => combined("setintersection", sets, (all, item) => all.every((set) => set.has(item)), at),
  }),
  define("setproduct", {
    parameters: [],
    rest: { name: "sets", wants: "list of one type" },
    summary: "Every way to take one item of each.",
    example: 'setproduct(["a", "b"], [1, 2])',
    call(sets, at) {
      if (sets.length < 2) throw wrong(at, -1, "setproduct() takes at least 2 sets");
      const count = sets.reduce((product, set) => product * set.length, sets.length + 1);
      at.budget.spend(count, at.range);
      const empty: readonly (readonly Value[])[] = [[]];
      const rows = sets.reduce((all, set) => all.flatMap((row) => set.map((item) => [...row, item])), empty);
      return listOf(
        rows.map((row) => listOf(row, at.range)),
        at.range,
      );
    },
  }),
  define("setunion", {
    parameters: [FIRST],
    rest: OTHERS,
    summary: "What any of the sets has, once and sorted.",
    example: 'setunion(["b", "a"], ["c", "b"])',
    call: (sets, at) => combined("setunion", sets, () => true, at),
  }),
];

/** The items of all sets for which `has` says yes, given the identities in each set and its own. */
function combined(
  name: string,
  sets: readonly (readonly Value[])[],
  has: (sets: readonly ReadonlySet<string>[], item: string) => boolean,
  at: CallSite,
): Value {
  const all = unified(sets.flat());
  if (all === undefined) throw wrong(at, -1, `The sets of ${name}() have no type in common`);
  let start = 0;
  const identities = sets.map((set) => new Set(all.slice(start, (start += set.length)).map(identity)));
  return asSet(
    all.filter((item) => has(identities, identity(item))),
    at.range,
  );
}

/** Nothing twice, and sorted: texts by code points, numbers by size, false before true, null last. */
export function asSet(items: readonly Value[], range: Range): Value {
  const unique = [...new Map(items.map((item) => [identity(item), item])).values()];
  return listOf(unique.toSorted(compare), range);
}

function compare(a: Value, b: Value): number {
  if (a.kind === "null" || b.kind === "null") return Number(a.kind === "null") - Number(b.kind === "null");
  if (a.kind === "number" && b.kind === "number") return a.value - b.value;
  if (a.kind === "string" && b.kind === "string") return compareTexts(a.value, b.value);
  return compareTexts(sortKey(a), sortKey(b));
}

/** Lists and maps are ordered by a text of what is in them; keys play no part. */
function sortKey(value: Value): string {
  if (value.kind === "list") return `<${value.items.map((item) => `${sortKey(item)};`).join("")}>`;
  if (value.kind === "object")
    return `<${sortedEntries(value)
      .map((entry) => `${sortKey(entry.value)};`)
      .join("")}>`;
  if (value.kind === "bool") return value.value ? "T" : "F";
  return value.kind === "null" ? "~" : identity(value);
}
