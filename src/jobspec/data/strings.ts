/** The strings of JSON and YAML job files: each is a template, as in HCL's JSON syntax. */
import type { Budget } from "../budget.ts";
import { Evaluator } from "../hcl/evaluate.ts";
import { parseBareTemplate } from "../hcl/parser.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Value } from "../tree.ts";

/** Throws SourceError at the string's own place, whatever is wrong inside it. */
export function evaluateString(text: string, range: Range, budget: Budget): Value {
  budget.spend(text.length, range);
  if (!text.includes("${") && !text.includes("%{")) return { kind: "string", value: text, range };
  try {
    const value = new Evaluator(text, budget).evaluate(parseBareTemplate(text), undefined);
    return placed(value, range);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { summary, detail } = error.problem;
    throw new SourceError(range, `In this string: ${summary}`, detail);
  }
}

/** Offsets inside a string mean nothing in the file. */
function placed(value: Value, range: Range): Value {
  if (value.kind === "list") return { ...value, items: value.items.map((item) => placed(item, range)), range };
  if (value.kind !== "object") return { ...value, range };
  const entries = value.entries.map((entry) => ({
    key: entry.key,
    keyRange: range,
    value: placed(entry.value, range),
  }));
  return { ...value, entries, range };
}
