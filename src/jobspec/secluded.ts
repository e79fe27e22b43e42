/**
 * The lines of a file that may hold the text of a sensitive variable as it was typed. They are found in the text alone, because a
 * syntax error is told before anything is understood: better a line too many than a secret.
 */
import type { Range, SourceText } from "./source.ts";
import { closest } from "./suggest.ts";

/** `variable "NAME" {` in HCL, `variable:` in YAML, `"variable":` in JSON; with what follows it up to the end of the line. */
const DECLARATION = /(?<![\w.-])variable(?:["']?\s*:|[ \t]*["{=]|[ \t]+[\w-]+[ \t]*\{)[^\n]*/g;
/** The argument, unless it is given as false. */
const SAYS_SO = /\bsensitive["']?[ \t]*(?:[=:](?![ \t]*["']?(?:false|0)\b)|true|$)/m;
const BLOCK = /^[ \t]*(?!validation\b)"?[\w-]+"?(?:[ \t]*"[^"]*"|[ \t]+[\w-]+)?[ \t]*\{/;
const FILE_BLOCK = /^[ \t]*(?:variables?|locals|job)[ \t]*["{\w]/;
const KEY = /^[ \t]*["']?[\w-]+["']?[ \t]*:/;

/** What stands in quotes and the numbers of a sentence are words of the file. */
const QUOTED = /"((?:[^"\\]|\\.)*)"|(?<!\w)\d[\w.+-]*/g;
const OWN_SENTENCE = /error_message["']?\s*[=:]\s*["']?/g;
const ARGUMENTS = ["default", "description", "sensitive", "validation", "condition", "error_message", "type"];
const WORDS: ReadonlySet<string> = new Set([...ARGUMENTS, "variable", "string", "list(string)"]);
/** A shorter word is close to too many. */
const LEAST_MISSPELT = 5;

interface Part extends Range {
  readonly text: string;
  /** Names of variables are no secrets. */
  readonly names: ReadonlySet<string>;
}

/** The sentences of a diagnostic. */
interface Said {
  readonly summary: string;
  readonly detail?: string | undefined;
}

export class Secluded {
  readonly #parts: readonly Part[];

  constructor({ text }: SourceText) {
    this.#parts = SAYS_SO.test(text) ? partsOf(text) : [];
  }

  /** Is the line of the offset one of them? */
  covers(offset: number): boolean {
    return this.#partAt(offset) !== undefined;
  }

  /** What is said of a place, without words of the file where it is one of them. */
  told(offset: number, said: Said): Said {
    const part = this.#partAt(offset);
    if (part === undefined) return said;
    const summary = silent(said.summary, part);
    const { detail } = said;
    // Advice repeats without quotes what the sentence had in them.
    const isSilent = detail !== undefined && summary === said.summary && silent(detail, part) === detail;
    return isSilent || (detail !== undefined && isOwnSentence(detail, part)) ? { summary, detail } : { summary };
  }

  #partAt(offset: number): Part | undefined {
    let [low, high] = [0, this.#parts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#parts[middle]?.end ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    const part = this.#parts[low];
    return part !== undefined && part.start <= offset ? part : undefined;
  }
}

function silent(sentence: string, { text, names }: Part): string {
  return sentence.replace(QUOTED, (whole, word: string | undefined) => {
    if (word === undefined) return text.includes(whole) ? "…" : whole;
    const isMisspelt = word.length >= LEAST_MISSPELT && closest(word, ARGUMENTS) !== undefined;
    return word.length <= 1 || WORDS.has(word) || names.has(word) || isMisspelt ? whole : "…";
  });
}

/** What a validation says was written for whoever gives the value. */
function isOwnSentence(sentence: string, { text }: Part): boolean {
  return [...text.matchAll(OWN_SENTENCE)].some((found) => text.startsWith(sentence, found.index + found[0].length));
}

/** From the start of a line to the end of one. */
function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  DECLARATION.lastIndex = 0;
  for (let found = DECLARATION.exec(text); found !== null; found = DECLARATION.exec(text)) {
    const start = text.lastIndexOf("\n", found.index) + 1;
    const isKey = /^variable["']?\s*:/.test(found[0]);
    const end = endBefore(text, DECLARATION.lastIndex, isKey ? keyEnds(found.index - start) : blockEnds(found, start));
    const part = text.slice(found.index, end);
    if (SAYS_SO.test(part)) parts.push({ start, end, text: part, names: new Set(isKey ? keysIn(part) : nameOf(part)) });
    DECLARATION.lastIndex = end;
  }
  return parts;
}

function nameOf(part: string): readonly string[] {
  const name = /^variable[ \t]*"?([\p{ID_Start}_][\p{ID_Continue}-]*)"?[ \t]*\{/u.exec(part)?.[1];
  return name === undefined ? [] : [name];
}

/** Keys with a map after them, as variables are. */
function keysIn(part: string): readonly string[] {
  return [...part.matchAll(/([\w-]+)["']?[ \t]*:[ \t]*(?=[{\n])/g)].map(([, name = ""]) => name);
}

type Ends = (line: string) => boolean;

/** At the next block of the same depth: no brace or quote of it need be closed. In a heredoc all may stand at the margin. */
function blockEnds(found: RegExpExecArray, start: number): Ends {
  let hasHeredoc = found[0].includes("<<");
  return (line) => {
    if (hasHeredoc ? FILE_BLOCK.test(line) : BLOCK.test(line) && indentation(line) <= found.index - start) return true;
    hasHeredoc ||= line.includes("<<");
    return false;
  };
}

function keyEnds(column: number): Ends {
  return (line) => KEY.test(line) && indentation(line) <= column;
}

function endBefore(text: string, from: number, ends: Ends): number {
  for (let at = from; at < text.length;) {
    const next = text.indexOf("\n", at + 1);
    const end = next < 0 ? text.length : next;
    if (ends(text.slice(at + 1, end))) return at;
    at = end;
  }
  return text.length;
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}
