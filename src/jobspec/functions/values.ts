/** Short ways to make values, and the orders and identities that values have among themselves. */
import { numberText, toDecimal } from "../convert.ts";
import { compareDecimals, decimalText } from "../decimal.ts";
import { compareTexts } from "../hcl/sets.ts";
import type { Range } from "../source.ts";
import type { Entry, ListValue, NumberValue, ObjectValue, Type, Value } from "../tree.ts";

export function stringValue(value: string, range: Range): Value {
  return { kind: "string", value, range };
}

export function tupleOf(items: readonly Value[], range: Range): ListValue {
  return { kind: "list", items, range };
}

/** The items are of the type. */
export function listOf(element: Type, items: readonly Value[], range: Range): ListValue {
  return { kind: "list", items, range, collection: { kind: "list", element } };
}

export function listOfStrings(texts: readonly string[], range: Range): ListValue {
  const items = texts.map((text) => stringValue(text, range));
  return listOf({ kind: "string" }, items, range);
}

/** The items of sets have no indices. */
export function isUnordered(value: Value): boolean {
  return value.kind === "list" && value.collection?.kind === "set";
}

/** In the order of the keys. */
export function mapOf(entries: Iterable<readonly [string, Value]>, range: Range): ObjectValue {
  const sorted = [...entries].toSorted(([a], [b]) => compareTexts(a, b));
  return { kind: "object", entries: sorted.map(([key, value]): Entry => ({ key, keyRange: range, value })), range };
}

export function sortedEntries(map: ObjectValue): readonly Entry[] {
  return map.entries.toSorted((a, b) => compareTexts(a.key, b.key));
}

/** All digits of a number. */
export function digitsOf(number: NumberValue): string {
  const exact = toDecimal(number);
  return exact === undefined ? numberText(number.value) : decimalText(exact);
}

export function compareNumbers(a: NumberValue, b: NumberValue): number {
  const [x, y] = [toDecimal(a), toDecimal(b)];
  return x === undefined || y === undefined ? a.value - b.value : compareDecimals(x, y);
}

/** Two values are equal iff their identities are. */
export function identity(value: Value): string {
  switch (value.kind) {
    case "string":
      return JSON.stringify(value.value);
    case "number":
      return digitsOf(value);
    case "list":
      return `[${value.items.map(identity).join(",")}]`;
    case "object":
      return `{${sortedEntries(value)
        .map((entry) => `${JSON.stringify(entry.key)}:${identity(entry.value)}`)
        .join(",")}}`;
    default:
      return value.kind === "null" ? "null" : String(value.value);
  }
}
