/** Puts lines together again: indented, spaces as the rules want them, and parts aligned with those of their neighbours. */
import { Indent } from "./indent.ts";
import type { Line } from "./lines.ts";
import type { Piece } from "./pieces.ts";
import { isSpaced } from "./spacing.ts";
import { widthOf } from "./width.ts";

/** A part of a line, and the spaces before it: apart, so that the length is known before anything is joined. */
export interface Cell {
  readonly spaces: number;
  readonly text: string;
}

interface Part {
  readonly text: string;
  readonly width: number;
}

interface Row {
  readonly indent: number;
  readonly lead: Part;
  /** Absent where the line has no such part. */
  readonly assign: Part | undefined;
  readonly comment: Part | undefined;
}

/** All cells of the file, in order. */
export function layOut(lines: Iterable<Line>): Cell[] {
  const rows = rowsOf(lines);
  const leadEnds = rows.map(({ indent, lead }) => indent + lead.width);
  const assignSpaces = alignment(rows, "assign", leadEnds);
  const assignEnds = rows.map(({ assign }, at) => (leadEnds[at] ?? 0) + (assignSpaces[at] ?? 0) + (assign?.width ?? 0));
  const commentSpaces = alignment(rows, "comment", assignEnds);
  const cells: Cell[] = [];
  for (const [at, { indent, lead, assign, comment }] of rows.entries()) {
    cells.push({ spaces: indent, text: lead.text });
    if (assign !== undefined) cells.push({ spaces: assignSpaces[at] ?? 0, text: assign.text });
    if (comment !== undefined) cells.push({ spaces: commentSpaces[at] ?? 0, text: comment.text });
  }
  return cells;
}

function rowsOf(lines: Iterable<Line>): Row[] {
  const rows: Row[] = [];
  const indent = new Indent();
  for (const line of lines) {
    const { lead, assign, comment } = line;
    rows.push({ indent: indent.of(line), lead: part(lead), assign: someOf(assign), comment: someOf(comment) });
  }
  return rows;
}

function someOf(pieces: readonly Piece[]): Part | undefined {
  return pieces.length === 0 ? undefined : part(pieces);
}

function part(pieces: readonly Piece[]): Part {
  const texts: string[] = [];
  let width = 0;
  for (const [at, { text }] of pieces.entries()) {
    const space = isSpacedAt(pieces, at);
    texts.push(space ? ` ${text}` : text);
    width += widthOf(text) + (space ? 1 : 0);
  }
  return { text: texts.join(""), width };
}

function isSpacedAt(pieces: readonly Piece[], at: number): boolean {
  const [left, right] = [pieces[at - 1], pieces[at]];
  if (left === undefined || right === undefined) return false;
  return isSpaced({ before: pieces[at - 2], left, right, after: pieces[at + 1] });
}

/**
 * Spaces before the same part of each row: it begins in one column in rows that follow each other and all have it. `ends`
 * says where the text before it ends.
 */
function alignment(rows: readonly Row[], name: "assign" | "comment", ends: readonly number[]): number[] {
  const spaces = rows.map(() => 0);
  for (let start = 0; start < rows.length; start++) {
    let end = start;
    let widest = 0;
    for (; rows[end]?.[name] !== undefined; end++) widest = Math.max(widest, ends[end] ?? 0);
    for (let at = start; at < end; at++) spaces[at] = widest - (ends[at] ?? 0) + 1;
    start = end;
  }
  return spaces;
}
