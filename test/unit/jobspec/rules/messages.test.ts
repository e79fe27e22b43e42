/** What people see of broken files: every place, sentence, line and advice, as the golden files beside them have it. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatDiagnostic } from "../../../../src/jobspec/format.ts";
import { parseJobFile } from "../../../../src/jobspec/parse.ts";

const BROKEN = new URL("../corpus/broken/", import.meta.url);
const FILES = readdirSync(BROKEN).filter((name) => name.endsWith(".hcl"));

test.each(FILES)("all that is wrong with %s is told", async (name) => {
  const { job, diagnostics } = parseJobFile(name, readFileSync(new URL(name, BROKEN), "utf8"));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(job).toBeUndefined();
  const golden = `../corpus/broken/${name.replace(/\.hcl$/, ".golden")}`;
  await expect(`${errors.map(formatDiagnostic).join("\n\n")}\n`).toMatchFileSnapshot(golden);
});
