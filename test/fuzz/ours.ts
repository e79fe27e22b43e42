/** What the parser under test says of a text. */
import type { Expression } from "../../src/jobspec/hcl/ast.ts";
import { parseBareTemplate, parseHcl } from "../../src/jobspec/hcl/parser.ts";
import { Budget } from "../../src/jobspec/budget.ts";
import { Evaluator } from "../../src/jobspec/hcl/evaluate.ts";
import { Problems } from "../../src/jobspec/problems.ts";
import { SourceText } from "../../src/jobspec/source.ts";
import { NO_NAMES, parsed, plain } from "../unit/jobspec/support.ts";
import type { Verdict } from "./verdict.ts";

/** A limit of ours, not of the language. */
const LIMIT = /^Nesting is deeper than/;
/** HCL takes what opens a comment that never ends for two operators, and stumbles over something else. */
const UNTOLD = "The comment is not closed";

/** undefined where one of our limits ends it. Anything but a SourceError is thrown: it is a defect. */
export function ourVerdict(text: string): Verdict | undefined {
  return attempt(text, (problems) => parseHcl(text, problems));
}

export function ourTemplateVerdict(text: string): Verdict | undefined {
  return attempt(text, () => parseBareTemplate(text));
}

function attempt(text: string, parse: (problems: Problems) => unknown): Verdict | undefined {
  const problems = new Problems();
  problems.attempt(() => parse(problems));
  const found = problems.diagnostics(new SourceText("file.hcl", text));
  if (found.some(({ summary }) => LIMIT.test(summary))) return undefined;
  const [first] = found;
  if (first === undefined) return { accepted: true };
  const { line, summary } = first;
  return { accepted: false, line: summary === UNTOLD ? undefined : line, message: summary };
}

/** The expression of `v = (TEXT)`, without the parentheses. */
export function ourExpression(text: string): Expression {
  const [attribute] = parsed(`v = (${text}\n)\n`).attributes;
  if (attribute?.expression.kind !== "parentheses") throw new Error("the text is not one expression");
  return attribute.expression.inner;
}

export function ourValues(text: string): Record<string, unknown> {
  const evaluator = new Evaluator(text, new Budget(), { roots: NO_NAMES });
  const values = parsed(text).attributes.map(({ name, expression }) => {
    return [name, plain(evaluator.evaluate(expression, undefined))] as const;
  });
  return Object.fromEntries(values);
}
