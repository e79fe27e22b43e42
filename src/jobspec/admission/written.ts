/** Changes to a file that the table has been applied to, and blocks in it that nobody wrote. */
import { type Checked, emptyBlock } from "../schema/checked.ts";
import type { Inner, Plain } from "../schema/table/rows.ts";
import type { Entry, ObjectBody, Value } from "../tree.ts";

export function withValue(outer: Checked, name: string, value: Plain): Checked {
  return { ...outer, values: new Map([...outer.values, [name, value]]) };
}

export function withBlocks(outer: Checked, type: string, blocks: readonly Checked[]): Checked {
  return { ...outer, blocks: new Map([...outer.blocks, [type, blocks]]) };
}

export function appended(outer: Checked, type: string, blocks: readonly Checked[]): Checked {
  return blocks.length === 0 ? outer : withBlocks(outer, type, [...(outer.blocks.get(type) ?? []), ...blocks]);
}

export function mapped(outer: Checked, type: string, change: (block: Checked, at: number) => Checked): Checked {
  const blocks = outer.blocks.get(type);
  return blocks === undefined ? outer : withBlocks(outer, type, blocks.map(change));
}

/** Changes the one inner block at the end of that way; what is not there on it is made. */
export function withInner(outer: Checked, way: readonly string[], change: (block: Checked) => Checked): Checked {
  const [type, ...rest] = way;
  if (type === undefined) return change(outer);
  const [block] = outer.blocks.get(type) ?? made(outer, type, {});
  return block === undefined ? outer : withBlocks(outer, type, [withInner(block, rest, change)]);
}

/** A block of that type for `outer`, one or none if its table has no such row; values that are empty text are left out. */
export function made(
  outer: Checked,
  type: string,
  values: Readonly<Record<string, Plain>>,
  label = "",
): readonly Checked[] {
  const row = outer.table.rows.find((each): each is Inner => each.kind === "block" && each.name === type);
  if (row === undefined) return [];
  const given = Object.entries(values).filter(([, value]) => value !== "");
  const empty = emptyBlock({ ...outer, table: row.table });
  return [{ ...empty, label, values: new Map(given), block: { ...empty.block, body: bodyOf(given) } }];
}

/** As it would stand in a file: the driver's config is printed from there. */
function bodyOf(values: readonly (readonly [string, Plain])[]): ObjectBody {
  return { kind: "object", object: { kind: "object", entries: entriesOf(values), range: NOWHERE } };
}

const NOWHERE = { start: 0, end: 0 };

function entriesOf(values: readonly (readonly [string, Plain])[]): readonly Entry[] {
  return values.map(([key, value]) => ({ key, keyRange: NOWHERE, value: valueOf(value) }));
}

function valueOf(value: Plain): Value {
  if (value === null) return { kind: "null", range: NOWHERE };
  switch (typeof value) {
    case "string":
      return { kind: "string", value, range: NOWHERE };
    case "number":
      return { kind: "number", value, range: NOWHERE };
    case "boolean":
      return { kind: "bool", value, range: NOWHERE };
    default:
      return isList(value)
        ? { kind: "list", items: value.map(valueOf), range: NOWHERE }
        : { kind: "object", entries: entriesOf(Object.entries(value)), range: NOWHERE };
  }
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
