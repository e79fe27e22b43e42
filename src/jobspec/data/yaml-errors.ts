/** What the YAML library finds wrong, in words for people who write job files, and placed where they have to look. */
import { Lexer } from "yaml";
import type { ErrorCode, YAMLError } from "yaml";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";

interface Told {
  readonly summary: string;
  readonly detail?: string;
  /** Where, if it is not where the library came to a halt. */
  readonly place?: (text: string, offset: number) => number;
}

/** `offset`: where the library came to a halt. */
type Tell = (message: string, text: string, offset: number) => Told | undefined;

const QUOTES = "Close the string; one that goes on over several lines is indented deeper than its key";

const TOLD: Partial<Record<ErrorCode, Tell>> = {
  TAB_AS_INDENT: () => ({ summary: "Tabs are not allowed as indentation", detail: "Indent with spaces" }),
  MULTIPLE_DOCS: () => ({ summary: "A job file holds one YAML document, and a second one starts here" }),
  BAD_INDENT: badIndent,
  BLOCK_AS_IMPLICIT_KEY: () => ({
    summary: "A key with a value cannot stand inside a value on one line",
    detail: 'Write a text that holds ": " in quotes; else the line after this one is indented too far',
  }),
  MULTILINE_IMPLICIT_KEY: missingColon,
  MISSING_CHAR: missingCharacter,
  UNEXPECTED_TOKEN: (message, text, offset) =>
    message.startsWith("Unexpected scalar") || message.startsWith("Unexpected block")
      ? strayPart(text, offset)
      : undefined,
  BAD_ALIAS: () => ({ summary: "A * starts an alias, and its name is missing", detail: "Write a text in quotes" }),
  BAD_SCALAR_START: (message) => ({
    summary: `A text cannot start with ${message.slice(-1)}`,
    detail: "Write it in quotes",
  }),
  BAD_DQ_ESCAPE: (message) => ({
    summary: message,
    detail: "In double quotes a backslash is written \\\\; in single quotes it stands for itself",
  }),
  TAG_RESOLVE_FAILED: (message) => ({
    summary: message,
    detail: "Job files have no tags: take it out, or write the text in quotes",
  }),
};

/** A line up to a double quote that closes a string inside of its template. */
const IN_TEMPLATE = /"[^"]*[$%]\{[^"}]*"\s*$/;

/** Characters; what stands further before an error has little to do with it. */
const MAX_LOOK_BACK = 500;

function badIndent(message: string): Told | undefined {
  if (message.startsWith("Flow")) {
    const close = message.slice(-1);
    return {
      summary: `A ${close} is missing before this, or the line is not indented deeper than the key before it`,
      place: firstOfLine,
    };
  }
  if (!message.startsWith("All ")) return undefined;
  return {
    summary: "This line starts neither where its neighbours start nor deeper",
    detail: "All keys of a map, and all items of a list, start at one column",
    place: firstOfLine,
  };
}

function missingColon(): Told {
  return { summary: "A colon and a space are missing in this line", detail: 'Write "key: value"' };
}

function missingCharacter(message: string): Told | undefined {
  if (message.endsWith("quote")) return { summary: "This string is not closed", detail: QUOTES, place: openQuote };
  return message.startsWith("Implicit map keys") ? missingColon() : undefined;
}

function strayPart(text: string, offset: number): Told {
  const start = Math.max(text.lastIndexOf("\n", offset - 1) + 1, offset - MAX_LOOK_BACK);
  if (IN_TEMPLATE.test(text.slice(start, offset))) {
    return {
      summary: "The string ends at the quote before this, inside of ${ … }",
      detail: `Write single quotes around it: '\${upper("x")}'`,
    };
  }
  return {
    summary: "This does not belong to what stands before it",
    detail: "Look at its indentation, and at the quotes and brackets before it",
  };
}

/** The library looks from the start of the line. */
function firstOfLine(text: string, offset: number): number {
  const rest = /^[ ]*(?=\S)/.exec(text.slice(offset));
  return offset + (rest?.[0].length ?? 0);
}

/** Where the string starts that the offset is the end of. */
function openQuote(text: string, offset: number): number {
  let [at, quote] = [0, offset];
  for (const lexeme of new Lexer().lex(text)) {
    if (at > offset) break;
    if (/^["']/.test(lexeme)) quote = at;
    if (!isMark(lexeme)) at += lexeme.length;
  }
  return quote;
}

/** Signs of the lexer's own that stand for nothing in the text. */
export function isMark(lexeme: string): boolean {
  return lexeme === "\u0002" || lexeme === "\u0018" || lexeme === "\u001F";
}

export function yamlError(text: string, { code, message, pos: [start, end] }: YAMLError): SourceError {
  const told = TOLD[code]?.(message, text, start) ?? { summary: sentence(message) };
  const place = told.place?.(text, start) ?? start;
  const range: Range = { start: place, end: Math.max(place, end) };
  return new SourceError(range, sentence(told.summary), told.detail);
}

/** The first line of a message, without the full stop. */
export function sentence(message: string): string {
  const [first = ""] = message.split("\n", 1);
  return first.replace(/[.:]$/, "");
}
