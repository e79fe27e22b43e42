/** Keeps sensitive texts out of what people are shown. */

const HIDDEN = "(sensitive)";
/** A shorter text is hidden where it stands alone: taking every "a" out of a sentence would leave no sentence. */
const LEAST_INSIDE_WORDS = 4;

/** Hides some texts wherever they stand; all others stay as they are. */
export class Redaction {
  readonly #pattern: RegExp | undefined;

  constructor(texts: ReadonlySet<string>) {
    const forms = [...texts].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
    const alternatives = [...new Set(forms)].toSorted((a, b) => b.length - a.length).map(patternOf);
    this.#pattern = alternatives.length === 0 ? undefined : new RegExp(alternatives.join("|"), "gu");
  }

  hide(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, HIDDEN);
  }

  touches(text: string): boolean {
    return this.#pattern !== undefined && text.search(this.#pattern) >= 0;
  }
}

function patternOf(text: string): string {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return text.length < LEAST_INSIDE_WORDS ? `(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])` : escaped;
}
