/** Keys and entries of objects under construction. */
import { kindName, toText } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Entry, Value } from "../tree.ts";
import type { Expression } from "./ast.ts";
import type { Evaluator, Scope } from "./evaluate.ts";

/** A bare word is its own name; anything else is evaluated. */
export function objectKey(evaluator: Evaluator, key: Expression, scope: Scope | undefined): string {
  const word = wordOf(key);
  if (word !== undefined) return word;
  if (key.kind === "access" && key.base.kind === "variable") {
    throw new SourceError(
      key.range,
      "This key is ambiguous",
      "Put it in quotes if it is text, in parentheses if it is a reference",
    );
  }
  return keyText(evaluator.evaluate(key, scope));
}

function wordOf(key: Expression): string | undefined {
  if (key.kind === "variable") return key.name;
  if (key.kind === "bool") return String(key.value);
  return key.kind === "null" ? "null" : undefined;
}

export function keyText(value: Value): string {
  const text = toText(value);
  if (text === undefined) throw new SourceError(value.range, `A key must be a string, not ${kindName(value)}`);
  return text;
}

/** Throws SourceError when the key is there already. */
export function addEntry(entries: Map<string, Entry>, key: string, keyRange: Range, value: Value): void {
  if (entries.has(key))
    throw new SourceError(keyRange, `The key ${JSON.stringify(key)} is set twice`, "Remove one of the two");
  entries.set(key, { key, keyRange, value });
}
