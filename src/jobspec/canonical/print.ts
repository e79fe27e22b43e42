/** A block as Nomad's API JSON has it: the table's rows in order, with Nomad's defaults where nothing is written. */
import type { Checked } from "../schema/checked.ts";
import { bodyValue, listOfOne } from "../schema/content.ts";
import { presetOf } from "../schema/preset.ts";
import type { BlockTable, Field, Inner, Plain, Row } from "../schema/table/rows.ts";
import type { Value } from "../tree.ts";
import { AMENDMENTS } from "./amend.ts";

export type Json = { [key: string]: Plain };

export interface Style {
  /** What is not written: Nomad's default; only the empty texts among them; nothing. */
  readonly rest: "defaults" | "texts" | "nothing";
}

const FULL: Style = { rest: "defaults" };

export function printed(checked: Checked, style: Style = FULL): Json {
  if (checked.table.verbatim === true) return verbatim(checked);
  const json: Json = {};
  for (const row of checked.table.rows) {
    if (!isShown(row, checked)) continue;
    if (row.kind === "api") json[row.api] = row.value;
    else json[row.api] = row.kind === "field" ? fieldValue(row, checked, style) : blockValue(row, checked, style);
  }
  return AMENDMENTS[checked.table.path]?.(json, checked) ?? json;
}

function isShown(row: Row, { values, blocks }: Checked): boolean {
  if (row.kind === "api") return true;
  return row.api !== "" && (row.omitted !== true || values.has(row.name) || blocks.has(row.name));
}

/** What holds where the block is not written. */
export function defaultsOf(table: BlockTable): Json {
  const fields = table.rows.filter((row) => row.kind === "field" && row.api !== "");
  return Object.fromEntries(fields.map((row) => [row.api, presetOf(row as Field)]));
}

/** Only the fields that are written. */
export function writtenOf({ table, values }: Checked): Json {
  const fields = table.rows.filter((row) => row.kind === "field" && values.has(row.name));
  return Object.fromEntries(fields.map((row) => [row.api, values.get((row as Field).name) ?? null]));
}

/** Nomad takes an empty text for none where it has a default. */
function fieldValue(field: Field, { values }: Checked, { rest }: Style): Plain {
  const value = values.get(field.name);
  const preset = presetOf(field);
  const isNone = rest !== "nothing" && value === "" && field.type === "text" && field.choices !== undefined;
  if (value !== undefined && !isNone) return value;
  if (rest === "nothing" || (rest === "texts" && typeof preset !== "string")) return null;
  return preset;
}

function blockValue(row: Inner, { blocks }: Checked, outer: Style): Plain {
  const style: Style = row.sparse === true ? { rest: "texts" } : outer;
  const given = blocks.get(row.name) ?? [];
  const [first] = given;
  if (first === undefined) return row.filled === true && outer.rest === "defaults" ? filled(row) : null;
  if (row.form === "single") return row.listed === true ? [printed(first, style)] : printed(first, style);
  const all = given.map((block) => withLabel(row, block, printed(block, style)));
  if (row.form === "list") return all;
  return Object.fromEntries(given.map((block, index) => [block.label, all[index] ?? null]));
}

function withLabel({ label }: Inner, block: Checked, json: Json): Json {
  return label === undefined ? json : { [label]: block.label, ...json };
}

function filled({ table }: Inner): Json {
  const nothing: Json = {};
  for (const row of table.rows) {
    if (row.api === "" || (row.kind !== "api" && row.omitted === true)) continue;
    nothing[row.api] = row.kind === "field" ? presetOf(row) : row.kind === "api" ? row.value : null;
  }
  return nothing;
}

/** As it is written: a map inside is a list of that one map, so that `a { … }` and `a = { … }` are the same. */
function verbatim({ block }: Checked): Json {
  const entries = bodyValue(block.body, block.range).entries.filter(({ key }) => key !== "//");
  return Object.fromEntries(entries.map(({ key, value }) => [key, plainOf(listOfOne(value))]));
}

function plainOf(value: Value): Plain {
  switch (value.kind) {
    case "null":
      return null;
    case "list":
      return value.items.map(plainOf);
    case "object":
      return Object.fromEntries(value.entries.map((entry) => [entry.key, plainOf(entry.value)]));
    default:
      return value.value;
  }
}
