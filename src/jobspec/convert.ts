/** HCL's conversions between strings, numbers and booleans, as every argument and operator applies them. */
import { decimalText, parseDecimal } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";
import { SourceError } from "./problems.ts";
import type { Range } from "./source.ts";
import type { NumberValue, Value } from "./tree.ts";

/** undefined: the value has no such form. */
export function toText(value: Value): string | undefined {
  if (value.kind === "string") return value.value;
  if (value.kind === "number") return value.text ?? numberText(value.value);
  return value.kind === "bool" ? String(value.value) : undefined;
}

/** What HCL accepts as a number in a string. */
const NUMBER_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function toNumber(value: Value): number | undefined {
  if (value.kind === "number") return value.value;
  if (value.kind !== "string" || !NUMBER_TEXT.test(value.value)) return undefined;
  const number = Number(value.value);
  return Number.isFinite(number) ? number : undefined;
}

/** The exact number, where `toNumber` gives one; undefined also where it has too many places to be kept. */
export function toDecimal(value: Value): Decimal | undefined {
  if (value.kind === "string") return NUMBER_TEXT.test(value.value) ? parseDecimal(value.value) : undefined;
  if (value.kind !== "number") return undefined;
  if (value.text === undefined && Number.isSafeInteger(value.value)) return { digits: BigInt(value.value), scale: 0 };
  const written = value.text === undefined ? undefined : parseDecimal(value.text);
  return written ?? parseDecimal(numberText(value.value));
}

export function toBool(value: Value): boolean | undefined {
  if (value.kind === "bool") return value.value;
  if (value.kind !== "string") return undefined;
  if (value.value === "true" || value.value === "1") return true;
  return value.value === "false" || value.value === "0" ? false : undefined;
}

/** A double holds it exactly. */
const SMALL_INTEGER = /^\d{1,15}$/;

/** The number of a literal; `text` keeps the digits that a double cannot hold. Throws SourceError when it is too large. */
export function literalNumber(text: string, range: Range): NumberValue {
  const value = Number(text);
  if (SMALL_INTEGER.test(text)) return { kind: "number", value, range };
  if (!Number.isFinite(value)) throw new SourceError(range, `The number ${text} is too large`);
  const exact = parseDecimal(text);
  return exact === undefined ? { kind: "number", value, range } : { ...numberOf(exact), range };
}

/** A number without its place. */
export function numberOf(exact: Decimal): Omit<NumberValue, "range"> {
  const text = decimalText(exact);
  const value = Number(text);
  return numberText(value) === text ? { kind: "number", value } : { kind: "number", value, text };
}

/** All digits and no exponent, as HCL prints numbers. */
export function numberText(number: number): string {
  const text = String(number);
  const found = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (found === null) return text;
  const [, sign = "", first = "", rest = "", exponent = "0"] = found;
  const power = Number(exponent);
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${first}${rest}`;
  return `${sign}${first}${rest.padEnd(power, "0")}`;
}

/** How an error names a value's type. */
export function kindName(value: Value): string {
  return value.kind === "bool" ? "true or false" : KIND_NAMES[value.kind];
}

const KIND_NAMES = { string: "a string", number: "a number", null: "null", list: "a list", object: "a map" } as const;
