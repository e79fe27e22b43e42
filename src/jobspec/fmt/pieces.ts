/** The tokens of a file with the comments among them: what the formatter keeps, while it lays out the spaces anew. */
import { lexFile } from "../hcl/lexer.ts";
import type { Token, TokenType } from "../hcl/tokens.ts";

export interface Piece {
  readonly type: TokenType | "comment";
  readonly text: string;
}

export interface Pieces {
  /** Without the end of the file. */
  readonly pieces: readonly Piece[];
  /** Spaces behind the last piece. */
  readonly tail: number;
}

const COMMENT = /(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//g;
const SPACES = /[ \t]*/y;
const BYTE_ORDER_MARK = "\uFEFF";

/** `text` has to be HCL without syntax errors. A byte order mark is left out. */
export function piecesOf(text: string): Pieces {
  const pieces: Piece[] = [];
  let at = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  let tail = 0;
  for (const token of lexFile(text)) {
    const between = text.slice(at, token.start);
    const comments = token.type === "heredoc-close" ? 0 : addComments(pieces, between);
    if (token.type === "end of file") tail = comments;
    else at = addToken(pieces, text, token, between);
  }
  return { pieces, tail };
}

/** Only comments and spaces stand between tokens. Returns the number of spaces behind the last comment. */
function addComments(pieces: Piece[], between: string): number {
  let end = 0;
  for (const comment of between.matchAll(COMMENT)) {
    pieces.push({ type: "comment", text: comment[0] });
    end = comment.index + comment[0].length;
  }
  return between.length - end;
}

/** Returns where the piece ends. */
function addToken(pieces: Piece[], text: string, token: Token, before: string): number {
  const last = pieces.at(-1);
  if (token.type === "newline" && last?.type === "comment" && isLineComment(last)) {
    pieces[pieces.length - 1] = { type: "comment", text: `${last.text}${text.slice(token.start, token.end)}` };
    return token.end;
  }
  if (token.type === "heredoc-close") return addHeredocClose(pieces, text, token, before);
  pieces.push({ type: token.type, text: text.slice(token.start, token.end) });
  return token.end;
}

/** Its line is the heredoc's own, spaces and all. */
function addHeredocClose(pieces: Piece[], text: string, { start, end }: Token, before: string): number {
  SPACES.lastIndex = end;
  const lineEnd = end + (SPACES.exec(text)?.[0].length ?? 0);
  pieces.push({ type: "heredoc-close", text: `${before}${text.slice(start, lineEnd)}` });
  return lineEnd;
}

/** A comment that goes on to the end of the line holds that line end. */
function isLineComment({ text }: Piece): boolean {
  return !text.startsWith("/*") && !text.endsWith("\n");
}

export function endsLine({ type, text }: Piece): boolean {
  return type === "newline" || (type === "comment" && text.endsWith("\n"));
}
