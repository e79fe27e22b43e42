/** Sets of characters in regular expressions: `.`, `\d`, `[a-z]`, `[[:alpha:]]`, `\p{Greek}`. */
import { RegexMistake } from "./syntax.ts";
import type { Flags } from "./syntax.ts";
import type { Scanner } from "./scanner.ts";

export type Accepts = (codePoint: number) => boolean;

/** In JavaScript's syntax. */
const PERL: Readonly<Record<string, string>> = { d: "0-9", w: "0-9A-Za-z_", s: "\\t\\n\\f\\r " };

const POSIX: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** `.` */
export function anything(flags: Flags): Accepts {
  return flags.s ? () => true : (codePoint) => codePoint !== 10;
}

export function exactly(codePoint: number, flags: Flags): Accepts {
  if (!flags.i) return (other) => other === codePoint;
  return compiled(escapedCodePoint(codePoint), false, flags);
}

/** The class that an escape stands for, its letter not yet taken. undefined: the escape is no class. */
export function classEscape(scanner: Scanner, flags: Flags): Accepts | undefined {
  const letter = scanner.peek();
  const perl = PERL[letter.toLowerCase()];
  if (perl !== undefined) {
    scanner.take();
    return compiled(perl, letter !== letter.toLowerCase(), flags);
  }
  if (letter !== "p" && letter !== "P") return undefined;
  return unicodeClass(scanner, flags);
}

function unicodeClass(scanner: Scanner, flags: Flags): Accepts {
  const negative = scanner.take() === "P";
  const named = scanner.takeMatch(/\{(\^?)(\w+)\}/y) ?? scanner.takeMatch(/()([A-Z])/y);
  const [, caret = "", name = ""] = named ?? [];
  if (named === undefined) throw new RegexMistake("\\p needs the name of a class of characters, as in \\p{Greek}");
  if (name === "Any") return () => !(negative !== (caret === "^"));
  return compiled(`\\p{${isCategory(name) ? "" : "Script="}${name}}`, negative !== (caret === "^"), flags);
}

function isCategory(name: string): boolean {
  return /^(?:C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/.test(name);
}

/** What stands in brackets, the first of which has been taken. */
export function bracketClass(scanner: Scanner, flags: Flags): Accepts {
  const negative = scanner.takeIf("^");
  const members: Accepts[] = [];
  do {
    if (scanner.peek() === "") throw new RegexMistake("A [ is not closed");
    members.push(member(scanner, flags));
  } while (!scanner.takeIf("]"));
  return (codePoint) => members.some((accepts) => accepts(codePoint)) !== negative;
}

function member(scanner: Scanner, flags: Flags): Accepts {
  const posix = scanner.takeMatch(/\[:(\^?)(\w+):\]/y);
  if (posix !== undefined) {
    const set = POSIX[posix[2] ?? ""];
    if (set === undefined) throw new RegexMistake(`There is no class ${posix[0]}`);
    return compiled(set, posix[1] === "^", flags);
  }
  if (scanner.takeIf("\\")) {
    const found = classEscape(scanner, flags);
    if (found !== undefined) return found;
    scanner.back(1);
  }
  return characterRange(scanner, flags);
}

function characterRange(scanner: Scanner, flags: Flags): Accepts {
  const low = scanner.classCharacter();
  if (scanner.peek() !== "-" || scanner.peek(1) === "]" || scanner.peek(1) === "") return exactly(low, flags);
  scanner.take();
  const high = scanner.classCharacter();
  if (high < low) throw new RegexMistake("A range of characters ends before it starts");
  if (!flags.i) return (codePoint) => codePoint >= low && codePoint <= high;
  return compiled(`${escapedCodePoint(low)}-${escapedCodePoint(high)}`, false, flags);
}

function escapedCodePoint(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}

/** JavaScript decides about one character at a time, and never goes back. */
function compiled(set: string, negative: boolean, flags: Flags): Accepts {
  const pattern = patternOf(set, negative, flags);
  return (codePoint) => pattern.test(String.fromCodePoint(codePoint));
}

function patternOf(set: string, negative: boolean, flags: Flags): RegExp {
  try {
    return new RegExp(`^[${negative ? "^" : ""}${set}]$`, flags.i ? "iu" : "u");
  } catch (error) {
    throw new RegexMistake(`There is no class of characters ${set}`, { cause: error });
  }
}
