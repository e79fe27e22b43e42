/** Functions that take lists as sets: nothing twice, and in an order of their own. */
import { convertTo } from "../hcl/conversion.ts";
import { typeOf } from "../hcl/types.ts";
import { unify } from "../hcl/unify.ts";
import type { ListValue, Type, Value } from "../tree.ts";
import { define, wrong, wrongCall } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import { identity, isUnordered, listOf, tupleOf } from "./values.ts";

const FIRST = { name: "set", wants: "set" } as const;
const OTHERS = { name: "sets", wants: "set" } as const;

export const SETS: readonly HclFunction[] = [
  define("setintersection", {
    parameters: [FIRST],
    rest: OTHERS,
    summary: "What all sets have, sorted.",
    example: 'setintersection(["c", "b", "a"], ["b", "c"])',
    call(sets, at) {
      const [first, ...others] = ofOneType("setintersection", sets, at);
      const keys = others.map(({ items }) => new Set(items.map(identity)));
      const common = (first?.items ?? []).filter((item) => keys.every((set) => set.has(identity(item))));
      return { ...(first ?? tupleOf([], at.range)), items: common };
    },
  }),
  define("setproduct", {
    parameters: [],
    rest: { name: "sets", wants: "list" },
    summary: "Every way to take one item of each.",
    example: 'setproduct(["a", "b"], [1, 2])',
    call: (sets, at) => product(sets, at),
  }),
  define("setunion", {
    parameters: [FIRST],
    rest: OTHERS,
    summary: "What any of the sets has, once and sorted.",
    example: 'setunion(["b", "a"], ["c", "b"])',
    call(sets, at) {
      const [first, ...others] = ofOneType("setunion", sets, at);
      const items = [first, ...others].flatMap((set) => set?.items ?? []);
      return convertTo(tupleOf(items, at.range), typeOf(first ?? tupleOf([], at.range)));
    },
  }),
];

/** The types of empty sets do not matter. */
function ofOneType(name: string, sets: readonly ListValue[], at: CallSite): readonly ListValue[] {
  const types = sets.flatMap(({ items, collection }) =>
    collection === undefined || (items.length === 0 && collection.element.kind === "any") ? [] : [collection.element],
  );
  const element = unify(types);
  if (element === undefined) throw wrongCall(at, `The sets of ${name}() have no type in common`);
  return sets.map((set): ListValue => {
    const converted = convertTo(tupleOf(set.items, set.range), { kind: "set", element });
    return converted.kind === "list" ? converted : set;
  });
}

/** A list if there are only lists, else a set. */
function product(sets: readonly ListValue[], at: CallSite): Value {
  if (sets.length < 2) throw wrongCall(at, "setproduct() takes at least 2 sets");
  const types = sets.map((set, index) => elementOf(set, index, at));
  at.budget.spend(
    sets.reduce((count, { items }) => count * items.length, sets.length + 1),
    at.range,
  );
  const empty: readonly (readonly Value[])[] = [[]];
  const rows = sets.reduce((all, set) => all.flatMap((row) => set.items.map((item) => [...row, item])), empty);
  const element: Type = { kind: "tuple", items: types };
  const tuples = rows.map((row) => convertTo(tupleOf(row, at.range), element));
  const list = listOf(element, tuples, at.range);
  return sets.some(isUnordered) ? convertTo(list, { kind: "set", element }) : list;
}

function elementOf({ items, collection }: ListValue, index: number, at: CallSite): Type {
  const type = collection?.element ?? unify(items.map(typeOf));
  if (type === undefined) throw wrong(at, index, "The items of a set have no type in common");
  return type;
}
