/** Which pieces open and close a bracket; the sequences of templates are brackets too. */
import type { Piece } from "./pieces.ts";

const OPENING: ReadonlySet<string> = new Set(["{", "[", "(", "interpolation-open", "directive-open"]);
const CLOSING: ReadonlySet<string> = new Set(["}", "]", ")", "template-close"]);

export function opens({ type }: Piece): boolean {
  return OPENING.has(type);
}

export function closes({ type }: Piece): boolean {
  return CLOSING.has(type);
}

/** How many more brackets are open behind the pieces than before them; negative if fewer. */
export function change(pieces: readonly Piece[]): number {
  let open = 0;
  for (const piece of pieces) {
    if (opens(piece)) open++;
    else if (closes(piece)) open--;
  }
  return open;
}
