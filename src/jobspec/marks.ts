/** The mark of what comes from a sensitive variable: it follows the value through every calculation. */
import type { Budget } from "./budget.ts";
import type { Range } from "./source.ts";
import type { Entry, Value } from "./tree.ts";
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

/** Marks a result when something that it was made of is sensitive. */
export function markedBy(sources: readonly Value[], result: Value): Value {
  return sources.some(isSensitive) ? marked(result) : result;
}

/** The texts of the sensitive strings and numbers in a value. Throws SourceError when the budget is used up. */
export function collectSensitive(value: Value, texts: Set<string>, budget: Budget, range: Range): void {
  budget.spend(1, range);
  const text = value.sensitive === true && value.kind !== "bool" ? toText(value) : undefined;
  if (text !== undefined && text !== "") texts.add(text);
  if (value.kind === "list") for (const item of value.items) collectSensitive(item, texts, budget, range);
  if (value.kind === "object") for (const entry of value.entries) collectSensitive(entry.value, texts, budget, range);
}
