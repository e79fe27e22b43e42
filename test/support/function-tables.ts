/** The functions of job files as the docs show them: by family, each with an example that is evaluated here. */
import { Budget } from "../../src/jobspec/budget.ts";
import type { JobFiles } from "../../src/jobspec/files.ts";
import { jsonText } from "../../src/jobspec/functions/json-encode.ts";
import { LAZY_FUNCTIONS } from "../../src/jobspec/functions/lazy.ts";
import type { HclFunction } from "../../src/jobspec/functions/define.ts";
import { FAMILIES } from "../../src/jobspec/functions/table.ts";
import { Evaluator } from "../../src/jobspec/hcl/evaluate.ts";
import { expressionOf, NO_NAMES } from "../unit/jobspec/support.ts";

/** What the examples find beside their job file. */
const FILES: JobFiles = {
  read: () => ({ bytes: Buffer.from("Hello") }),
  exists: (path) => path === "motd.txt",
  list: () => ["motd.txt", "conf/app.ini"],
};

export function functionTables(): string {
  const families = Array.from(FAMILIES, ([family, functions]) => tableOf(family, functions.map(rowOf)));
  const lazy = LAZY_FUNCTIONS.map(({ name, parameters, summary, example }) =>
    rowText(name, parameters, summary, example),
  );
  return [...families, tableOf("Expressions", lazy)].join("");
}

function tableOf(family: string, rows: readonly string[]): string {
  return [`\n## ${family}\n`, "| function | gives | example |", "|---|---|---|", ...rows, ""].join("\n");
}

function rowOf({ name, parameters, rest, summary, example }: HclFunction): string {
  const names = parameters.map((parameter) => parameter.name);
  return rowText(name, [...names, ...(rest === undefined ? [] : [`${rest.name}...`])].join(", "), summary, example);
}

function rowText(name: string, parameters: string, summary: string, example: string): string {
  return `| \`${name}(${parameters})\` | ${summary} | ${code(example)} → ${code(resultOf(example))} |`;
}

function resultOf(example: string): string {
  const evaluator = new Evaluator(`x = ${example}\n`, new Budget(), { roots: NO_NAMES, files: FILES });
  return jsonText(evaluator.evaluate(expressionOf(example), undefined));
}

/** In a cell of a table, a bar must be escaped. */
function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}
