/** What the docs take from the code is what the code says; `UPDATE_DOCS=1 vitest run test/unit/docs.test.ts` brings it up to date. */
import { test } from "vitest";
import { OPTIONS } from "../../src/cli/schema.ts";
import { drawChart } from "../../src/machines/draw.ts";
import { between } from "../support/markers.ts";

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
