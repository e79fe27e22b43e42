/** Hostile text: it is refused, never obeyed, and nothing is ever thrown. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatHcl } from "../../../src/jobspec/fmt/format.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { Problems } from "../../../src/jobspec/problems.ts";
import { SourceText } from "../../../src/jobspec/source.ts";
import { formatDiagnostic } from "../../../src/jobspec/format.ts";
import { DOCUMENTS, SNIPPETS } from "./hcl-corpus.ts";
import { hostileFiles } from "./hostile-corpus.ts";
import { groupText, summariesOf, taskText } from "./support.ts";

const MANY = 20_000;
const DEEP = "Nesting is deeper than 200 levels";
const WORK = "Reading this file takes more work than any job needs";

describe("nesting is bounded", () => {
  test.each([
    ["parentheses", "hcl", `a = ${"(".repeat(MANY)}`],
    ["lists", "hcl", `a = ${"[".repeat(MANY)}`],
    ["objects", "hcl", `a = ${"{a=".repeat(MANY)}`],
    ["blocks", "hcl", "a {\n".repeat(MANY)],
    ["interpolations", "hcl", `a = ${'"${'.repeat(MANY)}`],
    ["signs", "hcl", `a = ${"-".repeat(MANY)}1`],
    ["conditionals", "hcl", `a = ${"b ? c : ".repeat(MANY)}d`],
    ["splats", "hcl", `a = b${"[*]".repeat(MANY)}`],
    ["indexes", "hcl", `a = ${"b[".repeat(MANY)}`],
    ["calls", "hcl", `a = ${"f(".repeat(MANY)}`],
    ["directives", "hcl", `a = "${"%{ if b }".repeat(MANY)}"`],
    ["YAML lists in one line", "yaml", "- ".repeat(MANY)],
    ["YAML keys in one line", "yaml", "? ".repeat(MANY)],
    ["YAML flow lists", "yaml", `a: ${"[".repeat(MANY)}`],
    ["YAML flow maps", "yaml", "{a: ".repeat(MANY)],
    ["YAML indentation", "yaml", Array.from({ length: 300 }, (_, level) => `${" ".repeat(level)}a:\n`).join("")],
    ["an alias inside its own anchor", "yaml", "a: &a [*a]"],
    ["JSON lists", "json", "[".repeat(MANY)],
    ["JSON objects", "json", '{"a":'.repeat(MANY)],
  ])("of %s", (_, extension, text) => {
    expect(summariesOf(text, `job.${extension}`)).toEqual([DEEP]);
  });

  test("through values that are put into each other", () => {
    const inner = (depth: number): string => {
      const wrapped = `${"[".repeat(100)}${depth === 0 ? "1" : `v${depth - 1}`}${"]".repeat(100)}`;
      return depth > 4 ? "1" : `[for v${depth} in ${wrapped} : ${inner(depth + 1)}]`;
    };
    expect(summariesOf(`a = ${inner(0)}`)).toContain(DEEP);
  });
});

function nestedFor(levels: number, collection: (inner: string) => string, body: (name: string) => string): string {
  let text = '["x"]';
  for (let level = 0; level < levels; level++) text = collection(`[for v${level} in ${text} : ${body(`v${level}`)}]`);
  return text;
}

describe("work is bounded", () => {
  test.each([
    [
      "strings that double",
      "hcl",
      `a = ${nestedFor(
        60,
        (inner) => inner,
        (name) => `"\${${name}}\${${name}}"`,
      )}`,
    ],
    [
      "lists that double",
      "hcl",
      `a = ${nestedFor(
        60,
        (inner) => `[${inner}]`,
        (name) => `[${name}, ${name}]`,
      )}`,
    ],
    ["loops in loops", "hcl", `a = ${"[for x in [1,2,3,4,5,6,7,8,9,0] : ".repeat(60)}1${"]".repeat(60)}`],
    [
      "aliases of aliases",
      "yaml",
      Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n},*a${n},*a${n}]`)
        .join("\n")
        .replace(/\*a0/g, "x"),
    ],
    ["one alias many times", "yaml", `a: &a ${"x".repeat(5000)}\nb: [${"*a,".repeat(5000)}]`],
  ])("for %s", (_, extension, text) => {
    expect(summariesOf(text, `job.${extension}`)).toContain(WORK);
  });

  test("for YAML of more signs than sense", () => {
    expect(summariesOf("- 1\n".repeat(50_000), "job.yaml")).toEqual(["The file has more parts than any job needs"]);
    expect(summariesOf("}".repeat(80_000), "job.yaml")).toEqual(["This bracket closes nothing"]);
  });

  test("for files larger than 1 MiB, before anything of them is read", () => {
    expect(summariesOf(`#${"x".repeat(1024 * 1024)}`)).toEqual(["The file is larger than 1 MiB"]);
    expect(summariesOf(`#${"x".repeat(1024 * 1024 - 1)}`)).toEqual(["There is no job in this file"]);
  });

  test("but a long plain file is read", () => {
    const text = taskText(`env = {\n${Array.from({ length: 10_000 }, (_, n) => `V${n} = ${n}\n`).join("")}}`);
    expect(summariesOf(text)).toEqual([]);
  });
});

/** A group as people write them, with a service of the mesh. */
function meshGroup(name: string): string {
  const upstreams = 'upstreams {\n destination_name = "x"\n local_bind_port = 5000\n}';
  const connect = `connect {\n sidecar_service {\n proxy {\n ${upstreams}\n}\n}\n}`;
  const check = 'check {\n type = "http"\n path = "/"\n interval = "10s"\n timeout = "2s"\n}';
  const network = 'network {\n mode = "bridge"\n port "http" {\n to = 8080\n}\n}';
  const task = 'task "t" {\n driver = "docker"\n config {\n image = "a:1"\n}\n resources {\n cpu = 100\n}\n}';
  const service = `service {\n name = "s"\n port = "9001"\n ${connect}\n ${check}\n}`;
  return `group "${name}" {\n ${network}\n ${service}\n ${task}\n}\n`;
}

