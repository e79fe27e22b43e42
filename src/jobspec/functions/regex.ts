/** Regular expressions in RE2's syntax, by a port of RE2: the time grows with the text, never with the ways through it. */
import { RE2JS, RE2JSException } from "re2js";
import type { Matcher } from "re2js";

/** Why a text is no regular expression, or no pattern of file names. */
export class RegexMistake extends Error {}

/** Characters; a longer one takes noticeable time to compile. */
const MAX_PATTERN = 10_000;

/** Throws RegexMistake. `pay` is told of the work. */
export function compileRegex(pattern: string, pay: (work: number) => void): RE2JS {
  pay(pattern.length);
  if (pattern.length > MAX_PATTERN) throw new RegexMistake(`It is longer than ${MAX_PATTERN} characters`);
  try {
    const regex = RE2JS.compile(pattern);
    pay(regex.programSize());
    return regex;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new RegexMistake(error.message.replace(/^error parsing regexp: /, ""), { cause: error });
  }
}

/**
 * As Go's `ReplaceAllString`: `$1`, `${1}`, `$name` and `${name}` of the replacement stand for groups, `$$` for a dollar. Throws
 * RegexMistake. `pay` is told of all work.
 */
export function replaceAll(text: string, pattern: string, replacement: string, pay: (work: number) => void): string {
  const regex = compileRegex(pattern, pay);
  pay(text.length * regex.programSize());
  const matcher = regex.matcher(text);
  const pieces: string[] = [];
  let copied = 0;
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    // An empty match right after another one does not count.
    if (end === start && start === copied && start > 0) continue;
    const piece = expanded(replacement, matcher, regex.namedGroups());
    pay(piece.length);
    pieces.push(text.slice(copied, start), piece);
    copied = end;
  }
  return pieces.join("") + text.slice(copied);
}

const REFERENCE = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

/** A group that is not there, or took no part, is empty. */
function expanded(replacement: string, matcher: Matcher, names: Readonly<Record<string, number>>): string {
  return replacement.replaceAll(REFERENCE, (all: string, bare?: string, braced?: string) => {
    if (all === "$$") return "$";
    const name = bare ?? braced ?? "";
    const index = /^(?:0|[1-9]\d*)$/.test(name) ? Number(name) : (names[name] ?? -1);
    return index < 0 || index > matcher.groupCount() ? "" : (matcher.group(index) ?? "");
  });
}
