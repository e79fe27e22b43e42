/** Texts of HCL are in Unicode's normal form C; the one place that brings them into it, at a cost that grows with their length alone. */
import { LimitError } from "./problems.ts";
import type { Range } from "./source.ts";

/**
 * Combining marks in a row. Normalising sorts each run of them, at a cost that grows with the square of its length. Unicode's
 * stream-safe format (UAX #15) allows 30; no language writes more than a few.
 */
const MAX_MARKS = 250;

const LONG_RUN = new RegExp(`\\p{M}{${MAX_MARKS + 1}}`, "u");
/** Below U+0300 every text is in form C already (UAX #15, quick check). */
const BEYOND_LATIN = /[\u0300-\uffff]/;

/** Throws LimitError at the range when the text has more marks in a row than any language. */
export function normalForm(text: string, range: Range): string {
  if (!BEYOND_LATIN.test(text)) return text;
  if (!LONG_RUN.test(text)) return text.normalize("NFC");
  const detail = `At most ${MAX_MARKS} can follow each other`;
  throw new LimitError(range, "A text has more combining marks in a row than any language", detail);
}
