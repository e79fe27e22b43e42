/** The values of `for` expressions. */
import { kindName, toBool } from "../convert.ts";
import { isSensitive, marked } from "../marks.ts";
import { SourceError } from "../problems.ts";
import type { Entry, Value } from "../tree.ts";
import type { Expression, ForNode } from "./ast.ts";
import type { Evaluator, Scope } from "./evaluate.ts";
import { addEntry, entryOf, keyOf } from "./objects.ts";
import { compareTexts, isSet } from "./sets.ts";

interface Names {
  readonly keyName?: string;
  readonly valueName: string;
}

export function evaluateFor(evaluator: Evaluator, node: ForNode, scope: Scope | undefined): Value {
  const collection = evaluator.evaluate(node.collection, scope);
  const secrets: Value[] = [collection];
  const scopes = iterate(node, collection, scope).filter((inner) => accepts(evaluator, node, inner, secrets));
  const result = build(evaluator, node, scopes, secrets);
  return secrets.some(isSensitive) ? marked(result) : result;
}

/** What decides which items and keys there are goes to `secrets`: it marks the whole. */
function build(evaluator: Evaluator, node: ForNode, scopes: readonly Scope[], secrets: Value[]): Value {
  const { range, key } = node;
  if (key === undefined) {
    return { kind: "list", items: scopes.map((inner) => evaluator.evaluate(node.value, inner)), range };
  }
  const pairs = scopes.map((inner) => {
    const keyValue = evaluator.evaluate(key, inner);
    secrets.push(keyValue);
    return [keyOf(keyValue), evaluator.evaluate(node.value, inner)] as const;
  });
  const entries = node.group ? grouped(pairs, key) : keyed(pairs, key);
  return { kind: "object", entries, range };
}

type Pair = readonly [ReturnType<typeof keyOf>, Value];

function keyed(pairs: readonly Pair[], key: Expression): Entry[] {
  const entries = new Map<string, Entry>();
  for (const [name, value] of pairs) addEntry(entries, name, key.range, value);
  return [...entries.values()];
}

function grouped(pairs: readonly Pair[], key: Expression): Entry[] {
  const groups = new Map<string, { readonly name: Pair[0]; readonly items: Value[] }>();
  for (const [name, value] of pairs) {
    const group = groups.get(name.text);
    if (group === undefined) groups.set(name.text, { name, items: [value] });
    else group.items.push(value);
  }
  const { range } = key;
  return Array.from(groups.values(), ({ name, items }) => entryOf(name, range, { kind: "list", items, range }));
}

/** One scope an item; the items of a map come sorted by key, as in HCL. */
export function iterate(names: Names, collection: Value, outer: Scope | undefined): Scope[] {
  return itemsOf(collection).map(([key, value]) => {
    const scope = names.keyName === undefined ? outer : { name: names.keyName, value: key, outer };
    return { name: names.valueName, value, outer: scope };
  });
}

/** Keys and values: positions in a list, names in a map, and in a set each item is both. */
export function itemsOf(collection: Value): (readonly [Value, Value])[] {
  if (collection.kind === "list") {
    if (isSet(collection)) return collection.items.map((item) => [item, item]);
    return collection.items.map((item, index) => [{ kind: "number", value: index, range: item.range }, item]);
  }
  if (collection.kind !== "object") {
    throw new SourceError(collection.range, `A "for" needs a list or a map, not ${kindName(collection)}`);
  }
  const mark = collection.sensitive === true ? { sensitive: true as const } : {};
  const sorted = collection.entries.toSorted((a, b) => compareTexts(a.key, b.key));
  return sorted.map(({ key, keyRange, value }) => [{ kind: "string", value: key, range: keyRange, ...mark }, value]);
}

function accepts(evaluator: Evaluator, node: ForNode, scope: Scope, secrets: Value[]): boolean {
  if (node.condition === undefined) return true;
  const condition = evaluator.evaluate(node.condition, scope);
  const result = toBool(condition);
  secrets.push(condition);
  if (result !== undefined) return result;
  throw new SourceError(node.condition.range, `A condition must be true or false, not ${kindName(condition)}`);
}
