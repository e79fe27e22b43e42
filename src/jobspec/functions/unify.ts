/** Gives values one type where HCL would: numbers and booleans among strings become strings, deep inside lists and maps too. */
import { toText } from "../convert.ts";
import type { Entry, ObjectValue, Value } from "../tree.ts";
import { sortedEntries } from "./values.ts";

const NOWHERE = { start: 0, end: 0 };

type ListValue = Extract<Value, { readonly kind: "list" }>;

/** null fits everywhere. undefined: the values have no type in common. */
export function unified(values: readonly Value[]): readonly Value[] | undefined {
  const kinds = new Set(values.map(({ kind }) => kind));
  kinds.delete("null");
  if (kinds.has("list")) return kinds.size > 1 ? undefined : withNulls(values, isList, unifiedLists);
  if (kinds.has("object")) return kinds.size > 1 ? undefined : withNulls(values, isObject, unifiedObjects);
  if (kinds.size <= 1) return values;
  return kinds.has("string") ? values.map(asString) : undefined;
}

function isList(value: Value): value is ListValue {
  return value.kind === "list";
}

function isObject(value: Value): value is ObjectValue {
  return value.kind === "object";
}

function asString(value: Value): Value {
  const text = toText(value);
  return text === undefined ? value : { kind: "string", value: text, range: value.range };
}

/** Applies `unify` to those that are not null. */
function withNulls<T extends Value>(
  values: readonly Value[],
  is: (value: Value) => value is T,
  unify: (values: readonly T[]) => readonly Value[] | undefined,
): readonly Value[] | undefined {
  const results = unify(values.filter(is));
  return results && refilled(values, is, results);
}

/** Puts new values in the places of those that are meant. */
function refilled(
  values: readonly Value[],
  isMeant: (value: Value) => boolean,
  fresh: readonly Value[],
): readonly Value[] {
  let next = 0;
  return values.map((value) => (isMeant(value) ? (fresh[next++] ?? value) : value));
}

/** Lists of one length item by item; others as lists whose items are all of one type. */
function unifiedLists(lists: readonly ListValue[]): readonly Value[] | undefined {
  const rows = lists.map(({ items }) => items);
  const length = rows[0]?.length ?? 0;
  const unify = rows.every((row) => row.length === length) ? unifiedColumns : unifiedTogether;
  return unify(rows)?.map((items, index) => ({ ...(lists[index] ?? { kind: "list", range: NOWHERE }), items }));
}

/** Maps of the same keys key by key; others as maps whose values are all of one type. */
function unifiedObjects(objects: readonly ObjectValue[]): readonly Value[] | undefined {
  const sorted = objects.map(sortedEntries);
  const keys = sorted[0]?.map(({ key }) => key) ?? [];
  const alike = sorted.every((row) => row.length === keys.length && row.every(({ key }, at) => key === keys[at]));
  const rows = (alike ? unifiedColumns : unifiedTogether)(sorted.map((row) => row.map(({ value }) => value)));
  return rows?.map((values, index) => {
    const entries = (sorted[index] ?? []).map((entry, at): Entry => ({ ...entry, value: values[at] ?? entry.value }));
    return { kind: "object", entries, range: objects[index]?.range ?? NOWHERE };
  });
}

type Rows = readonly (readonly Value[])[];

/** All rows have one length. */
function unifiedColumns(rows: Rows): Rows | undefined {
  const columns: (readonly Value[])[] = [];
  for (let at = 0; at < (rows[0]?.length ?? 0); at++) {
    const column = unified(rows.flatMap((row) => row.slice(at, at + 1)));
    if (column === undefined) return undefined;
    columns.push(column);
  }
  return rows.map((_, index) => columns.flatMap((column) => column.slice(index, index + 1)));
}

function unifiedTogether(rows: Rows): Rows | undefined {
  const all = unified(rows.flat());
  let start = 0;
  return all && rows.map((row) => all.slice(start, (start += row.length)));
}
