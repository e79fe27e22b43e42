/** HCL's conversions between strings, numbers and booleans, as every argument and operator applies them. */
import { SourceError } from "./problems.ts";
import type { Range } from "./source.ts";
import type { Value } from "./tree.ts";

/** undefined: the value has no such form. */
export function toText(value: Value): string | undefined {
  if (value.kind === "string") return value.value;
  if (value.kind === "number") return value.text ?? numberText(value.value);
  return value.kind === "bool" ? String(value.value) : undefined;
}

export function toNumber(value: Value): number | undefined {
  if (value.kind === "number") return value.value;
  if (value.kind !== "string" || !/^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(value.value)) return undefined;
  const number = Number(value.value);
  return Number.isFinite(number) ? number : undefined;
}

export function toBool(value: Value): boolean | undefined {
  if (value.kind === "bool") return value.value;
  if (value.kind !== "string") return undefined;
  if (value.value === "true" || value.value === "1") return true;
  return value.value === "false" || value.value === "0" ? false : undefined;
}

/** The number of a literal. Throws SourceError where this machine's numbers would change it. */
export function literalNumber(text: string, range: Range): number {
  const number = Number(text);
  if (!Number.isFinite(number)) throw new SourceError(range, `The number ${text} is too large`);
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(number)) {
    throw new SourceError(
      range,
      `The number ${text} is too large to be kept exactly`,
      "Write it in quotes if it is a name",
    );
  }
  return number;
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
