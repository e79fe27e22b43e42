/** Random jobs as trees: a few rows of the table of the job spec at a time, each with a value, put into one job. */
import type { Plain } from "../../src/jobspec/schema/table/rows.ts";
import type { Chance } from "../sim/random.ts";
import { fileWith, pathOf, sampleOf, spots, type Spot, type Tree } from "../unit/jobspec/rows.ts";
import { pick } from "./pick.ts";

/** One row and what is written there. */
export interface Choice {
  readonly spot: Spot;
  readonly value: Plain | Tree;
}

const SPOTS = spots().filter(({ around, row }) =>
  [...around, row].every(({ support }) => support?.state !== "refused"),
);

const TEXTS = [
  "x",
  "a b",
  "é",
  "1",
  "${NOMAD_ALLOC_ID}",
  "$${x}",
  'say "hi"',
  "back\\slash",
  "two\nlines",
  "true",
  "0x1f",
  "null",
  "~",
  "- a",
];
const DURATIONS = ["5s", "1m30s", "1h", "250ms"];

export function chooseRows(chance: Chance): Choice[] {
  return Array.from({ length: chance.between(1, 12) }, () => {
    const spot = pick(chance, SPOTS);
    return { spot, value: valueFor(chance, spot) };
  });
}

function valueFor(chance: Chance, spot: Spot): Plain | Tree {
  const { row } = spot;
  if (row.kind === "block" || row.choices !== undefined || chance.happens(0.5)) return sampleOf(spot);
  switch (row.type) {
    case "text":
      return pick(chance, TEXTS);
    case "integer":
      return pick(chance, [0, 1, 9, 80, "12"]);
    case "number":
      return pick(chance, [0, 0.25, 2, "1.5"]);
    case "bool":
      return pick(chance, [true, false, "true"]);
    case "duration":
      return pick(chance, [...DURATIONS, 1_000_000_000]);
    case "texts":
      return [pick(chance, TEXTS), pick(chance, TEXTS)];
    case "text map":
      return { a: pick(chance, TEXTS), "b-c": pick(chance, [1, true, "x"]) };
    case "texts map":
      return { a: [pick(chance, TEXTS)] };
    case "opaque map":
      return { a: pick(chance, [1, true, "x", 1.5]), b: pick(chance, TEXTS) };
  }
}

/** All of them in one job. */
export function treeOf(choices: readonly Choice[]): Tree {
  return choices.map(({ spot, value }) => JSON.parse(fileWith(spot, value)) as Tree).reduce(merged, {});
}

function merged(one: Tree, other: Tree): Tree {
  const result = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = result[key];
    result[key] = isTree(before) && isTree(value) ? merged(before, value) : value;
  }
  return result;
}

export function isTree(value: Plain | Tree | undefined): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function toldChoices(choices: readonly Choice[]): string {
  return choices.map(({ spot, value }) => `${pathOf(spot)} = ${JSON.stringify(value)}`).join("\n  ");
}
