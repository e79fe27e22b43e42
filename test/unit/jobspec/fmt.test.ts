/** The canonical format of HCL: examples, and what holds for every file. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatHcl } from "../../../src/jobspec/fmt/format.ts";
import { piecesOf } from "../../../src/jobspec/fmt/pieces.ts";
import { lexFile } from "../../../src/jobspec/hcl/lexer.ts";
import { DOCUMENTS, SNIPPETS } from "./hcl-corpus.ts";
import { jobText, parsed } from "./support.ts";

function formatted(text: string): string {
  const result = formatHcl("job.nomad", text);
  if (!result.ok) throw new Error(result.diagnostics.map(({ summary }) => summary).join("\n"));
  return result.text;
}

const EXAMPLES: readonly (readonly [name: string, text: string, formatted: string])[] = [
  ["two spaces a level", "a {\nb {\n\t\tc = 1\n}\n    }\n", "a {\n  b {\n    c = 1\n  }\n}\n"],
  ["equals signs in one column", "a=1\nbcd    =2\n", "a   = 1\nbcd = 2\n"],
  ["up to the next empty line", "a=1\n\nbcd=2\n", "a = 1\n\nbcd = 2\n"],
  ["up to a value that goes on", "a=1\nbb=[\n1]\nccc=2\n", "a = 1\nbb = [\n1]\nccc = 2\n"],
  ["a list over lines", "a = [\n1,\n2,\n]\n", "a = [\n  1,\n  2,\n]\n"],
  ["comments in one column", "a = 1 # x\nbcd = 2//y\n", "a   = 1 # x\nbcd = 2 //y\n"],
  ["comments of their own line", "a {\n# x  \n   /* y\n z */\n}\n", "a {\n  # x  \n  /* y\n z */\n}\n"],
  ["comments in between", "a/* x */=/* y */1/* z */\n", "a /* x */ = /* y */ 1 /* z */\n"],
  ["spaces behind a line", "a = 1  \n  \nb {  \n}  \n", "a = 1\n\nb {\n}\n"],
  ["operators", "a = 1+2*-3==b&&!c?d:e\n", "a = 1 + 2 * -3 == b && !c ? d : e\n"],
  ["signs and subtractions", "a = [- 1,b - - 1,(- c)]\n", "a = [-1, b - -1, (-c)]\n"],
  ["calls and indexes", "a = f (1 ,b [0] . c , d ...)\n", "a = f(1, b[0].c, d...)\n"],
  ["for", "a = {for k,v in[1]:k=>v... if c}\n", "a = { for k, v in [1] : k => v... if c }\n"],
  ["objects", "a = {b=1,c:2}\nd={}\ne { }\n", "a = { b = 1, c : 2 }\nd = {}\ne {}\n"],
  ["labels", 'a   "b"   c{\n}\n', 'a "b" c {\n}\n'],
  [
    "templates",
    'a = "x  ${ b+1 }  ${{c=1}}%{if  d}  %{endif}"\n',
    'a = "x  ${b + 1}  ${ { c = 1 } }%{if d}  %{endif}"\n',
  ],
  [
    "heredocs",
    "a {\nb=<<-E\n      x ${ y }\n\n   z  \n    E\nccc=1\n}\n",
    "a {\n  b   = <<-E\n      x ${y}\n\n   z  \n    E\n  ccc = 1\n}\n",
  ],
  ["heredocs in lists", "a = [<<E\nx\n  E  \n,1]\n", "a = [<<E\nx\n  E  \n, 1]\n"],
  ["wide characters", 'é̂ = "👩‍👩‍👧" # x\nab = "日本" # y\n', 'é̂  = "👩‍👩‍👧"  # x\nab = "日本" # y\n'],
  ["line ends of Windows", "a=1 # x\r\n\r\nbb {\r\nc=1\r\n}\r\n", "a = 1 # x\r\n\r\nbb {\r\n  c = 1\r\n}\r\n"],
  ["a byte order mark", "\uFEFFa=1\n", "a = 1\n"],
  ["no line end at the end", "a=1 # x", "a = 1 # x"],
  [
    "several brackets of one line",
    "a = [{\nb = 1\n}]\nc = [[\n1\n],\n2\n]\n",
    "a = [{\n  b = 1\n}]\nc = [[\n  1\n  ],\n  2\n]\n",
  ],
  ["numbers that must not grow together", "a = b . 1 . 5e2\nc = d.0 .e3\n", "a = b.1 .5e2\nc = d.0 .e3\n"],
  ["nothing", "", ""],
];

