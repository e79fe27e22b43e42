/** The mark of what comes from a sensitive variable: it follows the value through every calculation. */
import type { Budget } from "./budget.ts";
import type { Range } from "./source.ts";
import type { Entry, Type, Value } from "./tree.ts";
import { toText } from "./convert.ts";

/** Is any part of it sensitive? */
export function isSensitive(value: Value): boolean {
  if (value.sensitive === true) return true;
  if (value.kind === "list") return value.items.some(isSensitive);
  return value.kind === "object" && value.entries.some((entry) => isSensitive(entry.value));
}

/** The value with the mark on it and on all its parts. */
export function marked(value: Value): Value {
  if (value.kind === "list") return { ...value, items: value.items.map(marked), sensitive: true };
  if (value.kind !== "object") return { ...value, sensitive: true };
  const entries = value.entries.map((entry): Entry => ({ ...entry, value: marked(entry.value) }));
  return { ...value, entries, sensitive: true };
}

/** The value of a sensitive variable: keys are marked too, but for the names that its type gives to an object's attributes. */
export function markedWhole(value: Value, type: Type | undefined): Value {
  return marked(withKeys(value, type ?? { kind: "any" }));
}

function withKeys(value: Value, type: Type): Value {
  if (value.kind === "list") {
    return { ...value, items: value.items.map((item, index) => withKeys(item, innerType(type, index))) };
  }
  if (value.kind !== "object") return value;
  const mark = type.kind === "object" ? {} : { sensitiveKey: true as const };
  const entries = value.entries.map((entry): Entry => {
    return { ...entry, ...mark, value: withKeys(entry.value, innerType(type, entry.key)) };
  });
  return { ...value, entries };
}

function innerType(type: Type, place: string | number): Type {
  if ("element" in type) return type.element;
  const inner =
    type.kind === "object" ? type.attributes.get(String(place)) : type.kind === "tuple" && type.items[Number(place)];
  return inner === undefined || inner === false ? { kind: "any" } : inner;
}

/** Marks a result when something that it was made of is sensitive. */
export function markedBy(sources: readonly Value[], result: Value): Value {
  return sources.some(isSensitive) ? marked(result) : result;
}

/** The texts of the sensitive strings, numbers and keys in a value. Throws SourceError when the budget is used up. */
export function collectSensitive(value: Value, texts: Set<string>, budget: Budget, range: Range): void {
  budget.spend(1, range);
  const text = value.sensitive === true && value.kind !== "bool" ? toText(value) : undefined;
  if (text !== undefined && text !== "") texts.add(text);
  if (value.kind === "list") for (const item of value.items) collectSensitive(item, texts, budget, range);
  if (value.kind !== "object") return;
  for (const entry of value.entries) {
    if (entry.sensitiveKey === true && entry.key !== "") texts.add(entry.key);
    collectSensitive(entry.value, texts, budget, range);
  }
}
