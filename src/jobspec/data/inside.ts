/** Finds in the file what stands at some place of a string's value, where the string goes over several lines. */
import type { Range } from "../source.ts";

const SPACE = /\s/;

/**
 * `place` is of the value, `range` where the file has the string. A string on one line, and one that is written so differently
 * from its value that the place cannot be told, is shown from its start.
 */
export function rangeInside(file: string, range: Range, value: string, place: Range): Range {
  const source = file.slice(range.start, range.end);
  if (!source.includes("\n")) return range;
  const offset = offsetInside(source, value, place.start);
  return offset === undefined ? range : { start: range.start + offset, end: range.end };
}

/** Follows value and source together: only white space, escapes and doubled quotes may differ. */
function offsetInside(source: string, value: string, place: number): number | undefined {
  let at = contentStart(source);
  for (let index = 0; ; index++) {
    const wanted = value.charAt(index);
    const isSpace = wanted === "" || SPACE.test(wanted);
    if (!isSpace) at = findNext(source, at, wanted);
    if (at >= source.length && index < place) return undefined;
    if (index >= place && !isSpace) return at < source.length ? at : undefined;
    if (wanted === "") return index > place ? undefined : Math.min(at, source.length - 1);
    if (!isSpace || SPACE.test(source.charAt(at))) at++;
  }
}

/** After the quote, or the line with the sign of a block. */
function contentStart(source: string): number {
  if (/^["']/.test(source)) return 1;
  return /^[|>]/.test(source) ? source.indexOf("\n") + 1 : 0;
}

/** The end of the source if something else than white space and signs of quoting is in between. */
function findNext(source: string, from: number, wanted: string): number {
  let at = from;
  while (source.charAt(at) !== wanted || isEscape(source, at)) {
    if (!/[\s\\']/.test(source.charAt(at))) return source.length;
    at++;
  }
  return at;
}

/** One of two equal signs, of which the value has one. */
function isEscape(source: string, at: number): boolean {
  const sign = source.charAt(at);
  const isQuoted = sign === "\\" ? source.startsWith('"') : sign === "'" && source.startsWith("'");
  return isQuoted && source.charAt(at + 1) === sign;
}
