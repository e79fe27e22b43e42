/** The values of objects in braces, and the keys and entries of all that are under construction. */
import { kindName, toText } from "../convert.ts";
import { isSensitive, marked } from "../marks.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Entry, Value } from "../tree.ts";
import type { Expression, ObjectNode } from "./ast.ts";
import type { Evaluator, Scope } from "./evaluate.ts";

interface Key {
  readonly text: string;
  readonly sensitive: boolean;
}

/** As in HCL, the last of two equal keys counts. */
export function evaluateObject(evaluator: Evaluator, node: ObjectNode, scope: Scope | undefined): Value {
  const entries = new Map<string, Entry>();
  let sensitive = false;
  for (const item of node.items) {
    const key = objectKey(evaluator, item.key, scope);
    const first = entries.get(key.text);
    const value = evaluator.evaluate(item.value, scope);
    if (first !== undefined) warnOfSecond(evaluator, key, first, item.key.range);
    entries.set(key.text, entryOf(key, item.key.range, value));
    sensitive ||= key.sensitive;
  }
  const object: Value = { kind: "object", entries: [...entries.values()], range: node.range };
  return sensitive ? marked(object) : object;
}

function warnOfSecond({ surroundings }: Evaluator, key: Key, first: Entry, range: Range): void {
  const summary = `The key ${keyShown(key)} is set twice, and only the last one counts`;
  surroundings.problems?.warn(range, summary, "Remove one of the two", {
    range: first.keyRange,
    summary: "First set here",
  });
}

function keyShown({ text, sensitive }: Key): string {
  return sensitive ? "(sensitive)" : JSON.stringify(text);
}

/** A bare word is its own name; anything else is evaluated. */
function objectKey(evaluator: Evaluator, key: Expression, scope: Scope | undefined): Key {
  const word = wordOf(key);
  if (word !== undefined) return { text: word, sensitive: false };
  if (key.kind === "access" && key.base.kind === "variable") {
    throw new SourceError(
      key.range,
      "This key is ambiguous",
      "Put it in quotes if it is text, in parentheses if it is a reference",
    );
  }
  return keyOf(evaluator.evaluate(key, scope));
}

function wordOf(key: Expression): string | undefined {
  if (key.kind === "variable") return key.name;
  if (key.kind === "bool") return String(key.value);
  return key.kind === "null" ? "null" : undefined;
}

export function keyOf(value: Value): Key {
  const text = toText(value);
  if (text === undefined) throw new SourceError(value.range, `A key must be a string, not ${kindName(value)}`);
  return { text, sensitive: isSensitive(value) };
}

/** Throws SourceError when the key is there already. */
export function addEntry(entries: Map<string, Entry>, key: Key, keyRange: Range, value: Value): void {
  if (entries.has(key.text)) {
    const detail = "Write VALUE... after the => to gather the values of each key in a list";
    throw new SourceError(keyRange, `Two items have the key ${keyShown(key)}`, detail);
  }
  entries.set(key.text, entryOf(key, keyRange, value));
}

export function entryOf({ text, sensitive }: Key, keyRange: Range, value: Value): Entry {
  return { key: text, keyRange, value, ...(sensitive ? { sensitiveKey: true } : {}) };
}
