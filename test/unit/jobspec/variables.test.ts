/** Variables, locals and where their values come from. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../../../src/jobspec/format.ts";
import type { ParseOptions } from "../../../src/jobspec/options.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import type { GivenVariable } from "../../../src/jobspec/variables/given.ts";
import { parseVarFile } from "../../../src/jobspec/variables/var-file.ts";
import { first, groupText, summariesOf } from "./support.ts";

const FLAG = { where: "--var", from: "flag" } as const;

/** A file whose job shows one value as the metadata "v". */
function showing(declarations: string, expression = "var.x"): string {
  return `${declarations}\n${groupText(`meta {\n v = jsonencode(${expression})\n}`)}`;
}

function valueOf(text: string, options: ParseOptions = {}, file = "job.hcl"): unknown {
  const { job, diagnostics } = parseJobFile(file, text, options);
  if (job === undefined) throw new Error(diagnostics.map(formatDiagnostic).join("\n"));
  return JSON.parse(first(job.groups).meta["v"] ?? "null");
}

function refusals(text: string, options: ParseOptions = {}, file = "job.hcl"): string[] {
  return parseJobFile(file, text, options).diagnostics.map(({ summary }) => summary);
}

function variable(body: string): string {
  return `variable "x" {\n${body}\n}`;
}

function given(value: GivenVariable["value"], more: Partial<GivenVariable> = {}): ParseOptions {
  return { variables: [{ name: "x", value, ...FLAG, ...more }] };
}

describe("a variable has its default", () => {
  test.each([
    ["default = 1 + 1", 2],
    ["type = string\ndefault = 5", "5"],
    ['type = number\ndefault = "1.50"', 1.5],
    ['type = bool\ndefault = "true"', true],
    ["type = list(string)\ndefault = [1, true]", ["1", "true"]],
    ["type = set(number)\ndefault = [10, 9, 9]", [9, 10]],
    ["type = map(string)\ndefault = { a = 1 }", { a: "1" }],
    ["type = tuple([string, number])\ndefault = [1, 2]", ["1", 2]],
    ['type = object({ a = string, b = list(number) })\ndefault = { a = 1, b = ["2"], c = 3 }', { a: "1", b: [2] }],
    ["type = list(object({ a = string }))\ndefault = [{ a = 1 }]", [{ a: "1" }]],
    ['type = list(any)\ndefault = [1, "a"]', ["1", "a"]],
    ["default = null", null],
  ])("%j", (body, value) => {
    expect(valueOf(showing(variable(body)))).toEqual(value);
  });

  test("also in the short form, of any number of blocks", () => {
    const text = 'variables {\n x = [1]\n}\nvariables {\n y = "b"\n}\nvariable z { default = 3 }';
    expect(valueOf(showing(text, "var"))).toEqual({ x: [1], y: "b", z: 3 });
  });
});

describe("a declaration is refused", () => {
  test.each([
    ['default = upper("a")', "No function can be called here: the value must be a constant"],
    ["default = foo", "Nothing can be referred to here: the value must be a constant"],
    ["default = var.x", "Nothing can be referred to here: the value must be a constant"],
    ['type = number\ndefault = "a"', "number is wanted, not a string"],
    ['type = object({ a = list(number) })\ndefault = { a = [1, "x"] }', "number is wanted at .a[1], not a string"],
    ["type = object({ a = string })\ndefault = {}", 'The attribute "a" is missing'],
    ["type = tuple([string])\ndefault = []", "0 items are given, and 1 are wanted"],
    ["type = strin\ndefault = 1", 'There is no type "strin"'],
    ['type = "string"\ndefault = 1', "A type is expected here"],
    ["type = list\ndefault = 1", "The type list needs more: list(string)"],
    ["type = list(string, number)\ndefault = 1", "The type list takes one argument: list(string)"],
    ["type = object(string)\ndefault = 1", "The type object takes its attributes in braces: object({ name = string })"],
    ["type = lst(string)\ndefault = 1", 'There is no type "lst(…)"'],
    ["defalt = 1", 'There is no argument "defalt" in a variable'],
    ['default = 1\nsensitive = "maybe"', '"sensitive" needs true or false, not a string'],
    [
      'default = 1\nvalidation {\n condition = var.x > 1\n error_message = "Too small."\n}',
      'The value of the variable "x" is refused',
    ],
    [
      'default = 1\nvalidation {\n condition = true\n error_message = "Too small."\n}',
      "The condition must look at var.x",
    ],
    [
      'default = 1\nvalidation {\n condition = var.x\n error_message = "Too small."\n}',
      "The condition must be true or false, not a number",
    ],
    [
      'default = 1\nvalidation {\n condition = var.x > local.y\n error_message = "Too small."\n}',
      "A validation can refer to its own variable only: var.x",
    ],
    [
      'default = 1\nvalidation {\n condition = var.x > 0\n error_message = "too small"\n}',
      "The error_message must be a whole sentence",
    ],
    ["default = 1\nvalidation {\n condition = var.x > 0\n}", "A validation block needs error_message"],
  ])("%j, and what uses it is not refused as well", (body, summary) => {
    expect(refusals(showing(variable(body)))).toEqual([summary]);
  });

  test("without a name, with a wrong one, or with the name of another", () => {
    expect(summariesOf(showing("variable { default = 1 }", "1"))).toEqual(["A variable needs a name"]);
    expect(summariesOf(showing('variable "a b" { default = 1 }', "1"))).toEqual([
      '"a b" cannot be the name of a variable',
    ]);
    const [diagnostic] = parseJobFile(
      "job.hcl",
      showing("variable x { default = 1 }\nvariables {\n x = 2\n}"),
    ).diagnostics;
    expect(diagnostic).toMatchObject({
      summary: 'There is another variable "x"',
      line: 3,
      related: { line: 1, column: 10 },
    });
  });

  test("of which several validations are refused, the first is told", () => {
    const rule = (least: number) =>
      `validation {\n condition = var.x > ${least}\n error_message = "More than ${least}."\n}`;
    const { diagnostics } = parseJobFile("job.hcl", showing(variable(`default = 3\n${rule(1)}\n${rule(4)}`)));
    expect(diagnostics.map(({ detail }) => detail)).toEqual(["More than 4."]);
  });
});

