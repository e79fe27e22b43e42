/** Turns the arguments of a function into what its parameters want, as HCL converts them, or says what is wrong with them. */
import { kindName, toBool, toNumber, toText } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { NumberValue, ObjectValue, Value } from "../tree.ts";
import { unified } from "./unify.ts";
import { numberValue } from "./values.ts";

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
  readonly bool: boolean;
  readonly list: readonly Value[];
  /** The items have been given one type. */
  readonly "list of one type": readonly Value[];
  /** null stays null. */
  readonly "list of strings": readonly (string | null)[];
  readonly map: ObjectValue;
  readonly any: Value;
}

const WANTED: Readonly<Record<keyof Plain, string>> = {
  string: "a string",
  number: "a number",
  integer: "a whole number",
  bool: "true or false",
  list: "a list",
  "list of one type": "a list",
  "list of strings": "a list of strings",
  map: "a map",
  any: "a value",
};

type Converters = { readonly [W in keyof Plain]: (value: Value) => Plain[W] | undefined };

/** undefined: it has no such form. */
const CONVERTERS: Converters = {
  string: toText,
  number: exactNumber,
  integer: (value) => {
    const number = toNumber(value);
    return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
  },
  bool: toBool,
  list: itemsOf,
  "list of one type": (value) => {
    const items = itemsOf(value);
    return items && unified(items);
  },
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
  if (parameter.wants === "list of one type") return "Its items have no type in common";
  if (parameter.wants !== "list of strings") return undefined;
  const index = items.findIndex((item) => item.kind !== "null" && toText(item) === undefined);
  const item = items[index];
  return item && `Item ${index}, counted from 0, is ${kindName(item)}`;
}

function lateDetail(value: Value): string | undefined {
  const late = value.kind === "string" && value.value.includes("${");
  return late ? "A name like this gets its value only when the task starts" : undefined;
}

function itemsOf(value: Value): readonly Value[] | undefined {
  return value.kind === "list" ? value.items : undefined;
}

function textsOf(value: Value): (string | null)[] | undefined {
  if (value.kind !== "list") return undefined;
  const texts: (string | null)[] = [];
  for (const item of value.items) {
    const text = item.kind === "null" ? null : toText(item);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

/** Whole numbers keep their digits. */
function exactNumber(value: Value): NumberValue | undefined {
  if (value.kind === "number") return value;
  const number = toNumber(value);
  if (number === undefined || value.kind !== "string") return undefined;
  return numberValue(number, value.range, /^-?[1-9]\d*$/.test(value.value) ? value.value : undefined);
}
