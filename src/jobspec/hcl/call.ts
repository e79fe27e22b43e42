/** The values of function calls. */
import { kindName } from "../convert.ts";
import type { CallSite } from "../functions/define.ts";
import { FUNCTIONS } from "../functions/table.ts";
import { identity } from "../functions/values.ts";
import { isSensitive, marked } from "../marks.ts";
import { AlreadyReported, LimitError, SourceError } from "../problems.ts";
import { didYouMean } from "../suggest.ts";
import type { Value } from "../tree.ts";
import type { Call, Expression } from "./ast.ts";
import { convertTo } from "./conversion.ts";
import type { Evaluator, Scope } from "./evaluate.ts";
import { insteadOf } from "./missing-functions.ts";
import { parseType } from "./type-expressions.ts";

/** What it takes to hash a character, in the budget's units. */
const HASH_COST = 0.01;

/** Functions that decide for themselves whether their arguments are evaluated. */
const LAZY: ReadonlyMap<string, (evaluator: Evaluator, node: Call, scope: Scope | undefined) => Value> = new Map([
  ["try", attemptAll],
  ["can", canEvaluate],
  ["convert", convertValue],
]);

/** Throws SourceError. */
export function evaluateCall(evaluator: Evaluator, node: Call, scope: Scope | undefined): Value {
  if (evaluator.surroundings.roots === undefined) {
    throw new SourceError(node.range, "No function can be called here: the value must be a constant");
  }
  const lazy = LAZY.get(node.name);
  if (lazy !== undefined) return lazy(evaluator, node, scope);
  const found = FUNCTIONS.get(node.name);
  if (found === undefined) throw unknownFunction(node);
  const args = argumentsOf(evaluator, node, scope);
  const ranges = args.map((_, index) => (node.args[index] ?? node.args.at(-1) ?? node).range);
  const site = siteOf(evaluator, node, ranges, scope);
  return args.some(isSensitive) ? callWithSecrets(node, () => found.call(args, site)) : found.call(args, site);
}

/** The result is sensitive too, and what a function says about its arguments is not repeated. */
function callWithSecrets({ name, range }: Call, call: () => Value): Value {
  try {
    return marked(call());
  } catch (error) {
    if (!(error instanceof SourceError) || error instanceof LimitError) throw error;
    const detail = "One of its arguments is sensitive, so nothing more is told";
    throw new SourceError(range, `${name}() cannot be called with these arguments`, detail);
  }
}

function unknownFunction({ name, range }: Call): SourceError {
  const detail = insteadOf(name) ?? didYouMean(name, [...FUNCTIONS.keys(), ...LAZY.keys()]);
  const place = { start: range.start, end: range.start + name.length };
  return new SourceError(place, `There is no function ${name}()`, detail);
}

/** `f(list...)`: the items of the last argument are arguments. */
function argumentsOf(evaluator: Evaluator, node: Call, scope: Scope | undefined): readonly Value[] {
  const values = plainArguments(node).map((arg) => evaluator.evaluate(arg, scope));
  return [...values, ...spreadArguments(evaluator, node, scope)];
}

/** Those that stand for themselves. */
function plainArguments({ args, expandLast }: Call): readonly Expression[] {
  return expandLast ? args.slice(0, -1) : args;
}

function spreadArguments(evaluator: Evaluator, { args, expandLast }: Call, scope: Scope | undefined): readonly Value[] {
  const last = args.at(-1);
  if (!expandLast || last === undefined) return [];
  const list = evaluator.evaluate(last, scope);
  if (list.kind === "list") return list.items;
  throw new SourceError(list.range, `Only a list can stand before ..., not ${kindName(list)}`);
}

/** Calls in a `for` differ by what its names stand for. */
function siteOf(evaluator: Evaluator, { range }: Call, args: CallSite["args"], scope: Scope | undefined): CallSite {
  const seed = (): string => {
    evaluator.budget.spend(evaluator.text.length * HASH_COST, range);
    const names: string[] = [];
    for (let place = scope; place !== undefined; place = place.outer) names.push(identity(place.value));
    return [evaluator.surroundings.seed ?? "", evaluator.text, range.start, ...names].join("\n");
  };
  return { range, args, budget: evaluator.budget, seed, files: evaluator.surroundings.files };
}

/** The first argument that can be evaluated. */
function attemptAll(evaluator: Evaluator, node: Call, scope: Scope | undefined): Value {
  const failures: SourceError[] = [];
  const [spread] = spreadArguments(evaluator, node, scope);
  for (const arg of plainArguments(node)) {
    const value = attempt(evaluator, arg, scope);
    if (!(value instanceof SourceError)) return { ...value, range: node.range };
    failures.push(value);
  }
  if (spread !== undefined) return { ...spread, range: node.range };
  if (failures.length === 0) throw new SourceError(node.range, "try() takes at least 1 argument");
  const reported = failures.find((failure) => failure instanceof AlreadyReported);
  if (reported !== undefined) throw reported;
  const reasons = failures.map(({ problem }) => problem.summary).join("; ");
  throw new SourceError(node.range, "No argument of try() can be evaluated", reasons);
}

function canEvaluate(evaluator: Evaluator, node: Call, scope: Scope | undefined): Value {
  const [arg] = plainArguments(node);
  const count = plainArguments(node).length + spreadArguments(evaluator, node, scope).length;
  if (count !== 1) throw new SourceError(node.range, `can() takes 1 argument, not ${count}`);
  const value = arg === undefined || !(attempt(evaluator, arg, scope) instanceof SourceError);
  return { kind: "bool", value, range: node.range };
}

/** What is too much work is an error in any case. */
function attempt(evaluator: Evaluator, arg: Expression, scope: Scope | undefined): Value | SourceError {
  try {
    return evaluator.evaluate(arg, scope);
  } catch (error) {
    if (!(error instanceof SourceError) || error instanceof LimitError) throw error;
    return error;
  }
}

/** The second argument is a type, as variables have it. */
function convertValue(evaluator: Evaluator, node: Call, scope: Scope | undefined): Value {
  const [value, type, ...more] = node.args;
  if (value === undefined || type === undefined || more.length > 0 || node.expandLast) {
    const detail = "They are: value, type";
    throw new SourceError(node.range, "convert() takes 2 arguments", detail);
  }
  const converted = convertTo(evaluator.evaluate(value, scope), parseType(type));
  evaluator.budget.spendOnCopy(converted, node.range);
  return { ...converted, range: node.range };
}
