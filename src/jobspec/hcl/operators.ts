/** The values of operators. */
import { kindName, numberOf, toBool, toDecimal, toNumber, toText } from "../convert.ts";
import { compareDecimals, DECIMAL } from "../decimal.ts";
import { markedBy } from "../marks.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { ListValue, Type, Value } from "../tree.ts";
import type { Binary, BinaryOperator } from "./ast.ts";
import type { Evaluator, Scope } from "./evaluate.ts";
import { sameType } from "./types.ts";

/** For the numbers whose exact result has too many places. */
const ARITHMETIC: Readonly<Record<keyof typeof DECIMAL, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

const COMPARISON: Partial<Record<BinaryOperator, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
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
  return markedBy([left, right], calculated(node, left, right));
}

function calculated(node: Binary, left: Value, right: Value): Value {
  const { operator, range } = node;
  if (isArithmetic(operator)) return arithmetic(node, operator, left, right);
  const comparison = COMPARISON[operator];
  if (comparison !== undefined) {
    const [a, b] = [number(operator, left), number(operator, right)];
    return bool(comparison(compareNumbers(left, right) ?? a - b), range);
  }
  if (operator === "==" || operator === "!=") return bool(equal(left, right) === (operator === "=="), range);
  const [a, b] = [truth(operator, left), truth(operator, right)];
  return bool(operator === "&&" ? a && b : a || b, range);
}

function isArithmetic(operator: BinaryOperator): operator is keyof typeof DECIMAL {
  return Object.hasOwn(DECIMAL, operator);
}

function arithmetic(node: Binary, operator: keyof typeof DECIMAL, left: Value, right: Value): Value {
  const { range } = node;
  const [a, b] = [number(operator, left), number(operator, right)];
  if (operator === "/" || operator === "%") refuseZero(node, right);
  const [exactA, exactB] = [toDecimal(left), toDecimal(right)];
  const exact = exactA && exactB && DECIMAL[operator](exactA, exactB);
  const result = exact === undefined ? undefined : numberOf(exact);
  if (result !== undefined && Number.isFinite(result.value)) return { ...result, range };
  return finiteNumber(ARITHMETIC[operator](a, b), range);
}

function compareNumbers(left: Value, right: Value): number | undefined {
  const [a, b] = [toDecimal(left), toDecimal(right)];
  return a && b && compareDecimals(a, b);
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

/** Values of different types are never equal: 1 is not "1", and a list is not what brackets make. */
export function equal(a: Value, b: Value): boolean {
  if (a.kind === "list" && b.kind === "list") {
    if (!sameCollection(a.collection, b.collection) || a.items.length !== b.items.length) return false;
    return a.items.every((item, index) => equalTo(item, b.items[index]));
  }
  if (a.kind === "object" && b.kind === "object") {
    if (!sameElement(a.element, b.element)) return false;
    const others = new Map(b.entries.map((entry) => [entry.key, entry.value]));
    return a.entries.length === others.size && a.entries.every(({ key, value }) => equalTo(value, others.get(key)));
  }
  if (a.kind === "number" && b.kind === "number") return (compareNumbers(a, b) ?? a.value - b.value) === 0;
  return a.kind === b.kind && toText(a) === toText(b);
}

function equalTo(a: Value, b: Value | undefined): boolean {
  return b !== undefined && equal(a, b);
}

function sameCollection(a: ListValue["collection"], b: ListValue["collection"]): boolean {
  return a?.kind === b?.kind && sameElement(a?.element, b?.element);
}

function sameElement(a: Type | undefined, b: Type | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameType(a, b);
}
