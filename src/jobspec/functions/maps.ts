/** Functions of maps, and of values of any kind. */
import { convertTo } from "../hcl/conversion.ts";
import { ANY, sameType, typeOf } from "../hcl/types.ts";
import { unify } from "../hcl/unify.ts";
import { SourceError } from "../problems.ts";
import type { ListValue, ObjectValue, Type, Value } from "../tree.ts";
import { define, wrong, wrongCall } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import { isUnordered, listOf, listOfStrings, mapOf, sortedEntries, tupleOf } from "./values.ts";

const MAP = { name: "map", wants: "map" } as const;

export const MAPS: readonly HclFunction[] = [
  define("coalesce", {
    parameters: [],
    rest: { name: "values", wants: "any", nullable: true },
    summary: "The first value that is not null; all must be of one type, or strings after conversion.",
    example: 'coalesce(null, "a", "b")',
    call(values, at) {
      const type = commonType(values);
      if (type === undefined) throw wrongCall(at, "The values of coalesce() have no type in common");
      const found = values.find(({ kind }) => kind !== "null");
      if (found === undefined) throw wrongCall(at, "coalesce() finds no value that is not null");
      return convertTo(found, type);
    },
  }),
  define("keys", {
    parameters: [MAP],
    summary: "The keys of the map, sorted.",
    example: "keys({ b = 2, a = 1 })",
    call([map], at) {
      const names = sortedEntries(map).map(({ key }) => key);
      const keys = listOfStrings(names, at.range);
      return map.element === undefined ? tupleOf(keys.items, at.range) : keys;
    },
  }),
  define("lookup", {
    parameters: [MAP, { name: "key", wants: "string" }, { name: "default", wants: "any" }],
    summary: "What the map has under the key, or else the default.",
    example: 'lookup({ a = "x" }, "b", "none")',
    call([map, key, preset], at) {
      const fallback = map.element === undefined ? preset : asElement(preset, map.element, at);
      return map.entries.find((entry) => entry.key === key)?.value ?? fallback;
    },
  }),
  define("merge", {
    parameters: [],
    rest: { name: "maps", wants: "any", nullable: true },
    summary: "One map with the keys of all; of those that several have, the last counts.",
    example: "merge({ a = 1, b = 1 }, { b = 2 })",
    call: (maps, at) => merged(maps, at),
  }),
  define("values", {
    parameters: [MAP],
    summary: "The values of the map, in the order of their keys.",
    example: "values({ b = 2, a = 1 })",
    call([map], at) {
      const values = sortedEntries(map).map(({ value }) => value);
      return map.element === undefined ? tupleOf(values, at.range) : listOf(map.element, values, at.range);
    },
  }),
  define("zipmap", {
    parameters: [
      { name: "keys", wants: "list of strings" },
      { name: "values", wants: "list" },
    ],
    summary: "A map from the first list, which has the keys, to the second, which has as many values.",
    example: 'zipmap(["a", "b"], [1, 2])',
    call: ([keys, values], at) => zipped(keys, values, at),
  }),
];

/** With null among them, only values without parts need to have one. */
function commonType(values: readonly Value[]): Type | undefined {
  const type = unify(values.map(typeOf));
  if (values.every(({ kind }) => kind !== "null")) return type;
  const kinds = new Set(values.map((value) => typeOf(value).kind));
  if (kinds.has("object") && kinds.has("tuple")) return undefined;
  return type?.kind === "string" || type?.kind === "number" || type?.kind === "bool" ? type : ANY;
}

function asElement(value: Value, element: Type, at: CallSite): Value {
  try {
    return convertTo(value, element);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw wrong(at, 2, "The default of lookup() does not fit the values of the map", error.problem.summary);
  }
}

function merged(maps: readonly Value[], at: CallSite): Value {
  const given = maps.flatMap((value, index): readonly ObjectValue[] => {
    if (value.kind === "object") return [value];
    if (value.kind !== "null") throw wrong(at, index, "merge() takes maps only");
    return [];
  });
  const entries = new Map(given.flatMap((map) => map.entries.map(({ key, value }) => [key, value])));
  const result = mapOf(entries, at.range);
  const [first] = given.map(typeOf);
  const isMap = first?.kind === "map" && given.every((map) => sameType(typeOf(map), first));
  return isMap ? { ...result, element: first.element } : result;
}

function zipped(keys: readonly (string | null)[], values: ListValue, at: CallSite): Value {
  const { items, collection } = values;
  if (isUnordered(values)) throw wrong(at, 1, "zipmap() takes no sets, because their items have no order");
  if (keys.length !== items.length) {
    throw wrong(at, 1, `zipmap() has ${keys.length} keys for ${items.length} values`);
  }
  const entries = new Map<string, Value>();
  keys.forEach((key, index) => {
    const value = items[index];
    if (key === null) throw wrong(at, 0, `A key of zipmap() must not be null: it is item ${index}, counted from 0`);
    if (value !== undefined) entries.set(key, value);
  });
  const result = mapOf(entries, at.range);
  return collection === undefined ? result : { ...result, element: collection.element };
}
