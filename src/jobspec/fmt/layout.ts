/** Puts lines together again: indented, spaces as the rules want them, and parts aligned with those of their neighbours. */
import { indentsOf } from "./indent.ts";
import type { Line } from "./lines.ts";
import type { Piece } from "./pieces.ts";
import { isSpaced } from "./spacing.ts";
import { widthOf } from "./width.ts";

/** A part of a line, and the spaces before it: apart, so that the length is known before anything is joined. */
export interface Cell {
  readonly spaces: number;
  readonly text: string;
}

/** All cells of the file, in order. */
export function layOut(lines: readonly Line[]): Cell[] {
  const indents = indentsOf(lines);
  const leadEnds = lines.map(({ lead }, at) => (indents[at] ?? 0) + partWidth(lead));
  const assigns = lines.map(({ assign }) => assign);
  const assignSpaces = alignment(assigns, leadEnds);
  const assignEnds = assigns.map((part, at) => (leadEnds[at] ?? 0) + (assignSpaces[at] ?? 0) + partWidth(part));
  const commentSpaces = alignment(
    lines.map(({ comment }) => comment),
    assignEnds,
  );
  return lines.flatMap(({ lead, assign, comment }, at) => [
    { spaces: indents[at] ?? 0, text: textOf(lead) },
    { spaces: assignSpaces[at] ?? 0, text: textOf(assign) },
    { spaces: commentSpaces[at] ?? 0, text: textOf(comment) },
  ]);
}

/**
 * Spaces before the same part of each line, which `ends` says where the text before it ends: in lines that follow each
 * other and all have the part, it begins in the same column.
 */
function alignment(parts: readonly (readonly Piece[])[], ends: readonly number[]): number[] {
  const spaces = parts.map(() => 0);
  for (let start = 0; start < parts.length; start++) {
    const end = runEnd(parts, start);
    const widest = ends.slice(start, end).reduce((most, each) => Math.max(most, each), 0);
    for (let at = start; at < end; at++) spaces[at] = widest - (ends[at] ?? 0) + 1;
    start = end;
  }
  return spaces;
}

/** The first line from `start` on that has no such part. */
function runEnd(parts: readonly (readonly Piece[])[], start: number): number {
  let end = start;
  while ((parts[end]?.length ?? 0) > 0) end++;
  return end;
}

function spaced(pieces: readonly Piece[], at: number): boolean {
  const [left, right] = [pieces[at - 1], pieces[at]];
  if (left === undefined || right === undefined) return false;
  return isSpaced({ before: pieces[at - 2], left, right, after: pieces[at + 1] });
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }, at) => (spaced(pieces, at) ? ` ${text}` : text)).join("");
}

function partWidth(pieces: readonly Piece[]): number {
  return pieces.reduce((width, { text }, at) => width + widthOf(text) + (spaced(pieces, at) ? 1 : 0), 0);
}
