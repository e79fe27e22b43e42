/** Short ways to make values, and the orders and identities that values have among themselves. */
import { numberText } from "../convert.ts";
import type { Range } from "../source.ts";
import type { Entry, NumberValue, ObjectValue, Value } from "../tree.ts";

/** `digits` are kept where a double would lose some. */
export function numberValue(value: number, range: Range, digits?: string): NumberValue {
  const exact = digits === undefined || !Number.isInteger(value) || Number.isSafeInteger(value);
  return exact ? { kind: "number", value, range } : { kind: "number", value, text: digits, range };
}

export function stringValue(value: string, range: Range): Value {
  return { kind: "string", value, range };
}

export function listOf(items: readonly Value[], range: Range): Value {
  return { kind: "list", items, range };
}

export function listOfStrings(texts: readonly string[], range: Range): Value {
  return listOf(
    texts.map((text) => stringValue(text, range)),
    range,
  );
}

/** In the order of the keys. */
export function mapOf(entries: Iterable<readonly [string, Value]>, range: Range): ObjectValue {
  const sorted = [...entries].toSorted(([a], [b]) => compareTexts(a, b));
  return { kind: "object", entries: sorted.map(([key, value]): Entry => ({ key, keyRange: range, value })), range };
}

export function sortedEntries(map: ObjectValue): readonly Entry[] {
  return map.entries.toSorted((a, b) => compareTexts(a.key, b.key));
}

/** By code points, which is also the order of UTF-8 bytes; JavaScript's own order is that of UTF-16. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    if (a.charCodeAt(index) === b.charCodeAt(index)) continue;
    const [left, right] = [codePointAround(a, index), codePointAround(b, index)];
    return left - right;
  }
  return a.length - b.length;
}

/** A low surrogate stands for the character that it ends. */
function codePointAround(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  const isLow = unit >= 0xdc00 && unit <= 0xdfff;
  return text.codePointAt(isLow && index > 0 ? index - 1 : index) ?? 0;
}

/** The decimal digits of a number. */
export function digitsOf(number: NumberValue): string {
  if (Number.isInteger(number.value) && !Number.isSafeInteger(number.value)) {
    return number.text ?? numberText(number.value);
  }
  return numberText(number.value);
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
