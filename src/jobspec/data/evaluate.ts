/** Evaluates the values of JSON and YAML job files: each string is a template, as in HCL's JSON syntax. */
import { Evaluator } from "../hcl/evaluate.ts";
import type { Surroundings } from "../hcl/evaluate.ts";
import { parseBareTemplate } from "../hcl/parser.ts";
import type { Scope } from "../hcl/scope.ts";
import { BLOCK_COST } from "../budget.ts";
import type { Budget } from "../budget.ts";
import { toText } from "../convert.ts";
import { isSensitive, marked } from "../marks.ts";
import { AlreadyReported, LimitError, SourceError } from "../problems.ts";
import type { Problems } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Entry, ObjectValue, Value } from "../tree.ts";
import { placedAt } from "../variables/resolve.ts";
import { expandDynamic, isDynamic } from "./dynamic.ts";

export interface DataContext {
  readonly budget: Budget;
  readonly surroundings: Surroundings;
  /** Takes the error of a string, which then reads as null, so that it does not hide others. Without it the error is thrown. */
  readonly problems?: Problems;
}

/** Throws SourceError. */
export function evaluateData(context: DataContext, value: Value, scope: Scope | undefined): Value {
  context.budget.spend(value.kind === "object" ? BLOCK_COST : 1, value.range);
  switch (value.kind) {
    case "string":
      return attempt(context, value.range, () => evaluateString(context, value.value, value.range, scope));
    case "list":
      return { ...value, items: value.items.map((item) => evaluateData(context, item, scope)) };
    case "object":
      return evaluateObject(context, value, scope);
    default:
      return value;
  }
}

function attempt(context: DataContext, range: Range, step: () => Value): Value {
  if (context.problems === undefined) return step();
  return context.problems.attempt(step) ?? { kind: "null", range };
}

function evaluateObject(context: DataContext, object: ObjectValue, scope: Scope | undefined): Value {
  const builder = new ObjectBuilder();
  for (const entry of object.entries) {
    if (isDynamic(entry)) addDynamic(context, builder, entry, scope);
    else addEntry(context, builder, entry, scope);
  }
  const result: Value = { ...object, entries: [...builder.entries.values()] };
  return builder.sensitive ? marked(result) : result;
}

class ObjectBuilder {
  readonly entries = new Map<string, Entry>();
  /** A key was made of something sensitive. */
  sensitive = false;
}

function addEntry(context: DataContext, builder: ObjectBuilder, entry: Entry, scope: Scope | undefined): void {
  const { keyRange } = entry;
  const key = attempt(context, keyRange, () => evaluateString(context, entry.key, keyRange, scope));
  const value = evaluateData(context, entry.value, scope);
  const text = toText(key) ?? entry.key;
  builder.sensitive ||= isSensitive(key);
  if (builder.entries.has(text)) throw new SourceError(keyRange, "Another key of this map comes to the same");
  builder.entries.set(text, { key: text, keyRange, value });
}

/** What a dynamic block makes comes after what is there already under the same type. */
function addDynamic(context: DataContext, builder: ObjectBuilder, entry: Entry, scope: Scope | undefined): void {
  const evaluate = (value: Value, inner: Scope | undefined): Value => {
    return context.budget.within(value.range, () => evaluateData(context, value, inner));
  };
  for (const made of expandDynamic(entry.value, evaluate, scope)) {
    const before = builder.entries.get(made.key);
    const items = before === undefined ? [] : before.value.kind === "list" ? before.value.items : [before.value];
    const all = made.value.kind === "list" ? [...items, ...made.value.items] : items;
    builder.entries.set(made.key, { ...made, value: { kind: "list", items: all, range: made.keyRange } });
  }
}

/** Throws SourceError at the string's own place, whatever is wrong inside it. */
function evaluateString(context: DataContext, text: string, range: Range, scope: Scope | undefined): Value {
  if (!text.includes("${") && !text.includes("%{")) return { kind: "string", value: text, range };
  const { budget, surroundings } = context;
  budget.spend(text.length, range);
  try {
    const seed = `${surroundings.seed ?? ""} ${range.start}`;
    const value = new Evaluator(text, budget, { ...surroundings, seed }).evaluate(parseBareTemplate(text), scope);
    return placedAt(value, range);
  } catch (error) {
    if (error instanceof LimitError) throw new LimitError(range, error.problem.summary, error.problem.detail);
    if (!(error instanceof SourceError) || error instanceof AlreadyReported) throw error;
    const { summary, detail } = error.problem;
    throw new SourceError(range, `In this string: ${summary}`, detail);
  }
}