describe("a value from outside", () => {
  test.each([
    ["", "a = b", "a = b"],
    ["type = string", "[1]", "[1]"],
    ["type = number", "5", 5],
    ["default = 1", "5", 5],
    ["type = bool", "true", true],
    ["type = list(string)", "[1, 2]", ["1", "2"]],
    ["default = [1]", "[7]", [7]],
    ["type = object({ a = number })", '{ a = "1" }', { a: 1 }],
    ["type = list(string)", "null", null],
  ])("of a variable with %j is read from %j as the type says", (body, text, value) => {
    expect(valueOf(showing(variable(body)), given(text))).toEqual(value);
  });

  test.each([
    ["type = number", "5x", 'The value of "x" from --var does not fit: number is wanted, not a string'],
    [
      "type = bool",
      "abc",
      'The value of "x" from --var does not fit: Nothing can be referred to here: the value must be a constant',
    ],
    [
      "type = list(string)",
      "[",
      'The value of "x" from --var does not fit: A value is expected here, but the file ends',
    ],
    ["default = [1]", '["a"]', 'The value of "x" from --var does not fit: number is wanted at [0], not a string'],
    ["sensitive = true\ntype = number", "5x", 'The value of "x" from --var does not fit'],
  ])("of a variable with %j is refused at its declaration when it is %j", (body, text, summary) => {
    const { diagnostics } = parseJobFile("job.hcl", showing(variable(body)), given(text));
    expect(diagnostics).toMatchObject([{ summary, line: 1, column: 10 }]);
  });

  test.each([
    ["type = list(string)", "dc1", "list(string)", '["a"]'],
    ["type = map(number)", "1", "map(number)", "{ key = 1 }"],
    ["type = object({ a = set(bool) })", "x", "object({ a = set(bool) })", "{ a = [true] }"],
    ['default = ["a", 1]', "dc1", "tuple([string, number])", '["a", 1]'],
  ])(
    "of a variable with %j that does not fit is refused with an example of one that does",
    (body, text, type, example) => {
      const { diagnostics } = parseJobFile("job.hcl", showing(variable(body)), given(text));
      expect(diagnostics.map(({ detail }) => detail)).toEqual([
        `The variable is of the type ${type}, such as ${example}`,
      ]);
      expect(parseJobFile("job.hcl", showing(variable(body)), given(example)).diagnostics).toEqual([]);
    },
  );

  test("goes before the default: the environment, then var files, then flags", () => {
    const sources = (["environment", "file", "flag"] as const).map((from): GivenVariable => ({
      name: "x",
      where: from,
      from,
      value: from,
    }));
    const text = showing(variable('default = "default"'));
    const winners = [0, 1, 2, 3].map((count) => valueOf(text, { variables: sources.slice(0, count) }));
    expect(winners).toEqual(["default", "environment", "file", "flag"]);
  });

  test("is asked for, with all the ways to give it, when there is none", () => {
    const { diagnostics } = parseJobFile("job.hcl", showing('variable "x" {}', "1"));
    expect(diagnostics).toMatchObject([{ summary: 'Unset variable "x"', line: 1 }]);
    for (const way of ["--var x=", "var file", "REMORA_VAR_x", "default"])
      expect(diagnostics[0]?.detail).toContain(way);
  });

  test("for a variable that the file does not declare is a mistake of a flag or a var file, if nobody else reads it", () => {
    const text = showing('variable "count" { default = 1 }', "var.count");
    const variables = (from: GivenVariable["from"]) => [{ name: "cuont", where: "there", from, value: "1" }];
    expect(
      parseJobFile("job.hcl", text, { variables: variables("flag"), undeclared: "error" }).diagnostics,
    ).toMatchObject([{ summary: 'There is no variable "cuont", which there sets', detail: 'Did you mean "count"?' }]);
    const { diagnostics } = parseJobFile("job.hcl", text, { variables: variables("flag"), undeclared: "error" });
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      'job.hcl:1:1: There is no variable "cuont", which there sets\n  Did you mean "count"?',
    ]);
    expect(valueOf(text, { variables: variables("environment"), undeclared: "error" })).toBe(1);
    expect(valueOf(text, { variables: variables("file") })).toBe(1);
  });

  test("makes the job another one, and no value makes it none", () => {
    const text = showing(variable("default = 1"));
    const inputs = ["1", "2", "1"].map((value) => parseJobFile("job.hcl", text, given(value)).inputs);
    expect(inputs[0]).toBe(inputs[2]);
    expect(inputs[0]).not.toBe(inputs[1]);
    expect(parseJobFile("job.hcl", text).inputs).toBeUndefined();
    expect(parseJobFile("job.hcl", text, given("1", { name: "other" })).inputs).toBeUndefined();
  });
});

