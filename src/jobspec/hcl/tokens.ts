/** The tokens of HCL's native syntax. */
import type { Range } from "../source.ts";

/** Longer ones first: the scanner takes the first that fits. */
const OPERATORS = [
  "...",
  "=>",
  "==",
  "!=",
  "<=",
  ">=",
  "&&",
  "||",
  "::",
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  "=",
  "<",
  ">",
  "!",
  "+",
  "-",
  "*",
  "/",
  "%",
  "?",
  ":",
  ".",
  ",",
] as const;

export type Operator = (typeof OPERATORS)[number];

/** By their first character, in the same order. */
export const OPERATORS_BY_START: ReadonlyMap<string, readonly Operator[]> = new Map(
  OPERATORS.map((operator) => [operator.charAt(0), OPERATORS.filter((other) => other[0] === operator[0])]),
);

export type TokenType =
  | Operator
  | "identifier"
  | "number"
  | "newline"
  | "end of file"
  | "quote-open"
  | "quote-close"
  | "heredoc-open"
  | "heredoc-close"
  | "text"
  | "interpolation-open"
  | "directive-open"
  | "template-close"
  | "invalid";

export interface Token extends Range {
  readonly type: TokenType;
  /** `${~`, `%{~` and `~}`: the white space beside the sequence goes. */
  readonly trim?: boolean;
  /** `<<-`: the indentation that all lines share goes. */
  readonly dedent?: boolean;
  /** What is wrong, for "invalid". */
  readonly summary?: string;
  readonly detail?: string;
  /** Where that is told, if not here. */
  readonly place?: Range;
}

/** The lexer takes more for a number than is one. */
export function isNumber(text: string): boolean {
  return /^\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(text);
}
