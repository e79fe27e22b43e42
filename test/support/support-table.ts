/** Draws the table of the job spec for the docs. */
import { JOB } from "../../src/jobspec/schema/table/job.ts";
import type { BlockTable, Field, NamedRow, Support } from "../../src/jobspec/schema/table/rows.ts";
import { isNamed } from "../../src/jobspec/schema/table/rows.ts";

interface Section {
  readonly table: BlockTable;
  /** Inside a block that is ignored, and its rows with it. */
  readonly idle: boolean;
}

/** Markdown: a heading for each block, with a table of what can stand in it. */
export function supportTable(): string {
  return sections(JOB.table)
    .map((section) => `\n## ${section.table.path}\n\n${drawn(section)}\n`)
    .join("");
}

/** Each block once, outer ones first. */
function sections(root: BlockTable): readonly Section[] {
  const found = new Map<string, Section>([[root.path, { table: root, idle: false }]]);
  for (const { table, idle } of found.values()) {
    for (const row of table.rows) {
      const isOpen = row.kind === "block" && row.table.rows.some(isNamed) && row.support?.state !== "refused";
      if (!isOpen || found.has(row.table.path)) continue;
      found.set(row.table.path, { table: row.table, idle: idle || row.support !== undefined });
    }
  }
  return [...found.values()];
}

function drawn({ table, idle }: Section): string {
  const lines = table.rows.filter(isNamed).flatMap((row) => [line(row, idle), ...valueLines(row)]);
  return ["| field | support | what happens | default |", "|---|---|---|---|", ...lines].join("\n");
}

function line(row: NamedRow, idle: boolean): string {
  const name = row.kind === "block" && row.table.path !== "" ? `\`${row.name}\` block` : `\`${row.name}\``;
  const sentence = sentenceOf(row.support);
  const what = sentence === "" ? row.doc : row.support?.state === "ignored" ? `${row.doc}. ${sentence}` : sentence;
  const state = row.support === undefined && idle ? "ignored with its block" : stateOf(row.support);
  return cells(name, state, what, row.kind === "block" ? "" : presetText(row));
}

function valueLines(row: NamedRow): readonly string[] {
  const values = row.kind === "field" ? (row.values ?? []) : [];
  return values.map(({ example, support }) =>
    cells(`\`${row.name}\` = \`${example}\``, stateOf(support), sentenceOf(support), ""),
  );
}

function cells(...texts: readonly string[]): string {
  return `| ${texts.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
}

function stateOf(support: Support | undefined): string {
  if (support === undefined) return "honoured";
  return support.state === "ignored" ? `ignored (${support.until})` : "**refused**";
}

function sentenceOf(support: Support | undefined): string {
  if (support === undefined) return "";
  return support.state === "ignored" ? support.sentence : `${support.summary}. ${support.detail}`;
}

function presetText({ default: preset }: Field): string {
  if (preset === undefined || preset === null) return "–";
  return `\`${JSON.stringify(preset)}\``;
}
