/** Matches the template directives with their ends: a flat row of pieces becomes a tree of parts. */
import { MAX_DEPTH, tooDeep } from "../budget.ts";
import { SourceError } from "../problems.ts";
import type { TemplatePart } from "./ast.ts";
import type { Piece } from "./templates.ts";

interface Place {
  readonly pieces: readonly Piece[];
  next: number;
  depth: number;
}

type Opening = Extract<Piece, { readonly kind: "if" | "for" }>;
type Ending = Extract<Piece, { readonly kind: "else" | "endif" | "endfor" }>;

/** Throws SourceError where the directives do not match. */
export function nestDirectives(pieces: readonly Piece[]): TemplatePart[] {
  const place: Place = { pieces, next: 0, depth: 0 };
  const parts: TemplatePart[] = [];
  const stray = collect(place, parts);
  if (stray !== undefined)
    throw new SourceError(stray.range, `There is nothing open that "${stray.kind}" could belong to`);
  return parts;
}

/** Reads parts up to the next ending, which is returned, or to the end of the template. */
function collect(place: Place, parts: TemplatePart[]): Ending | undefined {
  for (let piece = place.pieces[place.next++]; piece !== undefined; piece = place.pieces[place.next++]) {
    switch (piece.kind) {
      case "text":
        parts.push(piece);
        break;
      case "interpolation":
        parts.push({ kind: "interpolation", expression: piece.expression, range: piece.range });
        break;
      case "if":
      case "for":
        parts.push(open(place, piece));
        break;
      case "else":
      case "endif":
      case "endfor":
        return piece;
    }
  }
  return undefined;
}

function open(place: Place, opening: Opening): TemplatePart {
  if (++place.depth > MAX_DEPTH) throw tooDeep(opening.range);
  const part = opening.kind === "if" ? closeIf(place, opening) : closeFor(place, opening);
  place.depth--;
  return part;
}

function closeIf(place: Place, opening: Extract<Opening, { readonly kind: "if" }>): TemplatePart {
  const whenTrue: TemplatePart[] = [];
  const whenFalse: TemplatePart[] = [];
  let ending = collect(place, whenTrue);
  if (ending?.kind === "else") ending = collect(place, whenFalse);
  checkEnding(opening, ending, "endif");
  return { kind: "if", condition: opening.condition, whenTrue, whenFalse, range: opening.range };
}

function closeFor(place: Place, opening: Extract<Opening, { readonly kind: "for" }>): TemplatePart {
  const body: TemplatePart[] = [];
  checkEnding(opening, collect(place, body), "endfor");
  const { collection, valueName, keyName, range } = opening;
  return { kind: "for", collection, valueName, body, range, ...(keyName === undefined ? {} : { keyName }) };
}

function checkEnding(opening: Opening, ending: Ending | undefined, expected: Ending["kind"]): void {
  if (ending === undefined) {
    throw new SourceError(opening.range, `This "${opening.kind}" directive has no "${expected}"`);
  }
  if (ending.kind !== expected) {
    throw new SourceError(ending.range, `"${expected}" is expected before "${ending.kind}"`);
  }
}
