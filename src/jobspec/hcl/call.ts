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
import { parseType } from "./type-expressions.ts";

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
  if (lazy !== undefined) {
    if (node.expandLast) throw new SourceError(node.range, `${node.name}() takes no list before ...`);
    return lazy(evaluator, node, scope);
  }
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
  const detail = didYouMean(name, [...FUNCTIONS.keys(), ...LAZY.keys()]);
  const place = { start: range.start, end: range.start + name.length };
  return new SourceError(place, `There is no function ${name}()`, detail);
}

/** `f(list...)`: the items of the last argument are arguments. */
function argumentsOf(evaluator: Evaluator, node: Call, scope: Scope | undefined): readonly Value[] {
  const values = node.args.map((arg) => evaluator.evaluate(arg, scope));
  const last = values.at(-1);
  if (!node.expandLast || last === undefined) return values;
  if (last.kind !== "list")
    throw new SourceError(last.range, `Only a list can stand before ..., not ${kindName(last)}`);
  return [...values.slice(0, -1), ...last.items];
}

/** Calls in a `for` differ by what its names stand for. */
function siteOf(evaluator: Evaluator, { range }: Call, args: CallSite["args"], scope: Scope | undefined): CallSite {
  const seed = (): string => {
    evaluator.budget.spend(evaluator.text.length, range);
    const names: string[] = [];
    for (let place = scope; place !== undefined; place = place.outer) names.push(identity(place.value));
    return [evaluator.text, range.start, ...names].join("\n");
  };
  return { range, args, budget: evaluator.budget, seed, files: evaluator.surroundings.files };
}

/** The first argument that can be evaluated. */
function attemptAll(evaluator: Evaluator, node: Call, scope: Scope | undefined): Value {
  const failures: SourceError[] = [];
  for (const arg of node.args) {
    const value = attempt(evaluator, arg, scope);
    if (!(value instanceof SourceError)) return { ...value, range: node.range };
    failures.push(value);
  }
  if (failures.length === 0) throw new SourceError(node.range, "try() takes at least 1 argument");
  const reported = failures.find((failure) => failure instanceof AlreadyReported);
  if (reported !== undefined) throw reported;
  const reasons = failures.map(({ problem }) => problem.summary).join("; ");
  throw new SourceError(node.range, "No argument of try() can be evaluated", reasons);
}

function canEvaluate(evaluator: Evaluator, node: Call, scope: Scope | undefined): Value {
  const [arg, ...more] = node.args;
  if (arg === undefined || more.length > 0) {
    throw new SourceError(node.range, `can() takes 1 argument, not ${node.args.length}`);
  }
  return { kind: "bool", value: !(attempt(evaluator, arg, scope) instanceof SourceError), range: node.range };
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
  if (value === undefined || type === undefined || more.length > 0) {
    const detail = "They are: value, type";
    throw new SourceError(node.range, `convert() takes 2 arguments, not ${node.args.length}`, detail);
  }
  const converted = convertTo(evaluator.evaluate(value, scope), parseType(type));
  evaluator.budget.spendOnCopy(converted, node.range);
  return { ...converted, range: node.range };
}
