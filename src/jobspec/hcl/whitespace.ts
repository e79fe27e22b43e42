/** The white space of templates: the shared indentation of `<<-` heredocs, and what `~` takes away. */
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
  return piece.kind === "text" && piece.text.endsWith("\n") && piece.text.trim() === "";
}

function indentOf(piece: Piece): number {
  if (piece.kind !== "text") return 0;
  return Array.from(piece.text).length - Array.from(piece.text.trimStart()).length;
}

/** `~` takes the white space of the neighbouring text; in a heredoc a text ends with its line. */
export function trimmed(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece, index) => {
    if (piece.kind !== "text") return piece;
    const before = pieces[index - 1];
    const after = pieces[index + 1];
    let text = piece.text;
    if (before !== undefined && before.kind !== "text" && before.trimAfter) text = text.trimStart();
    if (after !== undefined && after.kind !== "text" && after.trimBefore) text = text.trimEnd();
    return text === piece.text ? piece : { ...piece, text };
  });
}
