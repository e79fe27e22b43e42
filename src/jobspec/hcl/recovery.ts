/** Finds where to read on after a syntax error, so that one broken argument or block does not hide the mistakes after it. */
import type { Token, TokenType } from "./tokens.ts";

const OPENING: ReadonlySet<TokenType> = new Set(["{", "[", "(", "interpolation-open", "directive-open"]);
const CLOSING: ReadonlySet<TokenType> = new Set(["}", "]", ")", "template-close"]);
/** What follows the name of an argument or a block. */
const AFTER_NAME: ReadonlySet<TokenType> = new Set(["=", "{", "quote-open", "identifier"]);

export interface Failure {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** Index of the first token of the argument or block in error. */
  readonly start: number;
  /** Index of the token at which it was given up. */
  readonly reached: number;
}

/**
 * Index of the token to go on with: the line end or the closing brace after the item in error. Where a bracket of the item is
 * not closed, the item ends before the next line that is indented no deeper and looks like an item of its own.
 */
export function tokenAfter(failure: Failure): number {
  const { text, tokens, start, reached } = failure;
  const own = columnOf(text, tokens[start]);
  let depth = 0;
  for (let at = start; at < tokens.length - 1; at++) {
    const { type } = tokens[at] as Token;
    if (at > start && depth > 0 && startsLine(tokens, at) && endsUnclosed(failure, at, own)) return at;
    if (depth === 0 && at >= reached && (type === "newline" || type === "}")) return at;
    if (OPENING.has(type)) depth++;
    if (CLOSING.has(type)) depth = Math.max(0, depth - 1);
  }
  return tokens.length - 1;
}

function startsLine(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 1]?.type === "newline";
}

function endsUnclosed({ text, tokens }: Failure, at: number, own: number): boolean {
  const token = tokens[at];
  const column = columnOf(text, token);
  if (token?.type === "}") return column < own;
  const next = tokens[at + 1]?.type;
  return token?.type === "identifier" && column <= own && next !== undefined && AFTER_NAME.has(next);
}

function columnOf(text: string, token: Token | undefined): number {
  const start = token?.start ?? 0;
  return start - (text.lastIndexOf("\n", start - 1) + 1);
}
