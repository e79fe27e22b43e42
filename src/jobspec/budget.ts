/** What reading one file may cost, so that a few hostile lines cannot stand for endless work. */
import { LimitError } from "./problems.ts";
import type { Range } from "./source.ts";
import type { Value } from "./tree.ts";

/** Characters and items that are produced, and nodes that are visited; a large job takes some thousands. */
const MAX_WORK = 3_000_000;

/** What it takes to evaluate a node of an expression, and to keep what comes of it, compared to a character. */
export const NODE_COST = 8;

/** What a block, or a map that may stand for one, takes on its way to a job: a table of its arguments, their places, their checks. */
export const BLOCK_COST = 100;

/** What it takes to check a block, or to keep one of the API's: 20,000 of them are read within a second. */
export const CHECKED_BLOCK_COST = 150;

/** Deeper nesting than any job needs is refused before it can exhaust the stack. */
export const MAX_DEPTH = 200;

/** Names, values and signs of one text; a file of the largest size that a job file may have, written by people, has fewer. */
export const MAX_TOKENS = 250_000;
/** Values that are asked for while others are being made: locals of locals, expressions in expressions. */
const MAX_PENDING = 600;

export class Budget {
  #work = 0;
  #pending = 0;

  /** Begins something that waits for other values; `leave` must follow. Throws LimitError before the stack is exhausted. */
  enter(range: Range): void {
    if (this.#pending >= MAX_PENDING) throw tooDeep(range);
    this.#pending++;
  }

  leave(): void {
    this.#pending--;
  }

  /** Throws LimitError when the file has used it all. */
  spend(work: number, range: Range): void {
    this.#work += work;
    if (this.#work > MAX_WORK) throw new LimitError(range, "Reading this file takes more work than any job needs");
  }

  /** A value that is used again counts again in full, or a few lines could stand for a tree without end. */
  spendOnCopy(value: Value, range: Range, depth = 0): void {
    if (depth > MAX_DEPTH) throw tooDeep(range);
    this.spend(value.kind === "string" ? value.value.length + 1 : 1, range);
    if (value.kind === "list") for (const item of value.items) this.spendOnCopy(item, range, depth + 1);
    if (value.kind === "object") for (const entry of value.entries) this.spendOnCopy(entry.value, range, depth + 1);
  }
}

export function tooDeep(range: Range): LimitError {
  return new LimitError(range, `Nesting is deeper than ${MAX_DEPTH} levels`, "No job needs that");
}

export function tooManyParts(range: Range): LimitError {
  return new LimitError(range, "The file has more parts than any job needs");
}
