/** The values of `a.b`, `a[0]`, `a.*.b` and `a[*].b`. */
import { kindName, toNumber, toText } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import { didYouMean } from "../suggest.ts";
import type { ObjectValue, Value } from "../tree.ts";
import type { Access, Expression, Step } from "./ast.ts";
import type { Evaluator, Scope } from "./evaluate.ts";

type SplatStep = Extract<Step, { readonly kind: "splat" }>;

export function evaluateAccess(evaluator: Evaluator, node: Access, scope: Scope | undefined): Value {
  const known = node.base.kind !== "variable" || isBound(scope, node.base.name);
  const fixed = known ? 0 : fixedSteps(node.steps);
  let value = evaluator.evaluate(node.base, scope);
  if (fixed > 0 && node.base.kind === "variable") {
    const end = node.steps[fixed - 1]?.range.end ?? node.base.range.end;
    const source = { start: node.base.range.start, end };
    value = evaluator.deferred(node.base.name, source, source);
  }
  return takeSteps(evaluator, value, node.steps.slice(fixed), scope);
}

function isBound(scope: Scope | undefined, name: string): boolean {
  return scope !== undefined && (scope.name === name || isBound(scope.outer, name));
}

/** How many steps are certain from the text alone; those stay part of an unknown name: `env["HOME"]`, `meta.a.b`. */
function fixedSteps(steps: readonly Step[]): number {
  const end = steps.findIndex((step) => step.kind === "splat" || (step.kind === "index" && !isFixedKey(step.key)));
  return end < 0 ? steps.length : end;
}

function isFixedKey(key: Expression): boolean {
  return key.kind === "number" || (key.kind === "template" && key.parts.every((part) => part.kind === "text"));
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
  if (step.kind === "index") return indexOf(value, evaluator.evaluate(step.key, scope));
  return splat(evaluator, value, step, scope);
}

function attributeOf(value: Value, name: string, range: Range): Value {
  if (value.kind === "object") return entryOf(value, name, range);
  throw new SourceError(range, `There is no "${name}" in ${kindName(value)}`, "Only a map has named parts");
}

function entryOf(object: ObjectValue, key: string, range: Range): Value {
  const entry = object.entries.find((candidate) => candidate.key === key);
  if (entry !== undefined) return entry.value;
  const detail = didYouMean(
    key,
    object.entries.map((candidate) => candidate.key),
  );
  throw new SourceError(range, `There is no ${JSON.stringify(key)} in this map`, detail);
}

function indexOf(value: Value, key: Value): Value {
  if (value.kind === "object") {
    const text = toText(key);
    if (text === undefined) throw new SourceError(key.range, `The key of a map is a string, not ${kindName(key)}`);
    return entryOf(value, text, key.range);
  }
  if (value.kind !== "list") throw new SourceError(key.range, `${kindName(value)} has no parts to choose from`);
  const index = toNumber(key);
  const item = index === undefined ? undefined : value.items[index];
  if (item === undefined) {
    const count = `It has ${value.items.length} items, counted from 0`;
    throw new SourceError(key.range, `There is no item ${toText(key) ?? kindName(key)} in this list`, count);
  }
  return item;
}

/** null has no items; any other value that is not a list is a list of itself. */
function splat(evaluator: Evaluator, value: Value, step: SplatStep, scope: Scope | undefined): Value {
  const items = value.kind === "list" ? value.items : value.kind === "null" ? [] : [value];
  const taken = items.map((item) => takeSteps(evaluator, item, step.each, scope));
  return { kind: "list", items: taken, range: step.range };
}
