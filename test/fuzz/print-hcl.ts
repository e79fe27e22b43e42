/** Writes a job's tree as HCL: what the table calls a block as a block, its labels in quotes, and the rest as arguments. */
import { FILE } from "../../src/jobspec/schema/table/job.ts";
import { isNamed } from "../../src/jobspec/schema/table/rows.ts";
import type { BlockTable, Plain } from "../../src/jobspec/schema/table/rows.ts";
import type { Tree } from "../unit/jobspec/rows.ts";
import { isTree } from "./jobs.ts";

export function printHcl(tree: Tree): string {
  return body(FILE, tree);
}

function body(table: BlockTable, tree: Tree): string {
  return Object.entries(tree)
    .map(([name, value]) => item(table, name, value))
    .join("");
}

function item(table: BlockTable, name: string, value: Plain | Tree): string {
  const row = table.rows.filter(isNamed).find((candidate) => candidate.name === name);
  if (row?.kind === "field" && row.asBlock === true && isTree(value))
    return `${name} {\n${body({ ...table, rows: [] }, value)}}\n`;
  if (row?.kind !== "block" || !isTree(value)) return `${name} = ${JSON.stringify(value)}\n`;
  if (row.label === undefined) return `${name} {\n${body(row.table, value)}}\n`;
  return Object.entries(value)
    .map(([label, inner]) => `${name} ${JSON.stringify(label)} {\n${isTree(inner) ? body(row.table, inner) : ""}}\n`)
    .join("");
}
