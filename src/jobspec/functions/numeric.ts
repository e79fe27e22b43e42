/** Functions of numbers. */
import { literalNumber } from "../convert.ts";
import { define, wrong } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import type { NumberValue } from "../tree.ts";
import { compareNumbers, digitsOf } from "./values.ts";

const NUMBER = { name: "number", wants: "number" } as const;

export const NUMERIC: readonly HclFunction[] = [
  define("abs", {
    parameters: [NUMBER],
    summary: "The number without its sign.",
    example: "abs(-4.5)",
    call: ([number], at) => literalNumber(digitsOf(number).replace("-", ""), at.range),
  }),
  define("ceil", {
    parameters: [NUMBER],
    summary: "The smallest whole number that is not less.",
    example: "ceil(5.1)",
    call: ([{ value }]) => Math.ceil(value),
  }),
  define("floor", {
    parameters: [NUMBER],
    summary: "The greatest whole number that is not more.",
    example: "floor(-5.1)",
    call: ([{ value }]) => Math.floor(value),
  }),
  define("log", {
    parameters: [NUMBER, { name: "base", wants: "number" }],
    summary: "The logarithm of the number to a base.",
    example: "log(1024, 2)",
    call: ([number, base]) => Math.log(number.value) / Math.log(base.value),
  }),
  define("max", {
    parameters: [],
    rest: { name: "numbers", wants: "number" },
    summary: "The greatest of the numbers.",
    example: "max(3, 12, -7)",
    call: (numbers, at) => extreme("max", (order) => order > 0, numbers, at),
  }),
  define("min", {
    parameters: [],
    rest: { name: "numbers", wants: "number" },
    summary: "The least of the numbers.",
    example: "min(3, 12, -7)",
    call: (numbers, at) => extreme("min", (order) => order < 0, numbers, at),
  }),
  define("parseint", {
    parameters: [
      { name: "text", wants: "any" },
      { name: "base", wants: "integer" },
    ],
    summary: "The whole number that the text stands for in a base of 2 to 62.",
    example: 'parseint("ff", 16)',
    call([text, base], at) {
      if (text.kind !== "string") throw wrong(at, 0, "parseint() reads a string, and this is none");
      if (base < 2 || base > 62) throw wrong(at, 1, `The base of parseint() is 2 to 62, not ${base}`);
      // The time that many digits take grows with their square.
      at.budget.spend(text.value.length ** 2 / 100, at.range);
      const number = parseInteger(text.value, base);
      if (number !== undefined) return literalNumber(number.toString(), at.range);
      throw wrong(at, 0, `${JSON.stringify(text.value)} is not a whole number in base ${base}`);
    },
  }),
  define("pow", {
    parameters: [NUMBER, { name: "power", wants: "number" }],
    summary: "The number to a power.",
    example: "pow(3, 2)",
    call: ([number, power]) => number.value ** power.value,
  }),
  define("signum", {
    parameters: [{ name: "number", wants: "integer" }],
    summary: "-1, 0 or 1: the sign of a whole number.",
    example: "signum(-13)",
    call: ([number]) => Math.sign(number),
  }),
];

function extreme(
  name: string,
  isBetter: (order: number) => boolean,
  [first, ...others]: readonly NumberValue[],
  at: CallSite,
): NumberValue {
  if (first === undefined) throw wrong(at, 0, `${name}() takes at least 1 argument`);
  return others.reduce((best, other) => (isBetter(compareNumbers(other, best)) ? other : best), first);
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Up to base 36 capitals count as small letters; above it they are digits of their own. */
function parseInteger(text: string, base: number): bigint | undefined {
  const [, sign = "", all = ""] = /^([+-]?)([0-9a-zA-Z]+)$/.exec(text) ?? [];
  let result = 0n;
  for (const character of base <= 36 ? all.toLowerCase() : all) {
    const digit = DIGITS.indexOf(character);
    if (digit >= base) return undefined;
    result = result * BigInt(base) + BigInt(digit);
  }
  if (all === "") return undefined;
  return sign === "-" ? -result : result;
}
