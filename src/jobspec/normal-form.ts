/** Texts of HCL are in Unicode's normal form C; the one place that brings them into it, at a cost that grows with their length alone. */
import { LimitError } from "./problems.ts";
import type { Range } from "./source.ts";

/**
 * Combining marks in a row. Normalising sorts each run of them, at a cost that grows with the square of its length. Unicode's
 * stream-safe format (UAX #15) allows 30; no language writes more than a few.
 */
const MAX_MARKS = 250;

/** What Unicode's stream-safe format has no more of: from here on a run is worth counting. */
const RUNS = /\p{M}{31,}/gu;
/** Below U+0300 every text is in form C already (UAX #15, quick check). */
const BEYOND_LATIN = /[\u0300-\uffff]/;

/** Throws LimitError at the range when the text has more marks in a row than any language. */
export function normalForm(text: string, range: Range): string {
  if (!BEYOND_LATIN.test(text)) return text;
  for (const [run] of text.matchAll(RUNS)) if (run.length > MAX_MARKS) throw tooManyMarks(range);
  return text.normalize("NFC");
}

function tooManyMarks(range: Range): LimitError {
  const detail = `At most ${MAX_MARKS} can follow each other`;
  return new LimitError(range, "A text has more combining marks in a row than any language", detail);
}
