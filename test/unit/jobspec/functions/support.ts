/** Short ways to call functions in tests. */
import { Budget } from "../../../../src/jobspec/budget.ts";
import type { JobFiles } from "../../../../src/jobspec/files.ts";
import { Evaluator } from "../../../../src/jobspec/hcl/evaluate.ts";
import { SourceError } from "../../../../src/jobspec/problems.ts";
import { expressionOf, NO_NAMES, plain } from "../support.ts";

/** What is wrong with an expression, and the part of it that is. */
export function problemOf(
  text: string,
  files?: JobFiles,
): { summary: string; detail: string | undefined; source: string } {
  const source = `x = ${text}\n`;
  try {
    evaluatedWith(text, files);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { summary, detail, range } = error.problem;
    return { summary, detail, source: source.slice(range.start, range.end) };
  }
  throw new Error(`${text} was not refused`);
}

/** As plain data. Throws SourceError. */
export function evaluatedWith(text: string, files: JobFiles | undefined): unknown {
  const surroundings = { roots: NO_NAMES, ...(files === undefined ? {} : { files }) };
  return plain(new Evaluator(`x = ${text}\n`, new Budget(), surroundings).evaluate(expressionOf(text), undefined));
}
