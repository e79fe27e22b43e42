/** Functions of lists. */
import { numberText } from "../convert.ts";
import { convertTo } from "../hcl/conversion.ts";
import { sameType, typeOf } from "../hcl/types.ts";
import { unify } from "../hcl/unify.ts";
import type { ObjectValue, Value } from "../tree.ts";
import { define, wrong, wrongCall } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import { RANGE } from "./range.ts";
import { identity, isUnordered, listOf, listOfStrings, tupleOf } from "./values.ts";

const LIST = { name: "list", wants: "list" } as const;
const UNIFORM = { name: "list", wants: "list of one type" } as const;
const MORE_LISTS = { name: "lists", wants: "list" } as const;

/** What braces make is an object to HCL. */
const NO_OBJECT = "What is written in braces is an object; convert(…, map(any)) makes it a map";

export const LISTS: readonly HclFunction[] = [
  define("chunklist", {
    parameters: [UNIFORM, { name: "size", wants: "integer" }],
    summary: "The list cut into lists of a size, the last of which may be shorter; 0 leaves it whole.",
    example: "chunklist([1, 2, 3], 2)",
    call([list, size], at) {
      if (size < 0) throw wrong(at, 1, `chunklist() cannot make lists of ${size}`);
      const { length } = list.items;
      const step = size === 0 ? length : size;
      const chunks: Value[] = [];
      for (let start = 0; start < length; start += step) {
        chunks.push({ ...list, items: list.items.slice(start, start + step) });
      }
      return listOf(typeOf(list), chunks, at.range);
    },
  }),
  define("coalescelist", {
    parameters: [],
    rest: { name: "lists", wants: "any", nullable: true },
    summary: "The first of the lists that has an item.",
    example: "coalescelist([], [1, 2], [3])",
    call(lists, at) {
      lists.forEach((value, index) => {
        if ((value.kind !== "list" || isUnordered(value)) && value.kind !== "null")
          throw wrong(at, index, "coalescelist() takes lists only");
      });
      const found = lists.find((value) => value.kind === "list" && value.items.length > 0);
      if (found === undefined) throw wrongCall(at, "coalescelist() finds no list that has an item");
      return found;
    },
  }),
  define("compact", {
    parameters: [{ name: "list", wants: "list of strings" }],
    summary: "The list without null and empty texts.",
    example: 'compact(["a", "", null, "b"])',
    call: ([list], at) =>
      listOfStrings(
        list.flatMap((item) => (item === null || item === "" ? [] : [item])),
        at.range,
      ),
  }),
  define("concat", {
    parameters: [],
    rest: MORE_LISTS,
    summary: "All items of all lists.",
    example: 'concat(["a"], ["b", "c"])',
    call(lists, at) {
      if (lists.length === 0) throw wrong(at, 0, "concat() takes at least one list");
      lists.forEach((list, index) => {
        if (isUnordered(list)) throw wrong(at, index, "concat() takes no sets, because their items have no order");
      });
      const items = lists.flatMap((list) => list.items);
      const common = lists.every(({ collection }) => collection !== undefined) ? unify(lists.map(typeOf)) : undefined;
      const whole = tupleOf(items, at.range);
      return common === undefined ? whole : convertTo(whole, common);
    },
  }),
  define("contains", {
    parameters: [LIST, { name: "value", wants: "any" }],
    summary: "Is the value, of the same type, among the items?",
    example: 'contains(["a", "b"], "b")',
    call([list, value]) {
      const wanted = identity(value);
      const type = typeOf(value);
      return list.items.some((item) => identity(item) === wanted && sameType(typeOf(item), type));
    },
  }),
  define("distinct", {
    parameters: [UNIFORM],
    summary: "The list without items that were there before.",
    example: 'distinct(["a", "b", "a"])',
    call: ([list]) => ({ ...list, items: firsts(list.items) }),
  }),
  define("element", {
    parameters: [LIST, { name: "index", wants: "integer" }],
    summary: "The item at an index; past the end it starts again at the beginning.",
    example: 'element(["a", "b", "c"], 4)',
    call([list, index], at) {
      if (index < 0) throw wrong(at, 1, "The index of element() cannot be negative");
      if (isUnordered(list)) throw wrong(at, 0, "element() takes no sets, because their items have no order");
      const item = list.items[index % list.items.length];
      if (item === undefined) throw wrong(at, 0, "element() cannot choose from an empty list");
      return item;
    },
  }),
  define("flatten", {
    parameters: [LIST],
    summary: "The items, with those of lists inside lists in their place.",
    example: 'flatten([["a", ["b"]], [], "c"])',
    call: ([list], at) => tupleOf(flattened(list.items), at.range),
  }),
  define("index", {
    parameters: [
      { name: "collection", wants: "any" },
      { name: "key", wants: "any" },
    ],
    summary: "What the list has at an index, or the map under a key: another way to write `collection[key]`.",
    example: 'index(["a", "b"], 1)',
    call: ([collection, key], at) => indexed(collection, key, at),
  }),
  define("length", {
    parameters: [{ name: "collection", wants: "any" }],
    summary: "How many items a list or a map has.",
    example: 'length(["a", "b"])',
    call: ([collection], at) => sizeOf(collection, at),
  }),
  RANGE,
  define("slice", {
    parameters: [LIST, { name: "start", wants: "integer" }, { name: "end", wants: "integer" }],
    summary: "The items from a start up to, but without, an end.",
    example: 'slice(["a", "b", "c", "d"], 1, 3)',
    call([list, start, end], at) {
      const limits = `They are counted from 0, and the list has ${list.items.length} items`;
      if (isUnordered(list)) throw wrong(at, 0, "slice() takes no sets, because their items have no order");
      if (end < 0 || end > list.items.length) throw wrong(at, 2, `slice() cannot end at ${end}`, limits);
      if (start < 0 || start > end) throw wrong(at, 1, `slice() cannot start at ${start} to end at ${end}`, limits);
      return { ...list, items: list.items.slice(start, end) };
    },
  }),
];

function firsts(list: readonly Value[]): readonly Value[] {
  const seen = new Map<string, Value>();
  for (const item of list) {
    const key = identity(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

function flattened(items: readonly Value[]): readonly Value[] {
  return items.flatMap((item) => (item.kind === "list" ? flattened(item.items) : [item]));
}

function indexed(collection: Value, key: Value, at: CallSite): Value {
  if (collection.kind === "object" && collection.element !== undefined) return entryAt(collection, key, at);
  if (collection.kind !== "list" || isUnordered(collection))
    throw wrong(at, 0, "index() takes a list or a map", NO_OBJECT);
  if (key.kind !== "number") throw wrong(at, 1, "The index of a list is a number");
  const item = collection.items[key.value];
  if (item === undefined) {
    const count = `It has ${collection.items.length} items, counted from 0`;
    throw wrong(at, 1, `There is no item ${numberText(key.value)} in this list`, count);
  }
  return item;
}

function entryAt(map: ObjectValue, key: Value, at: CallSite): Value {
  if (key.kind !== "string") throw wrong(at, 1, "The key of a map is a string");
  const entry = map.entries.find((candidate) => candidate.key === key.value);
  if (entry === undefined) throw wrong(at, 1, `There is no ${JSON.stringify(key.value)} in this map`);
  return entry.value;
}

function sizeOf(collection: Value, at: CallSite): number {
  if (collection.kind === "list") return collection.items.length;
  if (collection.kind === "object" && collection.element !== undefined) return collection.entries.length;
  const detail = collection.kind === "string" ? "It does not count the characters of a text" : NO_OBJECT;
  throw wrong(at, 0, "length() counts the items of a list or a map", detail);
}
