/** What is wrong with a job file, gathered as it is read and turned into diagnostics at the end. */
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Range, SourceText } from "./source.ts";

/** More than this in one file helps nobody; the rest shows up once these are repaired. */
const MAX_PROBLEMS = 50;
/** A longer line (a JSON file without line ends) is not worth repeating under an error. */
const MAX_SNIPPET = 1000;

export interface Problem {
  readonly range: Range;
  readonly summary: string;
  readonly detail?: string | undefined;
}

/** Thrown inside this room where nothing after the mistake can be understood; never leaves `parseJobFile`. */
export class SourceError extends Error {
  readonly problem: Problem;

  constructor(range: Range, summary: string, detail?: string) {
    super(summary);
    this.name = "SourceError";
    this.problem = { range, summary, detail };
  }
}

export class Problems {
  readonly #found: Problem[] = [];

  get any(): boolean {
    return this.#found.length > 0;
  }

  add(range: Range, summary: string, detail?: string): void {
    this.#found.push({ range, summary, detail });
  }

  /** Runs a step whose mistakes concern only its own part of the file, and goes on after one. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      this.#found.push(error.problem);
      return undefined;
    }
  }

  /** In file order, each place and sentence once. */
  diagnostics(source: SourceText): Diagnostic[] {
    const seen = new Set<string>();
    const result: Diagnostic[] = [];
    for (const problem of this.#found.toSorted((a, b) => a.range.start - b.range.start)) {
      const key = `${problem.range.start} ${problem.summary}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (result.length < MAX_PROBLEMS) result.push(diagnosticOf(source, problem));
    }
    return result;
  }
}

function diagnosticOf(source: SourceText, problem: Problem): Diagnostic {
  const snippet = source.lineAt(problem.range.start);
  return {
    severity: "error",
    file: source.file,
    ...source.positionAt(problem.range.start),
    summary: problem.summary,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    ...(snippet.length > MAX_SNIPPET ? {} : { snippet }),
  };
}