test.each(EXAMPLES)("%s", (_, text, expected) => {
  expect(formatted(text)).toBe(expected);
});

describe("what cannot be formatted", () => {
  test("has a syntax error, which is reported with its place", () => {
    const result = formatHcl("job.nomad", "a = 1\nb = = 2\n");
    expect(result).toMatchObject({ ok: false, diagnostics: [{ file: "job.nomad", line: 2, column: 5 }] });
  });

  test("is larger than 1 MiB, or would be", () => {
    const summaries = (text: string): readonly string[] => {
      const result = formatHcl("job.nomad", text);
      return result.ok ? [] : result.diagnostics.map(({ summary }) => summary);
    };
    expect(summaries(`#${"x".repeat(1024 * 1024)}`)).toEqual(["The file is larger than 1 MiB"]);
    const shorter = Array.from({ length: 20_000 }, (_, n) => `a${n} = 1\n`).join("");
    expect(summaries(`${"x".repeat(500_000)} = 1\n${shorter}`)).toEqual([
      "Formatted, the file would be larger than 1 MiB",
    ]);
  });
});

/** The tree of a file without its places. */
function treeOf(text: string): unknown {
  const places = new Set(["range", "nameRange"]);
  return JSON.parse(JSON.stringify(parsed(text), (key, value: unknown) => (places.has(key) ? undefined : value)));
}

function isHcl(text: string): boolean {
  return formatHcl("job.nomad", text).ok;
}

function commentsOf(text: string): readonly string[] {
  const comments = piecesOf(text).pieces.filter(({ type }) => type === "comment");
  return comments.map((comment) => comment.text);
}

function tokensOf(text: string): readonly string[] {
  return lexFile(text).map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);
}

const LAYOUT = [" ", "  ", "\t", "", "\n", "\r\n", "/* c */", "/* c\n */", " # c\n", "// c  \n", "#\n"];
const SPLICES = [...LAYOUT, "(", ")", "[", "]", "{", "}", "-", "!", ".", "...", ",", "${", "~", "in", "é", "1", '"'];
const SOURCES = [...DOCUMENTS, ...DOCUMENTS, ...SNIPPETS, jobText("# nothing")];

function splicedBy(splices: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.tuple(fc.nat(), fc.nat(1), fc.constantFrom(...splices));
  return fc
    .tuple(fc.constantFrom(...SOURCES), fc.array(edit, { maxLength: 6 }))
    .map(([text, edits]) =>
      edits.reduce((result, [place, cut, splice]) => {
        const at = place % (result.length + 1);
        return result.slice(0, at) + splice + result.slice(at + cut);
      }, text),
    )
    .filter(isHcl);
}

const files = fc.oneof({ arbitrary: splicedBy(LAYOUT), weight: 2 }, splicedBy(SPLICES));

function holds(look: (text: string) => void, seed: number): void {
  const property = fc.property(files, (text) => {
    look(text);
  });
  fc.assert(property, { seed, numRuns: 1500 });
}

describe("for every file", { timeout: 60_000 }, () => {
  test("formatting again changes nothing", () => {
    holds((text) => expect(formatted(formatted(text))).toBe(formatted(text)), 1);
  });

  test("its meaning stays: the tree but for the places", () => {
    holds((text) => expect(treeOf(formatted(text))).toEqual(treeOf(text)), 2);
  });

  test("every comment stays, in order, as it was written", () => {
    holds((text) => expect(commentsOf(formatted(text))).toEqual(commentsOf(text)), 3);
  });

  test("the lines stay what they are but for spaces", () => {
    const bare = (text: string): readonly string[] => text.split("\n").map((line) => line.replaceAll(/[ \t]/g, ""));
    holds((text) => expect(bare(formatted(text))).toEqual(bare(text.replace(/^\uFEFF/, ""))), 4);
  });

  test("the tokens stay, so that nothing grows together", () => {
    holds((text) => expect(tokensOf(formatted(text))).toEqual(tokensOf(text)), 5);
  });
});