describe("a var file", () => {
  const names = (file: string, text: string) =>
    parseVarFile(file, text).variables.map(({ name, where }) => [name, where]);

  test("holds arguments, each with its place", () => {
    expect(names("p.vars", 'a = 1\n\nb = ["x"]\n')).toEqual([
      ["a", "p.vars:1:1"],
      ["b", "p.vars:3:1"],
    ]);
    const { variables } = parseVarFile("p.vars", 'x = ["a", "b"]\n');
    expect(valueOf(showing(variable("type = set(string)")), { variables })).toEqual(["a", "b"]);
  });

  test("is JSON by its name, and there its strings are no templates", () => {
    const { variables } = parseVarFile("p.json", '{"x": {"a": "${b}"}}');
    expect(valueOf(showing(variable("default = null")), { variables })).toEqual({ a: "${b}" });
  });

  test.each([
    ["p.vars", 'password = "hunter22\n'],
    ["p.vars", "password = hunter22\n"],
    ["p.vars", 'password = "\\hunter22"\n'],
    ["p.vars", "password = 4711.22.4711\n"],
    ["p.vars", "password = 1e4711\n"],
    ["p.vars", "hunter22 {}\n"],
    ["p.vars", "hunter22\n"],
    ["p.json", '{"password": hunter22}'],
    ["p.json", '{"password": "hunter22'],
    ["p.json", '["hunter22"]'],
  ])("%s that holds %j is refused without a word of it", (file, text) => {
    const { diagnostics } = parseVarFile(file, text);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.map(formatDiagnostic).join("\n")).not.toMatch(/hunter|4711/);
  });
});

