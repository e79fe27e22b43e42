/** Guesses by the indentation which block was not closed, when the parser only learns at the end that one was not. */
import type { Token, TokenType } from "./tokens.ts";

/** What follows the name of an argument or a block. */
const AFTER_NAME: ReadonlySet<TokenType | undefined> = new Set<TokenType>(["=", "{", "quote-open", "identifier"]);

interface Opened {
  readonly brace: Token;
  /** Of the line that the brace stands in. */
  readonly indent: number;
}

/** The brace of the first block that something follows which is indented no deeper; undefined where all looks right. */
export function probablyUnclosed(text: string, tokens: readonly Token[]): Token | undefined {
  const opened: Opened[] = [];
  let indent = 0;
  for (const [index, token] of tokens.entries()) {
    const startsLine = index === 0 || tokens[index - 1]?.type === "newline";
    if (startsLine) indent = indentOf(text, token);
    const top = opened.at(-1);
    if (startsLine && top !== undefined && endsEarly(top, token, tokens[index + 1], indent)) return top.brace;
    if (token.type === "{") opened.push({ brace: token, indent });
    if (token.type === "}") opened.pop();
  }
  return undefined;
}

/** Is this the brace of an outer block, or an item beside the one that is open? */
function endsEarly(top: Opened, token: Token, next: Token | undefined, indent: number): boolean {
  if (token.type === "}") return indent < top.indent;
  return token.type === "identifier" && AFTER_NAME.has(next?.type) && indent <= top.indent;
}

function indentOf(text: string, { start }: Token): number {
  return start - (text.lastIndexOf("\n", start - 1) + 1);
}
