/** The values of operators and conditionals. */
import { kindName, toBool, toNumber, toText } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Value } from "../tree.ts";
import type { Binary, BinaryOperator, Conditional } from "./ast.ts";
import type { Evaluator, Scope } from "./evaluate.ts";

const ARITHMETIC: Partial<Record<BinaryOperator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

const COMPARISON: Partial<Record<BinaryOperator, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** Walks the left side in a loop: a sum of thousands of terms must not exhaust the stack. */
export function evaluateBinary(evaluator: Evaluator, node: Binary, scope: Scope | undefined): Value {
  const spine: Binary[] = [node];
  let left = node.left;
  while (left.kind === "binary") {
    spine.push(left);
    left = left.left;
  }
  let value = evaluator.evaluate(left, scope);
  for (const operation of spine.toReversed()) {
    value = apply(operation, value, evaluator.evaluate(operation.right, scope));
  }
  return value;
}

function apply(node: Binary, left: Value, right: Value): Value {
  const { operator, range } = node;
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic !== undefined) {
    if (operator === "/" || operator === "%") refuseZero(node, right);
    return finiteNumber(arithmetic(number(operator, left), number(operator, right)), range);
  }
  const comparison = COMPARISON[operator];
  if (comparison !== undefined) return bool(comparison(number(operator, left), number(operator, right)), range);
  if (operator === "==" || operator === "!=") return bool(equal(left, right) === (operator === "=="), range);
  const [a, b] = [truth(operator, left), truth(operator, right)];
  return bool(operator === "&&" ? a && b : a || b, range);
}

function refuseZero(node: Binary, right: Value): void {
  if (toNumber(right) === 0) throw new SourceError(node.right.range, "Division by zero");
}

function number(operator: string, value: Value): number {
  const result = toNumber(value);
  if (result === undefined) throw wrongOperand(operator, value, "numbers");
  return result;
}

function truth(operator: string, value: Value): boolean {
  const result = toBool(value);
  if (result === undefined) throw wrongOperand(operator, value, "true or false");
  return result;
}

function wrongOperand(operator: string, value: Value, wanted: string): SourceError {
  const late = value.kind === "string" && value.value.includes("${");
  const detail = late ? "A name like this gets its value only when the task starts" : undefined;
  return new SourceError(value.range, `"${operator}" needs ${wanted}, not ${kindName(value)}`, detail);
}

function bool(value: boolean, range: Range): Value {
  return { kind: "bool", value, range };
}

/** Throws SourceError when a calculation left the range of numbers. */
export function finiteNumber(value: number, range: Range): Value {
  if (!Number.isFinite(value)) throw new SourceError(range, "The result is too large a number");
  return { kind: "number", value, range };
}

/** Values of different types are never equal: 1 is not "1". */
export function equal(a: Value, b: Value): boolean {
  if (a.kind === "list" && b.kind === "list") {
    return a.items.length === b.items.length && a.items.every((item, index) => equalTo(item, b.items[index]));
  }
  if (a.kind === "object" && b.kind === "object") {
    const others = new Map(b.entries.map((entry) => [entry.key, entry.value]));
    return a.entries.length === others.size && a.entries.every(({ key, value }) => equalTo(value, others.get(key)));
  }
  if (a.kind === "number" && b.kind === "number") return a.value === b.value;
  return a.kind === b.kind && toText(a) === toText(b);
}

function equalTo(a: Value, b: Value | undefined): boolean {
  return b !== undefined && equal(a, b);
}

/** Both sides are evaluated and must fit together, as in HCL. */
export function evaluateConditional(evaluator: Evaluator, node: Conditional, scope: Scope | undefined): Value {
  const condition = evaluator.evaluate(node.condition, scope);
  const choice = toBool(condition);
  if (choice === undefined) {
    throw new SourceError(condition.range, `A condition must be true or false, not ${kindName(condition)}`);
  }
  const whenTrue = evaluator.evaluate(node.whenTrue, scope);
  const whenFalse = evaluator.evaluate(node.whenFalse, scope);
  const [chosen, other] = choice ? [whenTrue, whenFalse] : [whenFalse, whenTrue];
  return { ...unified(node, chosen, other), range: node.range };
}

function unified(node: Conditional, chosen: Value, other: Value): Value {
  if (chosen.kind === other.kind || chosen.kind === "null" || other.kind === "null") return chosen;
  const text = chosen.kind === "string" || other.kind === "string" ? toText(chosen) : undefined;
  if (text !== undefined && toText(other) !== undefined) return { kind: "string", value: text, range: chosen.range };
  const detail = `One is ${kindName(chosen)}, the other ${kindName(other)}`;
  throw new SourceError(node.range, "The two results of a conditional must be of one type", detail);
}
