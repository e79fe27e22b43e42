/** The HCL parser against HCL itself (compiled to WebAssembly): both accept and refuse the same texts. */
import { parse } from "@cdktn/hcl2json";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHcl } from "../../../src/jobspec/hcl/parser.ts";
import { Problems, SourceError } from "../../../src/jobspec/problems.ts";
import { readHcl } from "../../../src/jobspec/hcl/read.ts";
import { DOCUMENTS, SNIPPETS } from "./hcl-corpus.ts";
import { plain } from "./support.ts";

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
  try {
    parseHcl(text);
    return "accepted";
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return "refused";
  }
}

describe("agrees with HCL", () => {
  test.each(SNIPPETS)("on %j", async (text) => {
    expect(ours(text)).toBe(await oracle(text));
  });

  test("on whole files, which are all accepted", async () => {
    for (const text of DOCUMENTS) {
      expect(ours(text)).toBe("accepted");
      expect(await oracle(text)).not.toBe("refused");
    }
  });
});

const SIGNS = '" { } [ ] ( ) = == => : :: , . ... * ? ! - && | \\ # // /* */ ${ %{ ~ ~} $${ %%{ [*] .* \\n \\u12'.split(
  " ",
);
const WORDS = "for in if else endif endfor a 1 1.5 null true a.b é 😀"
  .split(" ")
  .flatMap((word) => [word, ` ${word} `]);
const LAYOUT = [
  "\n",
  "\r\n",
  "\r",
  " ",
  "\t",
  "<<E\n",
  "<<-E\n",
  "\nE\n",
  "x = 1\n",
  "b {}\n",
  "\0",
  "\u00A0",
  "\u2028",
  "\uFEFF",
];
const SPLICES = [...SIGNS, ...WORDS, ...LAYOUT];

/** A text with a few of its places cut out, replaced or added to. */
const mutants = fc
  .tuple(
    fc.oneof(fc.constantFrom(...DOCUMENTS), fc.constantFrom(...SNIPPETS)),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.oneof(fc.constantFrom(...SPLICES), fc.constant(""))), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((result, [place, cut, splice]) => {
      const at = place % (result.length + 1);
      return result.slice(0, at) + splice + result.slice(at + cut);
    }, text),
  );

const leaves = fc.constantFrom("1", "1.5", "a", "a.b", "x[0]", '"s"', '"${q}"', "true", "null", "f()");

/** Expressions that are built by the grammar, so that both mostly accept them. */
const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie("expression");
  const operators = fc.constantFrom("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||");
  const form = (...parts: (string | fc.Arbitrary<string>)[]) =>
    fc
      .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
      .map((texts) => texts.join(""));
  return {
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaves,
      form(inner, " ", operators, " ", inner),
      form(inner, " ? ", inner, " : ", inner),
      form("(", inner, ")"),
      form(fc.constantFrom("-", "!"), inner),
      form("[", inner, ", ", inner, "]"),
      form("{ a = ", inner, ", (", inner, ") : ", inner, " }"),
      form("f(", inner, fc.constantFrom("", "...", ",", ", 1"), ")"),
      form("[for k, v in ", inner, " : ", inner, fc.constantFrom("", " if v"), "]"),
      form("{for v in ", inner, " : ", inner, " => ", inner, fc.constantFrom("", "..."), "}"),
      form(inner, fc.constantFrom(".b", ".0", ".*", ".*.c", "[*]", '["k"]', "[*].c", ".1.2", "\n")),
      form(inner, "[", inner, "]"),
      form('"x${', inner, "}y%{ if ", inner, ' }z%{ else ~}%{ endif }"'),
    ),
  };
});

describe("agrees with HCL on thousands of seeded inventions", { timeout: 60_000 }, () => {
  test("mutated files", async () => {
    const property = fc.asyncProperty(mutants, async (text) => {
      const verdict = await oracle(text);
      if (verdict !== "no verdict") expect(ours(text)).toBe(verdict);
    });
    await fc.assert(property, { seed: 20_221, numRuns: 4000 });
  });

  test("expressions", async () => {
    const property = fc.asyncProperty(expression, async (text) => {
      const verdict = await oracle(`v = ${text}\n`);
      if (verdict !== "no verdict") expect(ours(`v = ${text}\n`)).toBe(verdict);
    });
    await fc.assert(property, { seed: 4656, numRuns: 2000 });
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
  const problems = new Problems();
  const body = readHcl(text, problems);
  const values = Object.fromEntries((body?.attributes ?? []).map(({ name, value }) => [name, plain(value)]));
  expect(problems.any).toBe(false);
  expect(values).toEqual(await parse("file.hcl", text));
});
