/** Replaces what a regular expression matches, as Go's `ReplaceAllString` does. */
import { findMatch } from "./machine.ts";
import type { Match } from "./machine.ts";
import { parseRegex } from "./parser.ts";
import type { Regex } from "./parser.ts";
import { compileRegex } from "./program.ts";

/** `$1`, `${1}`, `$name` and `${name}` of the replacement stand for groups. Throws RegexMistake. `pay` is told of all work. */
export function replaceAll(text: string, pattern: string, replacement: string, pay: (work: number) => void): string {
  pay(pattern.length);
  const regex = parseRegex(pattern);
  const program = compileRegex(regex.node);
  const characters = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  pay(program.length + characters.length);
  const pieces: string[] = [];
  let copied = 0;
  let from = 0;
  while (from <= characters.length) {
    const match = findMatch(program, characters, from, pay);
    if (match === undefined) break;
    const [start = 0, end = 0] = match;
    pieces.push(textOf(characters, copied, start));
    // An empty match right after another one does not count.
    if (end > copied || start === 0) pieces.push(expanded(replacement, regex, characters, match, pay));
    copied = end;
    from = end > from ? end : from + 1;
  }
  return pieces.join("") + textOf(characters, copied, characters.length);
}

function textOf(characters: readonly number[], start: number, end: number): string {
  return characters
    .slice(start, end)
    .map((codePoint) => String.fromCodePoint(codePoint))
    .join("");
}

const REFERENCE = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

function expanded(
  replacement: string,
  { groups, names }: Regex,
  characters: readonly number[],
  match: Match,
  pay: (work: number) => void,
): string {
  const result = replacement.replaceAll(REFERENCE, (all: string, bare?: string, braced?: string) => {
    if (all === "$$") return "$";
    const name = bare ?? braced ?? "";
    const candidates = /^(?:0|[1-9]\d*)$/.test(name) ? [Number(name)] : (names.get(name) ?? []);
    const index = candidates.find((group) => group <= groups && match[group * 2 + 1] !== undefined) ?? -1;
    return index < 0 ? "" : textOf(characters, match[index * 2] ?? 0, match[index * 2 + 1] ?? 0);
  });
  pay(result.length);
  return result;
}