describe("locals", () => {
  test("need no order", () => {
    const names = ["a", "b", "c", "d"];
    const lines = ["a = local.b + 1", "b = local.c * local.d", "c = 2", 'd = "${local.c}"'];
    const property = fc.property(fc.shuffledSubarray(lines, { minLength: 4 }), fc.nat(4), (shuffled, cut) => {
      const text = `locals {\n${shuffled.slice(0, cut).join("\n")}\n}\nlocals {\n${shuffled.slice(cut).join("\n")}\n}`;
      expect(valueOf(showing(text, `[${names.map((name) => `local.${name}`).join(", ")}]`))).toEqual([5, 4, 2, 2]);
    });
    fc.assert(property, { seed: 7 });
  });

  test("that need each other in a circle are told with the circle, once", () => {
    const { diagnostics } = parseJobFile(
      "job.hcl",
      showing("locals {\n a = local.b\n b = [local.c]\n c = local.a\n}", "local.a"),
    );
    expect(diagnostics).toMatchObject([
      {
        summary: "The locals need each other in a circle: a → b → c → a",
        line: 4,
        related: { line: 2, summary: '"a" is defined here' },
      },
    ]);
    expect(refusals(showing("locals {\n a = local.a\n}", "1"))).toEqual([
      "The locals need each other in a circle: a → a",
    ]);
  });

  test.each([
    ["locals {\n count = 1\n}", "local.cuont", 'There is no local "cuont"', 'Did you mean "count"?'],
    ["locals {\n a = 1\n}", "var.a", 'There is no variable "a"', "There is a local of that name: local.a"],
    ["", "var.a", 'There is no variable "a"', 'Declare it: variable "a" {}'],
    ["", "local.a", 'There is no local "a"', "Define it: locals { a = … }"],
  ])("and variables that are not there: %j, %j", (declarations, expression, summary, detail) => {
    expect(parseJobFile("job.hcl", showing(declarations, expression)).diagnostics).toMatchObject([{ summary, detail }]);
  });

  test("are refused where two have one name, and where a block stands for a value", () => {
    const [twice] = parseJobFile("job.hcl", showing("locals {\n a = 1\n}\nlocals {\n a = 2\n}", "1")).diagnostics;
    expect(twice).toMatchObject({ summary: 'There is another local "a"', line: 5, related: { line: 2 } });
    expect(refusals(showing("locals {\n a {}\n}", "1"))).toEqual(["A locals block holds arguments only"]);
    expect(refusals(showing('locals "x" {}', "1"))).toEqual(["A locals block has no name"]);
  });

  test("that cannot be read do not make those unknown that use them", () => {
    expect(refusals(showing("locals {\n a = [1\n b = 2\n}", "[local.a, local.b]"))).toEqual([
      "A comma or a closing bracket is expected here",
    ]);
  });
});

describe("in YAML and JSON", () => {
  const job =
    "job: {j: {datacenters: [dc1], group: {g: {meta: {v: '${jsonencode(V)}'}, task: {t: {driver: docker, config: {image: i}}}}}}}";
  const yaml = (declarations: string, expression: string) => `${declarations}\n${job.replace("V", expression)}\n`;

  test("the same blocks mean the same", () => {
    const text =
      'variable: {x: {type: "list(string)", default: [1]}, y: {default: {a: "${b}"}}}\nvariables: {z: 3}\nlocals: [{a: "${local.b}!"}, {b: "${var.z + 1}"}]';
    expect(valueOf(yaml(text, "[var.x, var.y.a, local.a]"), {}, "job.yaml")).toEqual([["1"], "${b}", "4!"]);
    const json = JSON.stringify({
      variable: { x: { default: 1, validation: { condition: "${var.x > 0}", error_message: "Too small." } } },
      job: {
        j: {
          datacenters: ["dc1"],
          group: { g: { meta: { v: "${var.x + 1}" }, task: { t: { driver: "docker", config: { image: "i" } } } } },
        },
      },
    });
    expect(valueOf(json, {}, "job.json")).toBe(2);
  });

  test.each([
    ["variable: {x: {type: strin}}", 'There is no type "strin"'],
    ["variable: {x: {type: [string]}}", 'A type is a string here, such as "list(string)"'],
    ["variable: {x: {}}", 'Unset variable "x"'],
    [
      "variable: {x: {default: 1, validation: {condition: '${var.x > 1}', error_message: Too small.}}}",
      'The value of the variable "x" is refused',
    ],
    ["locals: {a: '${local.b}', b: '${local.a}'}", "In this string: The locals need each other in a circle: a → b → a"],
    ["locals: {a: '${local.b}'}", 'In this string: There is no local "b"'],
  ])("%j is refused", (declarations, summary) => {
    expect(refusals(yaml(declarations, "1"), {}, "job.yaml")).toEqual([summary]);
  });

  test("mistakes in several strings are all told", () => {
    const text = yaml("", "var.a").replace("image: i", "image: '${local.b}', command: '${1 +}'");
    expect(refusals(text, {}, "job.yaml")).toEqual([
      'In this string: There is no variable "a"',
      'In this string: There is no local "b"',
      "In this string: A value is expected here",
    ]);
  });

  test("dynamic blocks are expanded, and a group may be called dynamic", () => {
    const task = { t: { driver: "docker", config: { image: "i" } } };
    const dynamic = {
      group: { for_each: "${local.names}", labels: ["g-${group.value}"], content: { count: "${group.key}", task } },
    };
    const group = { dynamic: { task } };
    const text = JSON.stringify({
      locals: { names: ["a", "b"] },
      job: { j: { datacenters: ["dc1"], group, dynamic } },
    });
    const { job } = parseJobFile("job.json", text);
    expect(job?.groups.map(({ name, count }) => [name, count])).toEqual([
      ["dynamic", 1],
      ["g-a", 0],
      ["g-b", 1],
    ]);
  });
});
