/** The table of the job spec as a JSON Schema (draft-07) of YAML and JSON job files, for editors. */
import { DECLARATION_SCHEMAS } from "./json-schema-declarations.ts";
import {
  annotations,
  anyOf,
  fieldSchema,
  listOf,
  reference,
  template,
  TEXT,
  valueSchemas,
} from "./json-schema-values.ts";
import type { JsonSchema } from "./json-schema-values.ts";
import { FILE, JOB } from "./table/job.ts";
import { isNamed } from "./table/rows.ts";
import type { BlockTable, Inner, NamedRow, Row } from "./table/rows.ts";

const COMMENT: JsonSchema = { description: "A comment." };

/**
 * It takes what a file may hold, not what makes a job run: ports that no network has, or a driver's missing image, are found by
 * `remora validate`. A block that is a template as a whole is taken only where HCL takes an argument for it.
 */
export function jobSchema(): JsonSchema {
  const open = openRows();
  const bodies = open.map((row) => [row.table.path, bodySchema(row.table)] as const);
  const labelled = open.filter(({ label }) => label !== undefined);
  const labels = labelled.map((row) => [labelName(row), labelSchema(row)] as const);
  const dynamic = open.filter((row) => row !== JOB).map((row) => [dynamicName(row), dynamicSchema(row)] as const);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Remora job file",
    description: "A Nomad job in YAML or JSON: labels are nested keys, a block is a map, repeated blocks are a list.",
    ...bodySchema(FILE),
    required: ["job"],
    definitions: { ...Object.fromEntries([...bodies, ...labels, ...dynamic]), ...valueSchemas() },
  };
}

/** One for each table, outer ones first. */
function openRows(): readonly Inner[] {
  const found = new Map<string, Inner>([[JOB.table.path, JOB]]);
  for (const { table } of found.values()) {
    for (const row of table.rows) if (isOpen(row) && !found.has(row.table.path)) found.set(row.table.path, row);
  }
  return [...found.values()];
}

function isOpen(row: Row): row is Inner {
  return row.kind === "block" && row.support?.state !== "refused" && DECLARATION_SCHEMAS[row.name] === undefined;
}

function bodySchema(table: BlockTable): JsonSchema {
  const rows = table.rows.filter(isNamed);
  const required = rows.flatMap((row) => (row.kind === "field" && row.required === true ? [row.name] : []));
  return {
    type: "object",
    properties: {
      "//": COMMENT,
      ...Object.fromEntries(rows.map((row) => [row.name, rowSchema(row)])),
      ...dynamicBlocks(rows.filter((row) => row !== JOB && isOpen(row))),
    },
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function rowSchema(row: NamedRow): JsonSchema {
  if (row.kind === "field") return fieldSchema(row);
  const about = annotations(row.doc, row.support);
  if (row.support?.state === "refused") return { ...about, not: {} };
  return { ...about, ...(DECLARATION_SCHEMAS[row.name] ?? blocksSchema(row)) };
}

function blocksSchema(row: Inner): JsonSchema {
  const map = reference(row.label === undefined ? row.table.path : labelName(row));
  return row.either === true ? anyOf(map, listOf(map), template) : anyOf(map, listOf(map));
}

function labelName({ table }: Inner): string {
  return `labels.${table.path}`;
}

function labelSchema(row: Inner): JsonSchema {
  const body = reference(row.table.path);
  const bodies = anyOf(body, listOf(body));
  if (row === JOB) return { type: "object", additionalProperties: bodies, minProperties: 1, maxProperties: 1 };
  if (row.labels === undefined) return { type: "object", additionalProperties: bodies };
  const properties = Object.fromEntries(row.labels.map((label) => [label, bodies]));
  return { type: "object", properties, additionalProperties: false };
}

function dynamicName({ table }: Inner): string {
  return `dynamic.${table.path}`;
}

/** The `dynamic` key of a body, if there are blocks that it could make. */
function dynamicBlocks(rows: readonly NamedRow[]): JsonSchema {
  if (rows.length === 0) return {};
  const makers = rows.filter(isOpen).map((row) => {
    const maker = reference(dynamicName(row));
    return [row.name, anyOf(maker, listOf(maker))];
  });
  const description = "Blocks that are made for the items of a list or map, by their type.";
  const properties = Object.fromEntries(makers);
  return { dynamic: { description, type: "object", properties, additionalProperties: false } };
}

function dynamicSchema(row: Inner): JsonSchema {
  return {
    type: "object",
    properties: {
      "//": COMMENT,
      for_each: { description: "A block is made for each of its items.", type: ["string", "array", "object"] },
      iterator: { description: "What the item is called; as the block without it.", type: "string" },
      labels: { description: "The labels of the block.", ...anyOf(TEXT, listOf(TEXT)) },
      content: { description: "The block.", ...reference(row.table.path) },
    },
    required: ["for_each", "content", ...(row.label === undefined ? [] : ["labels"])],
    additionalProperties: false,
  };
}
