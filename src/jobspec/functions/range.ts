/** The function `range`. */
import { numberOf, toDecimal } from "../convert.ts";
import { compareDecimals, DECIMAL, decimalText } from "../decimal.ts";
import type { Decimal } from "../decimal.ts";
import type { NumberValue, Value } from "../tree.ts";
import { define, wrong, wrongCall } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import { listOf } from "./values.ts";

/** As in Nomad. */
const MAX_RANGE = 1024;
/** What calculating with decimals takes, in the budget's units. */
const NUMBER_COST = 10;

const ZERO: Decimal = { digits: 0n, scale: 0 };
const ONE: Decimal = { digits: 1n, scale: 0 };
const MINUS_ONE: Decimal = { digits: -1n, scale: 0 };

function exactOf(number: NumberValue): Decimal {
  return toDecimal(number) ?? ZERO;
}

export const RANGE: HclFunction = define("range", {
  parameters: [],
  rest: { name: "numbers", wants: "number" },
  summary:
    "Numbers up to a limit, or from a start to a limit, or with a step as well: 1024 at most, without the limit.",
  example: "range(1, 8, 2)",
  call(numbers, at) {
    const [first, second, step] = numbers.map(exactOf);
    if (first === undefined || numbers.length > 3) throw wrong(at, 3, "range() takes 1, 2 or 3 numbers");
    const [start, end] = second === undefined ? [ZERO, first] : [first, second];
    const items = steps(start, end, step ?? (compareDecimals(end, start) < 0 ? MINUS_ONE : ONE), at);
    return listOf({ kind: "number" }, items, at.range);
  },
});

/** Exact: ten steps of 0.1 are 1. */
function steps(start: Decimal, end: Decimal, step: Decimal, at: CallSite): Value[] {
  const direction = compareDecimals(step, ZERO);
  const distance = compareDecimals(end, start);
  if (distance !== 0 && distance !== direction) {
    const [from, to, by] = [start, end, step].map(decimalText);
    throw wrong(at, 1, `range() does not get from ${from} to ${to} in steps of ${by}`);
  }
  const found: Value[] = [];
  if (distance === 0) return found;
  for (let next = start; compareDecimals(end, next) === distance; next = DECIMAL["+"](next, step) ?? end) {
    if (found.length >= MAX_RANGE) throw wrongCall(at, `range() makes ${MAX_RANGE} numbers at most`);
    at.budget.spend(NUMBER_COST, at.range);
    found.push({ ...numberOf(next), range: at.range });
  }
  return found;
}
