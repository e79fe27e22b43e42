/** Finds `dynamic: {TYPE: {for_each, iterator, labels, content}}` in JSON and YAML files, and makes the blocks it stands for. */
import { DYNAMIC_ARGUMENTS, iteratorScope, labelOf, pairsOf } from "../hcl/dynamic.ts";
import type { Scope } from "../hcl/scope.ts";
import { SourceError } from "../problems.ts";
import type { Entry, Value } from "../tree.ts";

export type Evaluate = (value: Value, scope: Scope | undefined) => Value;

/** Maps of names may hold one that is called "dynamic", so it is known by what is in it. */
export function isDynamic({ key, value }: Entry): boolean {
  if (key !== "dynamic" || value.kind !== "object" || value.entries.length === 0) return false;
  return value.entries.every((entry) => itemsIn(entry.value).every((item) => valueOf(item, "for_each") !== undefined));
}

/** What one `dynamic` key makes, by block type; values are evaluated. Throws SourceError. */
export function expandDynamic(value: Value, evaluate: Evaluate, scope: Scope | undefined): Entry[] {
  if (value.kind !== "object") return [];
  return value.entries.map((entry): Entry => {
    const items = itemsIn(entry.value).flatMap((item) => expandOne(entry, item, evaluate, scope));
    return { ...entry, value: { kind: "list", items, range: entry.keyRange } };
  });
}

function itemsIn(value: Value): readonly Value[] {
  return value.kind === "list" ? value.items : [value];
}

function valueOf(value: Value, name: string): Value | undefined {
  return value.kind === "object" ? value.entries.find(({ key }) => key === name)?.value : undefined;
}

function expandOne(entry: Entry, dynamic: Value, evaluate: Evaluate, scope: Scope | undefined): Value[] {
  refuseUnknown(dynamic);
  const content = valueOf(dynamic, "content");
  const collection = valueOf(dynamic, "for_each");
  if (collection === undefined || content === undefined) {
    throw new SourceError(entry.keyRange, "A dynamic block needs for_each and content");
  }
  const labels = valueOf(dynamic, "labels");
  const iterator = iteratorOf(valueOf(dynamic, "iterator")) ?? entry.key;
  return pairsOf(evaluate(collection, scope)).map((pair) => {
    const inner = iteratorScope(iterator, pair, entry.keyRange, scope);
    const names = labels === undefined ? [] : itemsIn(evaluate(labels, inner)).map((name) => labelOf(name, name.range));
    return names.reduceRight<Value>(
      (value, { text, range }) => {
        return { kind: "object", entries: [{ key: text, keyRange: range, value }], range };
      },
      evaluate(content, inner),
    );
  });
}

function refuseUnknown(dynamic: Value): void {
  const known = [...DYNAMIC_ARGUMENTS, "content", "//"];
  const other = dynamic.kind === "object" ? dynamic.entries.find(({ key }) => !known.includes(key)) : undefined;
  if (other !== undefined)
    throw new SourceError(other.keyRange, `There is no argument "${other.key}" in a dynamic block`);
}

function iteratorOf(value: Value | undefined): string | undefined {
  if (value === undefined || value.kind === "string") return value?.value;
  throw new SourceError(value.range, "The iterator is the name that stands for the item");
}
