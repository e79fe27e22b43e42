/** Divides pieces into lines, and each line into the parts that are aligned with those of its neighbours. */
import { change } from "./brackets.ts";
import { endsLine } from "./pieces.ts";
import type { Piece } from "./pieces.ts";

export interface Line {
  /** All that is in neither of the other two. */
  readonly lead: readonly Piece[];
  /** From the "=" on, when the value ends on this line; else empty. */
  readonly assign: readonly Piece[];
  /** At the end of the line, behind something else; else empty. */
  readonly comment: readonly Piece[];
}

export function* linesOf(pieces: Iterable<Piece>): Generator<Line> {
  let line: Piece[] = [];
  for (const piece of pieces) {
    line.push(piece);
    if (!endsLine(piece)) continue;
    yield divide(line);
    line = [];
  }
  yield divide(line);
}

function divide(pieces: readonly Piece[]): Line {
  const commented = pieces.length > 1 && pieces.at(-1)?.type === "comment";
  const comment = commented ? pieces.slice(-1) : [];
  const rest = commented ? pieces.slice(0, -1) : pieces;
  const equals = rest.findIndex(({ type }, at) => at > 0 && type === "=");
  const whole = equals > 0 && change(rest.slice(equals)) === 0;
  if (!whole) return { lead: rest, assign: [], comment };
  return { lead: rest.slice(0, equals), assign: rest.slice(equals), comment };
}
