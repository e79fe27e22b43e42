/** Texts as the characters that people see (Unicode's extended grapheme clusters). */
import type { CallSite } from "./define.ts";

const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });

/** What one cluster costs, in the budget's units. */
const COST = 2;

export function graphemes(text: string, at: Pick<CallSite, "budget" | "range">): string[] {
  at.budget.spend(text.length * COST, at.range);
  return Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
}
