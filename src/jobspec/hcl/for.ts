/** The values of `for` expressions. */
import { kindName, toBool } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Entry, Value } from "../tree.ts";
import type { Expression, ForNode } from "./ast.ts";
import type { Evaluator, Scope } from "./evaluate.ts";
import { addEntry, keyText } from "./objects.ts";

interface Names {
  readonly keyName?: string;
  readonly valueName: string;
}

export function evaluateFor(evaluator: Evaluator, node: ForNode, scope: Scope | undefined): Value {
  const collection = evaluator.evaluate(node.collection, scope);
  const scopes = iterate(node, collection, scope).filter((inner) => accepts(evaluator, node, inner));
  const { range, key } = node;
  if (key === undefined) {
    return { kind: "list", items: scopes.map((inner) => evaluator.evaluate(node.value, inner)), range };
  }
  return node.group ? grouped(evaluator, node, key, scopes) : keyed(evaluator, node, key, scopes);
}

function keyed(evaluator: Evaluator, node: ForNode, key: Expression, scopes: readonly Scope[]): Value {
  const entries = new Map<string, Entry>();
  for (const scope of scopes) {
    const text = keyText(evaluator.evaluate(key, scope));
    addEntry(entries, text, key.range, evaluator.evaluate(node.value, scope));
  }
  return { kind: "object", entries: [...entries.values()], range: node.range };
}

function grouped(evaluator: Evaluator, node: ForNode, key: Expression, scopes: readonly Scope[]): Value {
  const { range } = node;
  const groups = new Map<string, Value[]>();
  for (const scope of scopes) {
    const text = keyText(evaluator.evaluate(key, scope));
    const group = groups.get(text) ?? [];
    group.push(evaluator.evaluate(node.value, scope));
    groups.set(text, group);
  }
  const entries = Array.from(groups, ([text, items]): Entry => {
    return { key: text, keyRange: key.range, value: { kind: "list", items, range } };
  });
  return { kind: "object", entries, range };
}

/** One scope an item; the items of a map come sorted by key, as in HCL. */
export function iterate(names: Names, collection: Value, outer: Scope | undefined): Scope[] {
  return itemsOf(collection).map(([key, value]) => {
    const scope = names.keyName === undefined ? outer : { name: names.keyName, value: key, outer };
    return { name: names.valueName, value, outer: scope };
  });
}

function itemsOf(collection: Value): (readonly [Value, Value])[] {
  if (collection.kind === "list") {
    return collection.items.map((item, index) => [{ kind: "number", value: index, range: item.range }, item]);
  }
  if (collection.kind !== "object") {
    throw new SourceError(collection.range, `A "for" needs a list or a map, not ${kindName(collection)}`);
  }
  const sorted = collection.entries.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return sorted.map(({ key, keyRange, value }) => [{ kind: "string", value: key, range: keyRange }, value]);
}

function accepts(evaluator: Evaluator, node: ForNode, scope: Scope): boolean {
  if (node.condition === undefined) return true;
  const condition = evaluator.evaluate(node.condition, scope);
  const result = toBool(condition);
  if (result !== undefined) return result;
  throw new SourceError(node.condition.range, `A condition must be true or false, not ${kindName(condition)}`);
}
