/** All functions of job files, by name; `try`, `can` and `convert` take expressions, and the evaluator itself sees to them. */
import { DATES } from "./dates.ts";
import type { HclFunction } from "./define.ts";
import { ENCODING } from "./encoding.ts";
import { FILES } from "./file-functions.ts";
import { FORMATS } from "./format.ts";
import { HASHES } from "./hashes.ts";
import { LISTS } from "./lists.ts";
import { MAPS } from "./maps.ts";
import { NETWORK } from "./network.ts";
import { NUMERIC } from "./numeric.ts";
import { PATTERNS } from "./patterns.ts";
import { SETS } from "./sets.ts";
import { STRINGS } from "./strings.ts";
import { UUIDS } from "./uuids.ts";

/** In the order of the docs. */
export const FAMILIES: ReadonlyMap<string, readonly HclFunction[]> = new Map([
  ["Numbers", NUMERIC],
  ["Texts", [...STRINGS, ...FORMATS, ...PATTERNS]],
  ["Lists", LISTS],
  ["Sets", SETS],
  ["Maps and values", MAPS],
  ["Encodings", ENCODING],
  ["Dates", DATES],
  ["Hashes, keys and UUIDs", [...HASHES, ...UUIDS]],
  ["IP networks", NETWORK],
  ["Files", FILES],
]);

export const FUNCTIONS: ReadonlyMap<string, HclFunction> = new Map(
  [...FAMILIES.values()].flat().map((each) => [each.name, each]),
);
