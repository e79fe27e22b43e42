/** Turns the arguments of a function into what its parameters want, as HCL converts them, or says what is wrong with them. */
import { kindName, numberOf, toBool, toDecimal, toNumber, toText } from "../convert.ts";
import { normalForm } from "../normal-form.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import { convertTo } from "../hcl/conversion.ts";
import { ANY, typeOf } from "../hcl/types.ts";
import { unify } from "../hcl/unify.ts";
import type { ListValue, NumberValue, ObjectValue, Value } from "../tree.ts";

export interface Parameter {
  readonly name: string;
  readonly wants: keyof Plain;
  /** null is a value like others for it. */
  readonly nullable?: boolean;
}

/** What an implementation is given for each kind of parameter. */
export interface Plain {
  readonly string: string;
  readonly number: NumberValue;
  /** Exactly representable. */
  readonly integer: number;
  /** Of 64 bits. */
  readonly "large integer": bigint;
  readonly bool: boolean;
  /** A list, a set or a tuple. */
  readonly list: ListValue;
  /** The items have been given one type. */
  readonly "list of one type": ListValue;
  readonly set: ListValue;
  /** null stays null. */
  readonly "list of strings": readonly (string | null)[];
  readonly map: ObjectValue;
  readonly any: Value;
}

const WANTED: Readonly<Record<keyof Plain, string>> = {
  string: "a string",
  number: "a number",
  integer: "a whole number",
  "large integer": "a whole number",
  bool: "true or false",
  list: "a list",
  "list of one type": "a list",
  set: "a list or a set",
  "list of strings": "a list of strings",
  map: "a map",
  any: "a value",
};

type Converters = { readonly [W in keyof Plain]: (value: Value) => Plain[W] | undefined };

/** undefined: it has no such form. */
const CONVERTERS: Converters = {
  string: textOf,
  number: exactNumber,
  integer: (value) => {
    const number = toNumber(value);
    return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
  },
  "large integer": (value) => {
    const exact = toDecimal(value);
    return exact?.scale === 0 && BigInt.asIntN(64, exact.digits) === exact.digits ? exact.digits : undefined;
  },
  bool: toBool,
  list: (value) => (value.kind === "list" ? value : undefined),
  "list of one type": (value) => converted(value, "list"),
  set: (value) => converted(value, "set"),
  "list of strings": textsOf,
  map: (value) => (value.kind === "object" ? value : undefined),
  any: (value) => value,
};

/** Throws SourceError at the argument. */
export function convertArgument(name: string, parameter: Parameter, value: Value, range: Range): Plain[keyof Plain] {
  const subject = `The argument "${parameter.name}" of ${name}()`;
  if (value.kind === "null" && parameter.nullable !== true) throw new SourceError(range, `${subject} must not be null`);
  const converted = CONVERTERS[parameter.wants](value);
  if (converted !== undefined) return converted;
  const detail = value.kind === "list" ? itemDetail(parameter, value.items) : lateDetail(value);
  throw new SourceError(range, `${subject} must be ${WANTED[parameter.wants]}, not ${given(value)}`, detail);
}

function given(value: Value): string {
  if (value.kind === "string" && value.value.length <= 40) return JSON.stringify(value.value);
  return value.kind === "number" ? (toText(value) ?? "a number") : kindName(value);
}

function itemDetail(parameter: Parameter, items: readonly Value[]): string | undefined {
  if (parameter.wants === "list of one type" || parameter.wants === "set") return "Its items have no type in common";
  if (parameter.wants !== "list of strings") return undefined;
  const index = items.findIndex((item) => item.kind !== "null" && toText(item) === undefined);
  const item = items[index];
  return item && `Item ${index}, counted from 0, is ${kindName(item)}`;
}

function lateDetail(value: Value): string | undefined {
  const late = value.kind === "string" && value.value.includes("${");
  return late ? "A name like this gets its value only when the task starts" : undefined;
}

/** undefined also when the items have no type in common. */
function converted(value: Value, kind: "list" | "set"): ListValue | undefined {
  if (value.kind !== "list") return undefined;
  const types = value.items.map(typeOf);
  // As in Nomad, null has no type in common with what brackets and braces make.
  const mixed =
    types.some((type) => type.kind === "any") && types.some(({ kind }) => kind === "tuple" || kind === "object");
  if (mixed || unify(types) === undefined) return undefined;
  const result = convertTo(value, { kind, element: value.collection?.element ?? ANY });
  return result.kind === "list" ? result : undefined;
}

/** Kinds of types that have no form as a string. */
const STRUCTURES: ReadonlySet<string | undefined> = new Set(["list", "set", "map", "object", "tuple"]);

function textsOf(value: Value): (string | null)[] | undefined {
  if (value.kind !== "list" || STRUCTURES.has(value.collection?.element.kind)) return undefined;
  const texts: (string | null)[] = [];
  for (const item of value.items) {
    const text = item.kind === "null" ? null : textOf(item);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

function textOf(value: Value): string | undefined {
  const text = toText(value);
  return text && normalForm(text, value.range);
}

function exactNumber(value: Value): NumberValue | undefined {
  const { range } = value;
  const [number, exact] = [toNumber(value), toDecimal(value)];
  if (number === undefined) return undefined;
  return exact === undefined ? { kind: "number", value: number, range } : { ...numberOf(exact), range };
}
