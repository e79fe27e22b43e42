/** Keeps sensitive texts out of what people are shown. */

const HIDDEN = "(sensitive)";
/** A shorter text is hidden where it stands alone: taking every "a" out of a sentence would leave no sentence. */
const LEAST_INSIDE_WORDS = 4;
/** What begins as a longer text does is hidden as a whole: searching for long texts can take endless time. */
const MAX_SEARCHED = 250;
/** Characters searched, times texts searched for; where it would be more, all is hidden. */
const MAX_WORK = 20_000_000;

/** Hides some texts wherever they stand; all others stay as they are. */
export class Redaction {
  /** The longest first: what holds another is hidden as a whole. */
  readonly #texts: readonly string[];
  /** How the longest ones begin. */
  readonly #starts: readonly string[];

  constructor(texts: ReadonlySet<string>) {
    const forms = [...new Set([...texts].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]))];
    const isLong = ({ length }: string): boolean => length > MAX_SEARCHED;
    const starts = forms.filter(isLong).map((text) => text.slice(0, MAX_SEARCHED));
    this.#starts = [...new Set(starts)];
    this.#texts = forms.filter((text) => text !== "" && !isLong(text)).toSorted((a, b) => b.length - a.length);
  }

  hide(text: string): string {
    return this.#isHiddenWhole(text) ? HIDDEN : this.#shown(text).join(HIDDEN);
  }

  touches(text: string): boolean {
    return this.#isHiddenWhole(text) || this.#shown(text).length > 1;
  }

  #isHiddenWhole(text: string): boolean {
    if (text.length * (this.#texts.length + this.#starts.length) > MAX_WORK) return true;
    return this.#starts.some((start) => text.includes(start));
  }

  /** What stands between the hidden parts. */
  #shown(text: string): readonly string[] {
    let parts: readonly string[] = [text];
    for (const hidden of this.#texts) {
      if (text.includes(hidden)) parts = parts.flatMap((part) => without(part, hidden));
    }
    return parts;
  }
}

function without(part: string, hidden: string): readonly string[] {
  return part.split(hidden.length < LEAST_INSIDE_WORDS ? aloneOf(hidden) : hidden);
}

function aloneOf(text: string): RegExp {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "u");
}
