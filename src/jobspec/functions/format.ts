/** The functions `format` and `formatlist`. */
import type { Value } from "../tree.ts";
import { define, wrong } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import { listOfStrings } from "./values.ts";
import { writerOf } from "./verbs.ts";
import type { Verb } from "./verbs.ts";

const FORMAT = { name: "format", wants: "string" } as const;
const VALUES = { name: "values", wants: "any", nullable: true } as const;

const VERB = /%(?:%|([0#+ -]*)([1-9]\d*)?(?:\.(\d*))?(?:\[([1-9]\d*)\])?([a-zA-Z])|)/g;

export const FORMATS: readonly HclFunction[] = [
  define("format", {
    parameters: [FORMAT],
    rest: VALUES,
    summary: "The format with the values in the places of its verbs.",
    example: 'format("%s-%03d%%", "a", 7)',
    call: ([format, ...values], at) => formatted("format", format, values, at),
  }),
  define("formatlist", {
    parameters: [FORMAT],
    rest: VALUES,
    summary: "One text for every item of the lists among the values, which are as long as each other.",
    example: 'formatlist("%s:%d", ["a", "b"], 80)',
    call: ([format, ...values], at) =>
      listOfStrings(
        rowsOf(values, at).map((row) => formatted("formatlist", format, row, at)),
        at.range,
      ),
  }),
];

/** The values for each result. */
function rowsOf(values: readonly Value[], at: CallSite): (readonly Value[])[] {
  const lists = values.map((value) => (value.kind === "list" ? value.items : undefined));
  const length = lists.find((list) => list !== undefined)?.length ?? 1;
  const odd = lists.findIndex((list) => list !== undefined && list.length !== length);
  if (odd >= 0) {
    throw wrong(at, odd + 1, `A list of formatlist() has ${lists[odd]?.length} items, and one before it ${length}`);
  }
  at.budget.spend(length * (values.length + 1), at.range);
  return Array.from({ length }, (_, row) =>
    values.map((value, column) => {
      const list = lists[column];
      return list === undefined ? value : (list[row] ?? value);
    }),
  );
}

function formatted(name: string, format: string, values: readonly Value[], at: CallSite): string {
  let next = 0;
  let highest = 0;
  at.budget.spend(format.length, at.range);
  const result = format.replace(VERB, (raw: string, ...groups: unknown[]) => {
    if (raw === "%%") return "%";
    const [flags, width, precision, place, letter] = groups as (string | undefined)[];
    if (letter === undefined) throw unknownVerb(name, format, groups, at);
    const index = place === undefined ? next : Number(place) - 1;
    next = index + 1;
    highest = Math.max(highest, next);
    const verb = { letter, flags: flags ?? "", width: numeral(width), precision: numeral(precision) };
    return written(name, raw, verb, valueAt(name, raw, index, values, at), at);
  });
  if (values.length > highest) {
    const detail = highest === 0 ? "It has no verbs" : `It uses ${highest}`;
    throw wrong(at, highest + 1, `The format of ${name}() has no use for this value`, detail);
  }
  return result;
}

function unknownVerb(name: string, format: string, groups: readonly unknown[], at: CallSite) {
  const offset = groups.find((group) => typeof group === "number") ?? 0;
  const shown = JSON.stringify(format.slice(offset, offset + 10));
  return wrong(at, 0, `The format of ${name}() has no verb after the percent sign of ${shown}`, "A percent sign is %%");
}

function numeral(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function valueAt(name: string, raw: string, index: number, values: readonly Value[], at: CallSite): Value {
  const value = values[index];
  if (value !== undefined) return value;
  const detail = `It is number ${index + 1}, and there ${values.length === 1 ? "is" : "are"} ${values.length}`;
  throw wrong(at, 0, `The format of ${name}() has no value for ${raw}`, detail);
}

/** Widths are paid for before anything is made. */
function written(name: string, raw: string, verb: Verb, value: Value, at: CallSite): string {
  const write = writerOf(verb.letter);
  if (write === undefined) {
    throw wrong(
      at,
      0,
      `${name}() has no verb %${verb.letter}`,
      "It has %v %s %q %t %d %b %o %x %X %f %e %E %g %G and %%",
    );
  }
  if (value.kind === "null" && verb.letter !== "v") throw wrong(at, 0, `${name}() cannot write null as ${raw}`);
  at.budget.spend((verb.width ?? 0) + (verb.precision ?? 0) + 1, at.range);
  const result = write(verb, value, at);
  if (typeof result !== "string") throw wrong(at, 0, `${raw} of ${name}() ${result.reason}`);
  at.budget.spend(result.length, at.range);
  return result;
}