function jobOf(parts: string): string {
  return `job "j" {\n datacenters = ["dc1"]\n${parts}}\n`;
}

function repeated(times: number, part: (n: number) => string): string {
  return Array.from({ length: times }, (_, n) => part(n)).join("");
}

test("locals in an endless chain are one mistake, found once", () => {
  const chain = repeated(10_000, (n) => `l${n} = local.l${n + 1}\n`);
  expect(summariesOf(`locals {\n${chain}}\n`)).toEqual([DEEP]);
});

describe("what is kept of a job is bounded", () => {
  test.each([100, 1000])("but a job of %i groups of the mesh is read", (groups) => {
    const { job, diagnostics } = parseJobFile("job.hcl", jobOf(repeated(groups, (n) => meshGroup(`g${n}`))));
    expect(diagnostics).toEqual([]);
    expect(job?.groups.length).toBe(groups);
  });

  test("groups of the API are refused at the first that is too many", () => {
    const text = (groups: number): string =>
      `{"Job":{"ID":"x","TaskGroups":[${repeated(groups, (n) => `${n === 0 ? "" : ","}{"Name":"g${n}"}`)}]}}`;
    expect(summariesOf(text(1000), "job.json")).not.toContain(WORK);
    expect(summariesOf(text(20_000), "job.json")).toEqual([WORK]);
  });

  test("services of the mesh, too", () => {
    const service = (n: number): string =>
      `service {\n name = "s${n}"\n port = "${n + 1}"\n connect {\n sidecar_service {}\n}\n}\n`;
    const text = (services: number): string =>
      jobOf(meshGroup("g").replace("task", `${repeated(services, service)}task`));
    expect(summariesOf(text(1000))).toEqual([]);
    expect(summariesOf(text(8000))).toEqual([WORK]);
  });

  test("and what JSON and split() make many values of", () => {
    const list = (items: number): string => `a = length(jsondecode("[${"1,".repeat(items)}1]"))`;
    expect(summariesOf(list(100_000))).not.toContain(WORK);
    expect(summariesOf(list(400_000))).toEqual([WORK]);
    const parts = (count: number): string => `a = length(split("", "${"x".repeat(count)}"))`;
    expect(summariesOf(parts(100_000))).not.toContain(WORK);
    expect(summariesOf(parts(400_000))).toEqual([WORK]);
  });
});

test("blocks are bounded, however they are written", () => {
  const services = (service: string): string => groupText(service.repeat(40_000));
  expect(summariesOf(services("service {}\n"))).toEqual([WORK]);
  expect(summariesOf(`{"job":{"j":{"group":{"g":{"service":[${"{},".repeat(40_000)}{}]}}}}}`, "job.json")).toEqual([
    WORK,
  ]);
  const dynamic = (type: string, content: string): string =>
    `dynamic "${type}" {\n for_each = range(1000)\n content {\n ${content} }\n}\n`;
  expect(summariesOf(groupText(dynamic("service", dynamic("check", ""))))).toContain(WORK);
});

