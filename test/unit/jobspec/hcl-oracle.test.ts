/** The HCL parser against HCL itself (compiled to WebAssembly) on chosen texts; test/fuzz does so on random ones. */
import { parse } from "@cdktn/hcl2json";
import { describe, expect, test } from "vitest";
import { parseHcl } from "../../../src/jobspec/hcl/parser.ts";
import { Budget } from "../../../src/jobspec/budget.ts";
import { Evaluator } from "../../../src/jobspec/hcl/evaluate.ts";
import { Problems } from "../../../src/jobspec/problems.ts";
import { DOCUMENTS, SNIPPETS } from "./hcl-corpus.ts";
import { NO_NAMES, parsed, plain } from "./support.ts";

type Verdict = "accepted" | "refused" | "no verdict";

/** The oracle also turns files into its own JSON, and fails at some that the grammar allows. */
async function oracle(text: string): Promise<Verdict> {
  try {
    await parse("file.hcl", text);
    return "accepted";
  } catch (error) {
    return String(error).includes("parse config:") ? "refused" : "no verdict";
  }
}

function ours(text: string): Verdict {
  const problems = new Problems();
  parseHcl(text, problems);
  return problems.any ? "refused" : "accepted";
}

describe("agrees with HCL", () => {
  test.each([...SNIPPETS, "a = <<E\n E\u3000\n"])("on %j", async (text) => {
    expect(ours(text)).toBe(await oracle(text));
  });

  test("on whole files, which are all accepted", async () => {
    for (const text of DOCUMENTS) {
      expect(ours(text)).toBe("accepted");
      expect(await oracle(text)).not.toBe("refused");
    }
  });
});

/** Texts without references, so that the oracle knows their values too. */
const VALUES = [
  "a = 1\nb = -2\nc = 1.5e3\nd = 01\ne = 1.e2",
  'a = "x"\nb = "\\n\\t\\"\\\\ \\u00e9 \\U0001F600"\nc = ""\nd = "$ % $$ %%"',
  "a = true\nb = false\nc = null",
  'a = [1, "two", [true], {}]\nb = { c = 1, "d e" : 2\n f = { g = "h" } }',
  "a = <<E\nfirst\n  second\n\nE\nb = <<E\nE\n",
  "a = <<-E\n    one\n      two\n\n    three\n  E\n",
  "a = <<-E\n    one\n  \n   two\n  E\n",
  "a = <<-E\n\t\tone\n\t two\nE\n",
  "a = <<-E\n  \u00A0x\n \u00A0 y\nE\n",
  "a = <<E\r\nx\r\nE\r\n",
];

test.each(VALUES)("gives %j the same values as HCL", async (text) => {
  const { attributes } = parsed(text);
  const evaluator = new Evaluator(text, new Budget(), { roots: NO_NAMES });
  const values = Object.fromEntries(
    attributes.map(({ name, expression }) => [name, plain(evaluator.evaluate(expression, undefined))]),
  );
  expect(values).toEqual(await parse("file.hcl", text));
});
