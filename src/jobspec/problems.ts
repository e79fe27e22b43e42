/** What is wrong with a job file, gathered as it is read and turned into diagnostics at the end. */
import type { Diagnostic, RelatedPlace } from "../model/diagnostic.ts";
import { Redaction } from "./redact.ts";
import { Secluded } from "./secluded.ts";
import type { Range, SourceText } from "./source.ts";

/** More than this in one file helps nobody; the rest shows up once these are repaired. */
const MAX_PROBLEMS = 50;
/** No more are gathered: so many in one file mean that it is something else than a job. Warnings count apart. */
const MAX_FOUND = 1000;
/** Characters of a sentence: a name in it can be as long as the file. */
const MAX_SENTENCE = 500;
/** A longer line (a JSON file without line ends) is not worth repeating under an error. */
const MAX_SNIPPET = 1000;

export interface Problem {
  readonly range: Range;
  readonly summary: string;
  readonly detail?: string | undefined;
  readonly related?: Related | undefined;
}

/** Another place of the same file that the reader of the error wants to see. */
export interface Related {
  readonly range: Range;
  readonly summary: string;
}

interface Found extends Problem {
  readonly severity: Diagnostic["severity"];
}

/** Thrown inside this room where nothing after the mistake can be understood; never leaves `parseJobFile`. */
export class SourceError extends Error {
  readonly problem: Problem;

  constructor(range: Range, summary: string, detail?: string, related?: Related) {
    super(summary);
    this.name = "SourceError";
    this.problem = { range, summary, detail, related };
  }
}

/** Thrown once more is wrong than anybody reads; `Problems.upTo` ends there. */
class TooManyProblems extends Error {
  override readonly name = "TooManyProblems";
}

/** The file asks for more than it may have. Nothing that goes on after other mistakes (a branch not taken, `try`) may go on. */
export class LimitError extends SourceError {}

/** Thrown where a value is missing because its own mistake has been reported already; adds nothing to the report. */
export class AlreadyReported extends SourceError {
  constructor(range: Range) {
    super(range, "The value is missing because of an error elsewhere");
  }
}

const NOTHING_HIDDEN = new Redaction(new Set());

export class Problems {
  readonly #found: Found[] = [];
  readonly #counts = { error: 0, warning: 0 };

  /** Is there an error? Warnings do not count: a file that has only those is followed. */
  get any(): boolean {
    return this.#found.some(({ severity }) => severity === "error");
  }

  add(range: Range, summary: string, detail?: string, related?: Related): void {
    this.#keep({ severity: "error", range, summary, detail, related });
  }

  /** For what the file may say although it has no effect. */
  warn(range: Range, summary: string, detail?: string, related?: Related): void {
    this.#keep({ severity: "warning", range, summary, detail, related });
  }

  /** Runs a step whose mistakes concern only its own part of the file, and goes on after one. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (!(error instanceof AlreadyReported)) this.#keep({ severity: "error", ...error.problem });
      return undefined;
    }
  }

  /** Runs all the steps of reading a file. Ends early, with undefined, when it asks for too much or far too much is wrong. */
  upTo<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (error instanceof LimitError) return this.#last(error);
      if (!(error instanceof TooManyProblems)) throw error;
      return undefined;
    }
  }

  /** Its sentence is told however many there are. */
  #last({ problem }: LimitError): undefined {
    this.#found.push({ severity: "error", ...problem });
  }

  #keep(found: Found): void {
    if (this.#counts[found.severity] < MAX_FOUND) this.#found.push(found);
    else if (found.severity === "error") throw new TooManyProblems();
    this.#counts[found.severity]++;
  }

  /** In file order, each place and sentence once; errors are never crowded out by warnings. Sensitive texts are hidden. */
  diagnostics(source: SourceText, redaction: Redaction = NOTHING_HIDDEN): Diagnostic[] {
    const unique = new Map<string, Found>();
    for (const found of this.#found) {
      const key = `${found.range.start} ${found.summary}`;
      if (!unique.has(key)) unique.set(key, found);
    }
    const errorsFirst = [...unique.values()].toSorted((a, b) => rank(a) - rank(b) || a.range.start - b.range.start);
    const shown = errorsFirst.slice(0, MAX_PROBLEMS).toSorted((a, b) => a.range.start - b.range.start);
    const printer = printerOf(source, redaction);
    return shown.map((found) => diagnosticOf(printer, found));
  }
}

function rank({ severity }: Found): number {
  return severity === "error" ? 0 : 1;
}

/** How the places of a file are shown. */
export interface Printer {
  readonly source: SourceText;
  readonly redaction: Redaction;
  readonly secluded: Secluded;
}

export function printerOf(source: SourceText, redaction: Redaction): Printer {
  return { source, redaction, secluded: new Secluded(source) };
}

function diagnosticOf(printer: Printer, { severity, range, related, ...said }: Found): Diagnostic {
  const { source, redaction, secluded } = printer;
  const { summary, detail } = secluded.told(range.start, said);
  return {
    severity,
    file: source.file,
    ...source.positionAt(range.start),
    summary: clipped(redaction.hide(summary)),
    ...(detail === undefined ? {} : { detail: clipped(redaction.hide(detail)) }),
    ...(isWholeFile(range) ? {} : snippetAt(printer, range.start)),
    ...(related === undefined ? {} : { related: relatedPlace(printer, related) }),
  };
}

/** What concerns all of a file, or stands outside of it, has no line to show. */
function isWholeFile({ start, end }: Range): boolean {
  return start === 0 && end === 0;
}

function clipped(sentence: string): string {
  return sentence.length > MAX_SENTENCE ? `${sentence.slice(0, MAX_SENTENCE).toWellFormed()}…` : sentence;
}

function relatedPlace(printer: Printer, { range, summary }: Related): RelatedPlace {
  const { file } = printer.source;
  return { file, ...printer.source.positionAt(range.start), summary, ...snippetAt(printer, range.start) };
}

/** The line of a place, unless it is too long to be worth repeating, or shows what must be hidden, or may. */
export function snippetAt({ source, redaction, secluded }: Printer, offset: number): { readonly snippet?: string } {
  const snippet = source.lineAt(offset);
  const isHidden = secluded.covers(offset) || redaction.touches(snippet);
  return snippet.length > MAX_SNIPPET || isHidden ? {} : { snippet };
}
