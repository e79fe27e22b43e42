/** What the docs take from the code is what the code says; `UPDATE_DOCS=1 vitest run test/unit/docs.test.ts` brings it up to date. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OPTIONS } from "../../src/cli/schema.ts";
import { drawChart } from "../../src/machines/draw.ts";

const file = (name: string): URL => new URL(`../../${name}`, import.meta.url);

/** Compares (or, on request, replaces) what stands between a file's markers. */
function between(name: string, marker: string, wanted: string): void {
  const text = readFileSync(file(name), "utf8");
  const [open, close] = [`<!-- ${marker} -->\n`, `<!-- /${marker} -->`];
  const start = text.indexOf(open) + open.length;
  const end = text.indexOf(close);
  expect(start, `${name} has no marker ${marker}`).toBeGreaterThan(open.length - 1);
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(file(name), text.slice(0, start) + wanted + text.slice(end));
  else expect(text.slice(start, end)).toBe(wanted);
}

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
