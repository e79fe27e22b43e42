/** The values of `a.b`, `a[0]`, `a.*.b` and `a[*].b`. */
import { kindName, toNumber, toText } from "../convert.ts";
import { isSensitive, markedBy } from "../marks.ts";
import { SourceError } from "../problems.ts";
import { isRoot } from "../roots.ts";
import type { Root } from "../roots.ts";
import type { Range } from "../source.ts";
import { didYouMean } from "../suggest.ts";
import type { ObjectValue, Value } from "../tree.ts";
import type { Access, Expression, Step } from "./ast.ts";
import type { Evaluator } from "./evaluate.ts";
import { meantByHabit } from "./habits.ts";
import { boundValue } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { isSet } from "./sets.ts";
import { ANY, typeOf } from "./types.ts";
import { unify } from "./unify.ts";

type SplatStep = Extract<Step, { readonly kind: "splat" }>;

export function evaluateAccess(evaluator: Evaluator, node: Access, scope: Scope | undefined): Value {
  const { base, steps } = node;
  if (base.kind !== "variable" || boundValue(scope, base.name) !== undefined) {
    return takeSteps(evaluator, evaluator.evaluate(base, scope), steps, scope);
  }
  if (isRoot(base.name)) return evaluateKnown(evaluator, node, base.name, scope);
  const fixed = fixedSteps(evaluator, steps);
  const source = { start: base.range.start, end: steps[fixed - 1]?.range.end ?? base.range.end };
  warnOfHabit(evaluator, node, base.name);
  return takeSteps(evaluator, evaluator.deferred(source, source), steps.slice(fixed), scope);
}

function warnOfHabit({ text, surroundings }: Evaluator, { range, steps: [first] }: Access, root: string): void {
  const part = first && nameOf(first);
  const detail = part === undefined ? undefined : meantByHabit(root, part);
  if (detail === undefined) return;
  const name = text.slice(range.start, first?.range.end);
  surroundings.problems?.warn(range, `"${name}" stays as text until the task starts`, detail);
}

/** Is the expression a name, with parts, that only the starting task knows? */
export function isDeferred(evaluator: Evaluator, node: Expression, scope: Scope | undefined): boolean {
  const base = node.kind === "access" ? node.base : node;
  if (base.kind !== "variable" || boundValue(scope, base.name) !== undefined || isRoot(base.name)) return false;
  return (
    node.kind === "variable" || (node.kind === "access" && fixedSteps(evaluator, node.steps) === node.steps.length)
  );
}

/** `var.x` asks for x alone, because the others may have no value. */
function evaluateKnown(evaluator: Evaluator, node: Access, root: Root, scope: Scope | undefined): Value {
  const [first, ...rest] = node.steps;
  const name = first && nameOf(first);
  if (first === undefined || name === undefined) {
    return takeSteps(evaluator, evaluator.evaluate(node.base, scope), node.steps, scope);
  }
  const range = { start: node.range.start, end: first.range.end };
  const value = evaluator.roots(range).get(root, name, range);
  evaluator.budget.spendOnCopy(value, range);
  return takeSteps(evaluator, { ...value, range }, rest, scope);
}

function nameOf(step: Step): string | undefined {
  if (step.kind === "attribute") return step.name;
  if (step.kind !== "index" || step.key.kind !== "template") return undefined;
  const [part, second] = step.key.parts;
  return part?.kind === "text" && second === undefined ? part.text : undefined;
}

/** How many steps are certain from the text alone; those stay part of an unknown name: `env["HOME"]`, `meta.a.b`. */
function fixedSteps({ text }: Evaluator, steps: readonly Step[]): number {
  const end = steps.findIndex(
    (step) => step.kind === "splat" || (step.kind === "index" && !isFixedKey(step.key, text)),
  );
  return end < 0 ? steps.length : end;
}

/** HCL takes a text with a doubled sign in it for a calculation. */
function isFixedKey(key: Expression, text: string): boolean {
  if (key.kind !== "template") return key.kind === "number";
  return key.parts.every(
    (part) => part.kind === "text" && !/\$\$\{|%%\{/.test(text.slice(part.range.start, part.range.end)),
  );
}

function takeSteps(evaluator: Evaluator, base: Value, steps: readonly Step[], scope: Scope | undefined): Value {
  let value = base;
  for (const step of steps) {
    const range = { start: value.range.start, end: step.range.end };
    value = { ...takeStep(evaluator, value, step, scope), range };
  }
  return value;
}

function takeStep(evaluator: Evaluator, value: Value, step: Step, scope: Scope | undefined): Value {
  evaluator.budget.spend(value.kind === "object" ? value.entries.length : 1, step.range);
  if (step.kind === "attribute") return attributeOf(value, step.name, step.range);
  if (step.kind === "splat") return splat(evaluator, value, step, scope);
  const key = evaluator.evaluate(step.key, scope);
  return markedBy([key], indexOf(value, key));
}

function attributeOf(value: Value, name: string, range: Range): Value {
  if (value.kind === "object") return entryOf(value, name, range, JSON.stringify(name));
  throw new SourceError(range, `There is no "${name}" in ${kindName(value)}`, "Only a map has named parts");
}

function entryOf(object: ObjectValue, key: string, range: Range, shown: string): Value {
  const entry = object.entries.find((candidate) => candidate.key === key);
  if (entry !== undefined) return entry.value;
  const names = object.sensitive === true ? [] : object.entries.map((candidate) => candidate.key);
  throw new SourceError(range, `There is no ${shown} in this map`, didYouMean(key, names));
}

function indexOf(value: Value, key: Value): Value {
  if (value.kind === "object") {
    const text = toText(key);
    if (text === undefined) throw new SourceError(key.range, `The key of a map is a string, not ${kindName(key)}`);
    return entryOf(value, text, key.range, isSensitive(key) ? "such key" : JSON.stringify(text));
  }
  if (value.kind !== "list") throw new SourceError(key.range, `${kindName(value)} has no parts to choose from`);
  if (isSet(value)) {
    const detail = "Use a for expression, or make it a list";
    throw new SourceError(key.range, "The items of a set have no order to choose by", detail);
  }
  const index = toNumber(key);
  const item = index === undefined ? undefined : value.items[index];
  if (item !== undefined) return item;
  const count = `It has ${value.items.length} items, counted from 0`;
  const which = isSensitive(key) ? "such item" : `item ${toText(key) ?? kindName(key)}`;
  throw new SourceError(key.range, `There is no ${which} in this list`, count);
}

/** null has no items; any other value that is not a list is a list of itself. */
function splat(evaluator: Evaluator, value: Value, step: SplatStep, scope: Scope | undefined): Value {
  const { range } = step;
  if (value.kind === "null") return { kind: "list", items: [], range };
  const items = value.kind === "list" ? value.items : [value];
  const taken = items.map((item) => takeSteps(evaluator, item, step.each, scope));
  const list: Value = { kind: "list", items: taken, range };
  if (value.kind !== "list" || value.collection === undefined) return list;
  return { ...list, collection: { kind: "list", element: unify(taken.map(typeOf)) ?? ANY } };
}
