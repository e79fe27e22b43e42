/** Converts a value to a type by cty's rules, as the types of variables and `convert` want it. */
import { kindName, numberOf, toBool, toDecimal, toNumber, toText } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Entry, ListValue, ObjectValue, Type, Value } from "../tree.ts";
import { distinctSorted } from "./sets.ts";
import { typeOf, typeText } from "./types.ts";
import { unify } from "./unify.ts";

/** Where in the value: `""`, `.ports[0]`. */
type Path = string;

/**
 * The value as that type, each part at its own place. Throws SourceError at the part that does not fit; the message says
 * where in the value that is and of what kind it is, never the value.
 */
export function convertTo(value: Value, type: Type): Value {
  return convert(value, type, "");
}

function convert(value: Value, type: Type, path: Path): Value {
  if (value.kind === "null" || type.kind === "any") return value;
  switch (type.kind) {
    case "string":
    case "number":
    case "bool":
      return toPlain(value, type.kind) ?? mismatch(value, type, path);
    case "list":
    case "set":
      return toSequence(value, type, path);
    case "map":
      return toMap(value, type.element, path);
    case "object":
      return toObject(value, type, path);
    case "tuple":
      return toTuple(value, type, path);
  }
}

function toPlain(value: Value, kind: "string" | "number" | "bool"): Value | undefined {
  if (value.kind === kind) return value;
  const { range } = value;
  const mark = value.sensitive === true ? { sensitive: true as const } : {};
  if (kind === "string") {
    const text = toText(value);
    return text === undefined ? undefined : { kind, value: text, range, ...mark };
  }
  if (kind === "bool") {
    const bool = toBool(value);
    return bool === undefined ? undefined : { kind, value: bool, range, ...mark };
  }
  const number = toNumber(value);
  const exact = toDecimal(value);
  if (number === undefined) return undefined;
  return { ...(exact === undefined ? { kind, value: number } : numberOf(exact)), range, ...mark };
}

type SequenceType = Extract<Type, { readonly element: Type }> & { readonly kind: "list" | "set" | "map" };

function toSequence(value: Value, type: SequenceType, path: Path): ListValue {
  if (value.kind !== "list" || type.kind === "map") return mismatch(value, type, path);
  const element = elementFor(type, value, value.items);
  const items = value.items.map((item, index) => convert(item, element, `${path}[${index}]`));
  const kept = type.kind === "set" ? distinctSorted(items) : items;
  return { ...value, items: kept, collection: { kind: type.kind, element } };
}

function toMap(value: Value, wanted: Type, path: Path): ObjectValue {
  if (value.kind !== "object") return mismatch(value, { kind: "map", element: wanted }, path);
  const element = elementFor({ kind: "map", element: wanted }, value, value.entries.map(valueOf));
  const entries = value.entries.map((entry) => ({
    ...entry,
    value: convert(entry.value, element, stepTo(path, entry)),
  }));
  return { ...value, entries, element };
}

function valueOf({ value }: Entry): Value {
  return value;
}

function stepTo(path: Path, { key }: Entry): Path {
  return /^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** `list(any)` and the like take the one type that all items can become. */
function elementFor(type: SequenceType, whole: Value, items: readonly Value[]): Type {
  if (type.element.kind !== "any") return type.element;
  const common = unify(items.map(typeOf));
  if (common !== undefined) return common;
  throw new SourceError(whole.range, `The items of a ${type.kind} must be of one type`);
}

function toObject(value: Value, type: Extract<Type, { readonly kind: "object" }>, path: Path): ObjectValue {
  if (value.kind !== "object") return mismatch(value, type, path);
  const given = new Map(value.entries.map((entry) => [entry.key, entry]));
  const entries = Array.from(type.attributes, ([name, wanted]): Entry => {
    const entry = given.get(name);
    if (entry !== undefined) return { ...entry, value: convert(entry.value, wanted, stepTo(path, entry)) };
    throw new SourceError(
      value.range,
      `The attribute "${name}" is missing${where(path)}`,
      `Wanted is ${typeText(type)}`,
    );
  });
  const { element: _, ...rest } = value;
  return { ...rest, entries };
}

function toTuple(value: Value, type: Extract<Type, { readonly kind: "tuple" }>, path: Path): ListValue {
  if (value.kind !== "list" || value.collection !== undefined) return mismatch(value, type, path);
  if (value.items.length !== type.items.length) {
    const summary = `${value.items.length} items are given${where(path)}, and ${type.items.length} are wanted`;
    throw new SourceError(value.range, summary, `Wanted is ${typeText(type)}`);
  }
  const items = value.items.map((item, index) =>
    convert(item, type.items[index] ?? { kind: "any" }, `${path}[${index}]`),
  );
  return { ...value, items };
}

function mismatch(value: Value, type: Type, path: Path): never {
  throw new SourceError(value.range, `${typeText(type)} is wanted${where(path)}, not ${kindName(value)}`);
}

function where(path: Path): string {
  return path === "" ? "" : ` at ${path}`;
}
