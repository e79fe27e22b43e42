/** Parses quoted strings, heredocs and bare templates: text, interpolations, and the directives `if` and `for`. */
import { normalForm } from "../normal-form.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Expression, Template, TemplatePart } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseForNames } from "./collections.ts";
import type { ForNames } from "./collections.ts";
import { nestDirectives } from "./directives.ts";
import { unescapePlain, unescapeQuoted } from "./strings.ts";
import type { Token } from "./tokens.ts";
import { dedented, trimmed } from "./whitespace.ts";

/** What stands in a template one after the other, before directives and their ends are matched. */
export type Piece =
  | { readonly kind: "text"; readonly text: string; readonly range: Range }
  | (Sequence & { readonly kind: "interpolation"; readonly expression: Expression })
  | (Sequence & { readonly kind: "if"; readonly condition: Expression })
  | (Sequence & ForNames & { readonly kind: "for"; readonly collection: Expression })
  | (Sequence & { readonly kind: "else" | "endif" | "endfor" });

/** `${ … }` or `%{ … }` with its `~` marks. */
interface Sequence {
  readonly range: Range;
  readonly trimBefore: boolean;
  readonly trimAfter: boolean;
}

/** With "quote-open" or "heredoc-open" next. */
export function parseTemplate(cursor: Cursor): Template {
  const open = cursor.take();
  const quoted = open.type === "quote-open";
  const pieces = parsePieces(cursor, quoted ? "quote-close" : "heredoc-close", quoted);
  const close = cursor.take();
  // In this order, as in HCL: a line whose start `~` took away has no indentation any more.
  const tight = trimmed(pieces);
  const parts = nestDirectives(open.dedent === true ? dedented(tight) : tight);
  return { kind: "template", parts, range: { start: open.start, end: close.end } };
}

/** The parts of a template without quotes, up to the given token. */
export function parseTemplateParts(cursor: Cursor, end: "end of file"): TemplatePart[] {
  return nestDirectives(trimmed(parsePieces(cursor, end, false)));
}

function parsePieces(cursor: Cursor, end: Token["type"], quoted: boolean): Piece[] {
  const pieces: Piece[] = [];
  while (cursor.peek().type !== end) {
    const token = cursor.take();
    if (token.type === "text") pieces.push(textPiece(cursor, token, quoted));
    else pieces.push(cursor.nested(() => cursor.withNewlines(false, () => parseSequence(cursor, token, quoted))));
  }
  return pieces;
}

function textPiece(cursor: Cursor, token: Token, quoted: boolean): Piece {
  const text = quoted ? unescapeQuoted(cursor, token) : unescapePlain(cursor.textOf(token));
  // HCL's strings are in Unicode's normal form C, however they are written.
  return { kind: "text", text: normalForm(text, token), range: token };
}

function parseSequence(cursor: Cursor, open: Token, quoted: boolean): Piece {
  const content = open.type === "interpolation-open" ? parseInterpolation(cursor) : parseDirective(cursor);
  const close = cursor.peek();
  if (close.type === "end of file" || (quoted && close.type === "quote-open"))
    throw new SourceError(open, "This template sequence is not closed");
  cursor.expect(
    "template-close",
    "The template sequence should end here",
    "Write $${ for a literal ${, and %%{ for %{",
  );
  const range = { start: open.start, end: close.end };
  return { ...content, range, trimBefore: open.trim === true, trimAfter: close.trim === true };
}

function parseInterpolation(cursor: Cursor) {
  return { kind: "interpolation", expression: cursor.expression() } as const;
}

function parseDirective(cursor: Cursor) {
  const token = cursor.expect("identifier", "A directive starts with a word: if, else, endif, for or endfor");
  const word = cursor.textOf(token);
  switch (word) {
    case "if":
      return { kind: "if", condition: cursor.expression() } as const;
    case "for":
      return { kind: "for", ...parseForNames(cursor), collection: cursor.expression() } as const;
    case "else":
    case "endif":
    case "endfor":
      return { kind: word } as const;
    default:
      throw new SourceError(token, `There is no directive "${word}"`, "Known are if, else, endif, for and endfor");
  }
}
