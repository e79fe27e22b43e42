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
import { rangeInside } from "./inside.ts";
import { expandDynamic, isDynamic } from "./dynamic.ts";

export interface DataContext {
  readonly budget: Budget;
  readonly surroundings: Surroundings;
  /** The file's text. */
  readonly text: string;
  /** Takes the errors of entries and items, which are left out then, so that they do not hide others. Without it they are thrown. */
  readonly problems?: Problems;
}

/** Throws SourceError. */
export function evaluateData(context: DataContext, value: Value, scope: Scope | undefined): Value {
  context.budget.spend(value.kind === "object" ? BLOCK_COST : 1, value.range);
  switch (value.kind) {
    case "string":
      return evaluateString(context, value.value, value.range, scope);
    case "list":
      return {
        ...value,
        items: value.items.flatMap((item) => attempt(context, () => evaluateData(context, item, scope))),
      };
    case "object":
      return evaluateObject(context, value, scope);
    default:
      return value;
  }
}

/** The result, or nothing if it is in error. */
function attempt<T>({ problems }: DataContext, step: () => T): T[] {
  try {
    return [step()];
  } catch (error) {
    if (problems === undefined || !(error instanceof SourceError) || error instanceof LimitError) throw error;
    problems.attempt(() => {
      throw error;
    });
    return [];
  }
}

function evaluateObject(context: DataContext, object: ObjectValue, scope: Scope | undefined): Value {
  const builder = new ObjectBuilder();
  let incomplete = false;
  for (const entry of object.entries) {
    const add = isDynamic(entry) ? addDynamic : addEntry;
    const added = attempt(context, () => add(context, builder, entry, scope));
    incomplete ||= added.length === 0;
  }
  const entries = [...builder.entries.values()];
  const result: Value = { ...object, entries, ...(incomplete ? { incomplete: true as const } : {}) };
  return builder.sensitive ? marked(result) : result;
}

class ObjectBuilder {
  readonly entries = new Map<string, Entry>();
  /** A key was made of something sensitive. */
  sensitive = false;
}

function addEntry(context: DataContext, builder: ObjectBuilder, entry: Entry, scope: Scope | undefined): void {
  const { keyRange } = entry;
  const key = evaluateString(context, entry.key, keyRange, scope);
  const value = evaluateData(context, entry.value, scope);
  const text = toText(key) ?? entry.key;
  const isSecret = isSensitive(key);
  builder.sensitive ||= isSecret;
  if (builder.entries.has(text)) throw new SourceError(keyRange, "Another key of this map comes to the same");
  builder.entries.set(text, { key: text, keyRange, value, ...(isSecret ? { sensitiveKey: true } : {}) });
}

/** What a dynamic block makes comes after what is there already under the same type. */
function addDynamic(context: DataContext, builder: ObjectBuilder, entry: Entry, scope: Scope | undefined): void {
  const evaluate = (value: Value, inner: Scope | undefined): Value => {
    context.budget.enter(value.range);
    try {
      return evaluateData(context, value, inner);
    } finally {
      context.budget.leave();
    }
  };
  for (const made of expandDynamic(entry.value, evaluate, scope)) {
    const before = builder.entries.get(made.key);
    const items = before === undefined ? [] : before.value.kind === "list" ? before.value.items : [before.value];
    const all = made.value.kind === "list" ? [...items, ...made.value.items] : items;
    builder.entries.set(made.key, { ...made, value: { kind: "list", items: all, range: made.keyRange } });
  }
}

/** Puts the warnings about a string's value where the file has the string. */
function warningsInside({ surroundings, text }: DataContext, value: string, range: Range): Pick<Problems, "warn"> {
  const at = (place: Range): Range => rangeInside(text, range, value, place);
  return {
    warn: (place, summary, detail, related) => {
      const other = related && { ...related, range: at(related.range) };
      surroundings.problems?.warn(at(place), `In this string: ${summary}`, detail, other);
    },
  };
}

/** Throws SourceError at the string's own place, whatever is wrong inside it; in one of several lines, at the place inside it. */
function evaluateString(context: DataContext, text: string, range: Range, scope: Scope | undefined): Value {
  if (!text.includes("${") && !text.includes("%{")) return { kind: "string", value: text, range };
  const { budget, surroundings } = context;
  budget.spend(text.length, range);
  try {
    const seed = `${surroundings.seed ?? ""} ${range.start}`;
    const inside = { ...surroundings, seed, problems: warningsInside(context, text, range) };
    const value = new Evaluator(text, budget, inside).evaluate(parseBareTemplate(text), scope);
    return placedAt(value, range);
  } catch (error) {
    if (error instanceof LimitError) throw new LimitError(range, error.problem.summary, error.problem.detail);
    if (!(error instanceof SourceError) || error instanceof AlreadyReported) throw error;
    const { summary, detail, range: place } = error.problem;
    throw new SourceError(rangeInside(context.text, range, text, place), `In this string: ${summary}`, detail);
  }
}
