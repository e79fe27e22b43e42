/** Functions of maps, and of values of any kind. */
import type { ObjectValue, Value } from "../tree.ts";
import { define, wrong } from "./define.ts";
import type { HclFunction } from "./define.ts";
import { unified } from "./unify.ts";
import { listOf, listOfStrings, mapOf, sortedEntries } from "./values.ts";

const MAP = { name: "map", wants: "map" } as const;

export const MAPS: readonly HclFunction[] = [
  define("coalesce", {
    parameters: [],
    rest: { name: "values", wants: "any", nullable: true },
    summary: "The first value that is not null; all must be of one type, or strings after conversion.",
    example: 'coalesce(null, "a", "b")',
    call(args, at) {
      const values = unified(args);
      if (values === undefined) throw wrong(at, -1, "The values of coalesce() have no type in common");
      const found = values.find(({ kind }) => kind !== "null");
      if (found === undefined) throw wrong(at, -1, "coalesce() finds no value that is not null");
      return found;
    },
  }),
  define("keys", {
    parameters: [MAP],
    summary: "The keys of the map, sorted.",
    example: "keys({ b = 2, a = 1 })",
    call: ([map], at) =>
      listOfStrings(
        sortedEntries(map).map(({ key }) => key),
        at.range,
      ),
  }),
  define("lookup", {
    parameters: [MAP, { name: "key", wants: "string" }, { name: "default", wants: "any" }],
    summary: "What the map has under the key, or else the default.",
    example: 'lookup({ a = "x" }, "b", "none")',
    call: ([map, key, preset]) => map.entries.find((entry) => entry.key === key)?.value ?? preset,
  }),
  define("merge", {
    parameters: [],
    rest: { name: "maps", wants: "any", nullable: true },
    summary: "One map with the keys of all; of those that several have, the last counts.",
    example: "merge({ a = 1, b = 1 }, { b = 2 })",
    call(args, at) {
      const maps = args.flatMap((value, index): readonly ObjectValue[] => {
        if (value.kind === "object") return [value];
        if (value.kind !== "null") throw wrong(at, index, "merge() takes maps only");
        return [];
      });
      return mapOf(new Map(maps.flatMap((map) => map.entries.map(({ key, value }) => [key, value]))), at.range);
    },
  }),
  define("values", {
    parameters: [MAP],
    summary: "The values of the map, in the order of their keys.",
    example: "values({ b = 2, a = 1 })",
    call: ([map], at) =>
      listOf(
        sortedEntries(map).map(({ value }) => value),
        at.range,
      ),
  }),
  define("zipmap", {
    parameters: [
      { name: "keys", wants: "list of strings" },
      { name: "values", wants: "list" },
    ],
    summary: "A map from the first list, which has the keys, to the second, which has as many values.",
    example: 'zipmap(["a", "b"], [1, 2])',
    call([keys, values], at) {
      if (keys.length !== values.length) {
        throw wrong(at, 1, `zipmap() has ${keys.length} keys for ${values.length} values`);
      }
      const entries = new Map<string, Value>();
      keys.forEach((key, index) => {
        const value = values[index];
        if (key === null) throw wrong(at, 0, `A key of zipmap() must not be null: it is item ${index}, counted from 0`);
        if (value !== undefined) entries.set(key, value);
      });
      return mapOf(entries, at.range);
    },
  }),
];
