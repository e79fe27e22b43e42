/** The white space of templates: the shared indentation of `<<-` heredocs, and what `~` takes away. */
import { trimEnd, trimSpace, trimStart } from "./space.ts";
import type { Piece } from "./templates.ts";

/** Blank lines have no say in how deep the text is indented, and stay as they are (HCL's `<<-` rule). */
export function dedented(pieces: readonly Piece[]): Piece[] {
  const starts = pieces.map((piece, index) => startsLine(pieces[index - 1]) && !isBlankLine(piece));
  const shared = pieces.reduce(
    (least, piece, index) => (starts[index] ? Math.min(least, indentOf(piece)) : least),
    Infinity,
  );
  return pieces.map((piece, index) => {
    if (!starts[index] || piece.kind !== "text") return piece;
    return { ...piece, text: Array.from(piece.text).slice(shared).join("") };
  });
}

function startsLine(before: Piece | undefined): boolean {
  return before === undefined || (before.kind === "text" && before.text.endsWith("\n"));
}

function isBlankLine(piece: Piece): boolean {
  return piece.kind === "text" && piece.text.endsWith("\n") && trimSpace(piece.text) === "";
}

function indentOf(piece: Piece): number {
  if (piece.kind !== "text") return 0;
  return Array.from(piece.text).length - Array.from(trimStart(piece.text)).length;
}

/** `~` takes the white space of the neighbouring text; in a heredoc a text ends with its line. */
export function trimmed(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece, index) => {
    if (piece.kind !== "text") return piece;
    const before = pieces[index - 1];
    const after = pieces[index + 1];
    let text = piece.text;
    if (before !== undefined && before.kind !== "text" && before.trimAfter) text = trimStart(text);
    if (after !== undefined && after.kind !== "text" && after.trimBefore) text = trimEnd(text);
    return text === piece.text ? piece : { ...piece, text };
  });
}
