/** The items of sets: each once, in the order that cty gives them. */
import { compareDecimals } from "../decimal.ts";
import { toDecimal, toText } from "../convert.ts";
import type { Value } from "../tree.ts";

export function isSet(value: Value): boolean {
  return value.kind === "list" && value.collection?.kind === "set";
}

/** Numbers by size, strings by code points, false before true; null comes last. */
export function distinctSorted(items: readonly Value[]): readonly Value[] {
  const byKey = new Map(items.toReversed().map((item) => [keyOf(item), item]));
  return [...byKey.values()].toSorted(compareItems);
}

/** Equal for equal values of one type. */
export function keyOf(value: Value): string {
  if (value.kind === "list") return `[${value.items.map(keyOf).join(",")}]`;
  if (value.kind !== "object") return value.kind === "null" ? "null" : JSON.stringify([value.kind, toText(value)]);
  const entries = value.entries.toSorted((a, b) => compareTexts(a.key, b.key));
  return `{${entries.map((entry) => `${JSON.stringify(entry.key)}:${keyOf(entry.value)}`).join(",")}}`;
}

function compareItems(a: Value, b: Value): number {
  if (a.kind === "null" || b.kind === "null") return Number(a.kind === "null") - Number(b.kind === "null");
  if (a.kind === "number" && b.kind === "number") {
    const [x, y] = [toDecimal(a), toDecimal(b)];
    return x === undefined || y === undefined ? a.value - b.value : compareDecimals(x, y);
  }
  return compareTexts(toText(a) ?? keyOf(a), toText(b) ?? keyOf(b));
}

/** By code points, as Go compares strings. */
export function compareTexts(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    if (a[at] === b[at]) continue;
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    const surrogates = Number(isSurrogate(x)) - Number(isSurrogate(y));
    return surrogates === 0 ? x - y : surrogates;
  }
  return a.length - b.length;
}

/** Half of a character beyond the first 65536, which sorts after all of those. */
function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
