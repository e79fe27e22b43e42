/** What the docs take from the code is what the code says; `UPDATE_DOCS=1 vitest run test/unit/docs.test.ts` brings it up to date. */
import { test } from "vitest";
import { OPTIONS } from "../../src/cli/schema.ts";
import { type AnyFields, type Leaf, type Rule, untyped, WHERE } from "../../src/model/fields/field.ts";
import { JOB } from "../../src/model/fields/job.ts";
import { rightsFor } from "../../src/model/policy.ts";
import { AMISS, NOTED } from "../support/preflight.ts";
import { drawChart } from "../../src/machines/draw.ts";
import { between } from "../support/markers.ts";
import { functionTables } from "../support/function-tables.ts";
import { supportTable } from "../support/support-table.ts";

test("the drawing of the lifecycle is the chart", () => {
  between("docs/lifecycle.md", "chart", `\`\`\`mermaid\n${drawChart()}\`\`\`\n`);
});

test("the table of options is the schema", () => {
  const rows = OPTIONS.map(({ name, variables, description, default: preset, otherwise, flag }) => {
    const given = preset === undefined ? (otherwise ?? "") : `\`${preset}\``;
    return `| ${flag === false ? `\`${name}\` (no flag)` : `\`--${name}\``} | ${variables.map((v) => `\`${v}\``).join(", ")} | ${given} | ${description} |`;
  });
  between(
    "docs/configuration.md",
    "options",
    ["| option | environment | default | meaning |", "|---|---|---|---|", ...rows, ""].join("\n"),
  );
});

test("the conditions are those that the code finds, in its own words", () => {
  const rows = Object.entries(AMISS).flatMap(([what, findings]) =>
    findings.filter(({ ok }) => !ok).map(({ name, message }) => `| \`${name}\` | ${what} | ${message} |`),
  );
  between(
    "docs/readiness.md",
    "conditions",
    ["| condition | fails when | and says, for example |", "|---|---|---|", ...rows, ""].join("\n"),
  );
});

test("what is only worth knowing is told in the code's own words", () => {
  const rows = Object.entries(NOTED).flatMap(([what, findings]) =>
    findings.filter(({ note }) => note).map(({ name, message }) => `| \`${name}\` | ${what} | ${message} |`),
  );
  between("docs/readiness.md", "notes", ["| condition | when | and says |", "|---|---|---|", ...rows, ""].join("\n"));
});

test("the rules of the token are those that are asked for", () => {
  const rows = rightsFor({ intentions: "upstreams" }).map(({ rule, why }) => `| \`${rule}\` | ${why} |`);
  between("docs/readiness.md", "rules", ["| rule | what for |", "|---|---|", ...rows, ""].join("\n"));
});

test("the table of the job spec is the one that files are read by", () => {
  between("docs/support.md", "table", supportTable());
});

/** All fields, as people write them; keys of maps that cost something else have a row of their own. */
function costRows(fields: AnyFields, path: readonly string[]): readonly string[] {
  return Object.values(fields).flatMap((field): readonly string[] => {
    const inner = [...path, field.name];
    if (field.kind === "leaf") return leafRows(field, inner.join(" > "));
    return costRows(field.fields, inner);
  });
}

function leafRows({ rule, identity, keys }: Leaf, path: string): readonly string[] {
  if (identity === true) return [`| \`${path}\` | another name is another one: the old one stops, the new one comes |`];
  const own = `| \`${path}\` | ${ruleText(rule)} |`;
  return keys === undefined
    ? [own]
    : [own, `| \`${path}\` > ${keys.names.map((name) => `\`${name}\``).join(", ")} | ${ruleText(keys.rule)} |`];
}

function ruleText({ cost, but }: Rule): string {
  return but === undefined ? cost : `${cost}; ${WHERE[but.where].says}: ${but.cost}`;
}

test("what a change of a field costs is the table that the agent goes by", () => {
  const rows = costRows(untyped(JOB), ["job"]);
  between("docs/plan.md", "costs", ["| field | costs |", "|---|---|", ...rows, ""].join("\n"));
});

test("the functions of job files are those that there are, and their examples give what they give", () => {
  between("docs/functions.md", "functions", functionTables());
});