describe("what is gathered is bounded", () => {
  test("tokens: a file of a quarter million is read, of one more refused", () => {
    const lines = (count: number): string => "\n".repeat(count);
    expect(summariesOf(lines(249_999))).toEqual(["There is no job in this file"]);
    expect(summariesOf(lines(250_000))).toEqual(["The file has more parts than any job needs"]);
    expect(summariesOf(`a: "${"${1}".repeat(100_000)}"`, "job.yaml").join()).toContain("more parts than any job needs");
  });

  test("problems: reading ends after a thousand, and the first fifty are told", () => {
    let read = 0;
    const problems = new Problems();
    const result = problems.upTo(() => {
      for (; read < 5000; read++) {
        problems.warn({ start: read, end: read }, "odd");
        problems.add({ start: read, end: read }, "wrong");
      }
      return "all";
    });
    expect({ read, result }).toEqual({ read: 1000, result: undefined });
    const told = problems.diagnostics(new SourceText("job.hcl", " ".repeat(5000)));
    expect(told.map(({ severity, column }) => `${severity} ${column}`)).toEqual(
      Array.from({ length: 50 }, (_, at) => `error ${at + 1}`),
    );
  });

  test("warnings: any number of them stops nothing", () => {
    const problems = new Problems();
    const warnAll = (): string => {
      for (let at = 0; at < 5000; at++) problems.warn({ start: at, end: at }, "odd");
      return "all";
    };
    expect(problems.upTo(warnAll)).toBe("all");
    expect(problems.any).toBe(false);
  });

  test("sentences: a name in one can be as long as the file, the sentence not", () => {
    const [summary = ""] = summariesOf(`${"é".repeat(100_000)} = 1`);
    expect(summary).toMatch(/^There is no argument "é+…$/);
    expect(summary.length).toBeLessThan(600);
  });
});

/** Odd, but nothing is wrong with it. */
const ACCEPTED: ReadonlySet<string> = new Set(["variables of the environment"]);

describe("a hostile file of this kind is refused, and whatever reads it goes on living:", () => {
  test.each(hostileFiles(50_000).map((each) => [each.name, each] as const))("%s", (name, { file, text }) => {
    const written = text();
    const { job, diagnostics } = parseJobFile(file, written);
    expect(job !== undefined).toBe(ACCEPTED.has(name));
    expect(job === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
    expect(diagnostics.length).toBeLessThanOrEqual(50);
    for (const diagnostic of diagnostics) expect(formatDiagnostic(diagnostic).length).toBeLessThan(5000);
    const formatted = formatHcl(file, written);
    if (formatted.ok) expect(formatHcl(file, formatted.text)).toEqual(formatted);
    else expect(formatted.diagnostics).not.toEqual([]);
  });
});

const FILES = ["job.hcl", "job.yaml", "job.json"];
const SAMPLES = [
  ...DOCUMENTS,
  ...SNIPPETS,
  groupText("service {}"),
  "job:\n  j: {group: {g: {task: {}}}}\n",
  '{"job": {"j": {}}}',
];

const mutants = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.nat(), fc.nat(4), fc.string({ unit: "binary", maxLength: 3 }))
  .map(([text, at, cut, splice]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + splice + text.slice(place + cut);
  });

const texts = fc.oneof(mutants, fc.string({ unit: "binary" }), fc.string(), fc.json());

test("whatever the text: no throw, a job or an error, and every place lies in the text", () => {
  const property = fc.property(fc.constantFrom(...FILES), texts, (file, text) => {
    const { job, diagnostics } = parseJobFile(file, text);
    const lines = text.split("\n");
    expect(job === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
    for (const diagnostic of diagnostics) {
      const line = lines[diagnostic.line - 1];
      expect(line).toBeDefined();
      expect(diagnostic.column).toBeGreaterThanOrEqual(1);
      expect(diagnostic.column).toBeLessThanOrEqual(Array.from(line ?? "").length + 1);
      expect(formatDiagnostic(diagnostic)).toContain(`${file}:${diagnostic.line}:${diagnostic.column}: `);
    }
  });
  fc.assert(property, { seed: 1, numRuns: 5000 });
});
