/** What the parser under test says of a text. */
import type { Expression } from "../../src/jobspec/hcl/ast.ts";
import { parseBareTemplate, parseHcl } from "../../src/jobspec/hcl/parser.ts";
import { readHcl } from "../../src/jobspec/hcl/read.ts";
import { Problems, SourceError } from "../../src/jobspec/problems.ts";
import { SourceText } from "../../src/jobspec/source.ts";
import { plain } from "../unit/jobspec/support.ts";
import type { Verdict } from "./verdict.ts";

/** A limit of ours, not of the language. */
const LIMIT = /^Nesting is deeper than/;
/** HCL takes what opens a comment that never ends for two operators, and stumbles over something else. */
const UNTOLD = "The comment is not closed";

/** undefined where one of our limits ends it. Anything but a SourceError is thrown: it is a defect. */
export function ourVerdict(text: string): Verdict | undefined {
  return attempt(text, () => parseHcl(text));
}

export function ourTemplateVerdict(text: string): Verdict | undefined {
  return attempt(text, () => parseBareTemplate(text));
}

function attempt(text: string, parse: () => unknown): Verdict | undefined {
  try {
    parse();
    return { accepted: true };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (LIMIT.test(error.message)) return undefined;
    const { line } = new SourceText("file.hcl", text).positionAt(error.problem.range.start);
    return { accepted: false, line: error.message === UNTOLD ? undefined : line, message: error.message };
  }
}

/** The expression of `v = (TEXT)`, without the parentheses. */
export function ourExpression(text: string): Expression {
  const [attribute] = parseHcl(`v = (${text}\n)\n`).attributes;
  if (attribute?.expression.kind !== "parentheses") throw new Error("the text is not one expression");
  return attribute.expression.inner;
}

export function ourValues(text: string): Record<string, unknown> {
  const problems = new Problems();
  const body = readHcl(text, problems);
  const [first] = problems.diagnostics(new SourceText("file.hcl", text));
  if (body === undefined || first !== undefined) throw new Error(`refused: ${first?.summary}`);
  return Object.fromEntries(body.attributes.map(({ name, value }) => [name, plain(value)]));
}
