/** Calls that would take for ever, or all the memory there is: they are refused before they do. */
import { describe, expect, test } from "vitest";
import { SourceError } from "../../../../src/jobspec/problems.ts";
import { evaluated } from "../support.ts";
import { problemOf } from "./support.ts";

const TOO_MUCH = "Reading this file takes more work than any job needs";

/** Thousands of characters. */
const LONG = 'join("", range(1000))';
const LETTERS = 'format("%4000s", "a")';

describe("too much is refused in no time:", () => {
  test.each([
    'format("%1000000000d", 1)',
    'format("%.1000000000f", 1)',
    'format("%1000000000s", "a")',
    'formatlist("%100000d", range(1024))',
    `replace(replace(${LETTERS}, " ", ${LETTERS}), " ", ${LETTERS})`,
    `replace(${LETTERS}, "", ${LETTERS})`,
    `indent(1000000000, "a\\nb")`,
    `indent(10000, replace(${LETTERS}, " ", "\\n"))`,
    `join(${LETTERS}, range(1024), range(1024))`,
    "setproduct(range(1024), range(1024), range(1024))",
    "setproduct([for i in range(30): [0, 1]]...)",
    "[for i in range(1024): [for j in range(1024): [for k in range(1024): abs(k)]]]",
    "[for i in range(1024): range(1024)]",
    "concat([for i in range(1024): range(1024)]...)",
    '[for i in range(1024): bcrypt("a", 4)]',
    'jsonencode([for i in range(1024): format("%10000s", i)])',
    'yamlencode([for i in range(1024): format("%10000s", i)])',
    'yamldecode("a: &a [x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]")',
    `regex_replace(format("%4000s", ""), "((((a?){30}){30}b?){1,})*$", "")`,
    `regex_replace(format("%9000s", ""), "( ?){500} {500}x", "")`,
    `regex_replace(${LETTERS}, "", ${LETTERS})`,
    `parseint(format("%0500000d", 0), 36)`,
    "try([for i in range(1024): range(1024)], 1)",
    "can([for i in range(1024): range(1024)])",
  ])("%s", (call) => {
    expect(problemOf(call).summary).toBe(TOO_MUCH);
  });
});

test.each(["(a+)+$", "(a|aa)+$", "(a|a?)+$", "(.*a){12}$", "(a*)*b"])("%s takes its time from nobody", (pattern) => {
  const call = `regex_replace("${"a".repeat(60)}!", "${pattern}", "")`;
  expect(evaluated(call)).toBeTypeOf("string");
});

describe("nesting that would exhaust the stack is refused:", () => {
  const deep = (count: number, open: string, close: string): string => open.repeat(count) + close.repeat(count);
  test.each([
    [
      "JSON",
      `jsondecode(${JSON.stringify(deep(100_000, "[", "]"))})`,
      /^This cannot be read as JSON: Nesting is deeper/,
    ],
    ["YAML", `yamldecode(${JSON.stringify(deep(5000, "[", "]"))})`, /^This cannot be read as YAML: Nesting is deeper/],
    ["regular expressions", `regex_replace("", "${deep(5000, "(", ")")}", "")`, /too deep/],
    ["an expression of braces", `jsondecode(${JSON.stringify('{"a":'.repeat(1000))})`, /Nesting is deeper/],
  ])("%s", (_, call, summary) => {
    expect(problemOf(call).summary).toMatch(summary);
  });
});

describe("a long text is no trouble:", () => {
  const text = JSON.stringify('x, "y"\n'.repeat(10_000));
  test.each("upper title trimspace chomp reverse base64encode urlencode sha256 jsonencode yamlencode".split(" "))(
    "%s",
    (name) => {
      expect(evaluated(`can(${name}(${text}))`)).toBe(true);
    },
  );
});

test("a text of a megabyte that is no JSON, CSV, YAML or Base64 is refused, and nothing else happens", () => {
  for (const [name, text] of [
    ["jsondecode", `"${"\\".repeat(500_000)}`],
    ["jsondecode", '"' + "a".repeat(1_000_000)],
    ["csvdecode", `a\n"${'""'.repeat(400_000)}`],
    ["csvdecode", `a\n"${"x".repeat(900_000)}`],
    ["base64decode", "=".repeat(1_000_000)],
    ["yamldecode", "{".repeat(100_000)],
  ] as const) {
    expect(() => evaluated(`${name}(${JSON.stringify(text)})`)).toThrow(SourceError);
  }
});

test("a long text stays readable in an error", () => {
  expect(problemOf(`abs(${LONG})`).summary.length).toBeLessThan(200);
});

test("what a job may need is not too much", () => {
  expect(evaluated('length([for name in ["a", "b", "c", "d"]: bcrypt(name)])')).toBe(4);
  expect(evaluated('substr(bcrypt("a", 12), 0, 7)')).toBe("$2a$12$");
  expect(evaluated("length([for i in range(1000): uuidv4()])")).toBe(1000);
});
