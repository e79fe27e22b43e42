/** The tests' countdash is the example that people are given. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { countdash } from "../../support/countdash.ts";

test("the builders' countdash is the job of the example file", () => {
  const path = new URL("../../../examples/countdash/countdash.nomad.hcl", import.meta.url);
  expect(parseJobFile("countdash.nomad.hcl", readFileSync(path, "utf8")).job).toEqual(countdash());
});
