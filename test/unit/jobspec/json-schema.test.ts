/** The JSON Schema for editors takes the files that the agent takes, and underlines keys and types that it refuses. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { readHcl } from "../../../src/jobspec/hcl/read.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { Problems } from "../../../src/jobspec/problems.ts";
import { bodyValue } from "../../../src/jobspec/schema/content.ts";
import { jobSchema } from "../../../src/jobspec/schema/json-schema.ts";
import { chooseRows, isTree, treeOf } from "../../fuzz/jobs.ts";
import { Chance } from "../../sim/random.ts";
import { run } from "../cli/run.ts";
import { fileWith, pathOf, sampleOf, spots } from "./rows.ts";
import { jobOf, plain } from "./support.ts";

const ROOT = new URL("../../../", import.meta.url);
const SHIPPED = new URL("docs/remora-job.schema.json", ROOT);
const CORPUS = new URL("corpus/", import.meta.url);
const VALIDATOR = z.fromJSONSchema(JSON.parse(JSON.stringify(jobSchema())) as Parameters<typeof z.fromJSONSchema>[0]);
const OPTIONS = { given: [], undeclared: "ignore", files: undefined, sensitive: new Set<string>() } as const;

/** What the schema says against the data of a file, by its places; nothing if it takes it. */
function complaints(data: unknown): readonly string[] {
  const { error } = VALIDATOR.safeParse(data);
  return (error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

function isTaken(text: string, file = "job.yaml"): boolean {
  return parseJobFile(file, text).job !== undefined;
}

test("the file that is shipped is the schema, which the command prints as well", async () => {
  const { stdout } = await run(["schema"]);
  expect(JSON.parse(stdout)).toEqual(jobSchema());
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(SHIPPED, stdout);
  else expect(readFileSync(SHIPPED, "utf8")).toBe(stdout);
});

test("every reference in it leads to a definition", () => {
  const text = JSON.stringify(jobSchema());
  const referred = [...text.matchAll(/"#\/definitions\/([^"]*)"/g)].map(([, name]) => name);
  expect(Object.keys(Object(jobSchema()["definitions"]))).toEqual(expect.arrayContaining(referred));
});

test("the YAML example names the schema by the path that leads to it, and fits it", () => {
  const example = new URL("examples/countdash-yaml/countdash.yaml", ROOT);
  const text = readFileSync(example, "utf8");
  const [, path = ""] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
  expect(new URL(path, example).href).toBe(SHIPPED.href);
  expect(complaints(parse(text))).toEqual([]);
});

describe("a job of the corpus, written as YAML, is the same job and fits the schema", () => {
  test.each(readdirSync(CORPUS).filter((name) => name.endsWith(".hcl")))("%s", (name) => {
    const text = readFileSync(new URL(name, CORPUS), "utf8");
    const { body } = readHcl(text, new Problems(), OPTIONS) ?? {};
    if (body === undefined) throw new Error("it cannot be read");
    const data = plain(bodyValue(body, { start: 0, end: 0 }));
    expect(jobOf(stringify(data), "job.yaml")).toEqual(jobOf(text));
    expect(complaints(data)).toEqual([]);
  });
});

describe("a row of the table", () => {
  const rows = spots().map((spot) => [pathOf(spot), spot] as const);
  const fields = rows.filter(([, { row }]) => row.kind === "field" && row.support?.state !== "refused");
  const blocks = rows.filter(([, { row }]) => row.kind === "block" && row.support?.state !== "refused");

  test("that the agent takes fits, and one that it refuses whatever is in it does not", () => {
    const wrong = rows.filter(([, spot]) => {
      const text = fileWith(spot, sampleOf(spot));
      return (complaints(JSON.parse(text)).length === 0) !== isTaken(text, "job.json");
    });
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  test.each([[true], [["x"]], [[["x"]]], [{ a: "x" }], [null], [1.5], [7], ["x"], [""], ["7s"], ["1"], [[]], [{}]])(
    "does not fit with %j where the agent finds that a wrong type",
    (value) => {
      const wrong = fields.filter(([, spot]) => {
        const text = fileWith(spot, value);
        const { diagnostics } = parseJobFile("job.json", text);
        const mismatch = diagnostics.some(
          ({ severity, summary }) => severity === "error" && /^(?:\w+ )?"[^"]+" needs /.test(summary),
        );
        return mismatch === (complaints(JSON.parse(text)).length === 0) && (mismatch || isTaken(text, "job.json"));
      });
      expect(wrong.map(([path]) => path)).toEqual([]);
    },
  );

  test("does not fit with an unknown key in its block", () => {
    const wrong = blocks.filter(([, spot]) => {
      const sample = sampleOf(spot);
      const text = fileWith(spot, { ...(isTree(sample) ? sample : {}), tpyo: 1 });
      return complaints(JSON.parse(text)).length === 0;
    });
    expect(wrong.map(([path]) => path)).toEqual([]);
  });
});

test("a random job that the agent takes fits", () => {
  let taken = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const data = treeOf(chooseRows(new Chance(seed)));
    if (!isTaken(stringify(data))) continue;
    taken++;
    expect(complaints(data), `seed ${seed}`).toEqual([]);
  }
  expect(taken).toBeGreaterThan(20);
});

const TASK = "task: {t: {driver: docker, config: {image: i}}}";

function yaml(group: string, top = ""): string {
  const lines = group.split("\n").map((line) => `        ${line}\n`);
  return `${top}job:\n  j:\n    datacenters: [dc1]\n    group:\n      g:\n${lines.join("")}        ${TASK}\n`;
}

describe("what the agent takes fits", () => {
  test.each([
    ["a comment", yaml('"//": a comment')],
    ["a number in quotes", yaml('count: "2"')],
    ["a duration of nanoseconds", yaml("shutdown_delay: 1000000000")],
    ["a number that is a template", yaml('count: "${1 + 1}"')],
    ["a list of one map", yaml("meta: [{a: 1}]")],
    ["a list that is a template", yaml('service: {name: a, port: "1", tags: "${[1]}"}')],
    ["a map that is a template", yaml("meta: ${local.m}", "locals: {m: {a: b}}\n")],
    ["one service, without a list", yaml("service: {name: a, port: 9001}")],
    ["numbers and true as texts", yaml("meta: {a: 1, b: true, c: 1.10}")],
    ["nothing, where it means not given", yaml("meta:\ncount:")],
    [
      "variables with all they can have",
      yaml(
        "count: ${var.n}",
        'variable:\n  n: {type: number, default: 2, description: d, sensitive: false, validation: {condition: "${var.n > 1}", error_message: More.}}\n' +
          "variables: {a: 1}\nlocals: {b: [x]}\n",
      ),
    ],
    [
      "dynamic blocks",
      yaml(
        'network:\n  mode: bridge\n  dynamic:\n    port:\n      for_each: [a, b]\n      iterator: p\n      labels: ["${p.value}"]\n      content: {to: 80}\n' +
          'dynamic: {service: {for_each: "${[1]}", content: {name: "n${service.value}", port: 9001}}}',
      ),
    ],
    [
      "a script check, which has no effect",
      yaml("service: {port: 1, check: {type: script, command: /c, task: t, interval: 1s, timeout: 1s}}"),
    ],
    [
      "a type of a check in capitals",
      yaml("service: {port: 1, check: {type: Http, path: /, interval: 1s, timeout: 1s}}"),
    ],
  ])("%s", (_name, text) => {
    jobOf(text, "job.yaml");
    expect(complaints(parse(text))).toEqual([]);
  });
});

describe("what the agent refuses does not fit", () => {
  test.each([
    ["a misspelt key of the file", `jub: {}\n${yaml("count: 1")}`],
    ["a misspelt key of a group", yaml("netwrok: {}")],
    ["a misspelt key of a variable", yaml("count: 1", "variable: {n: {defualt: 1}}\n")],
    ["a misspelt key of a dynamic block", yaml("dynamic: {service: {foreach: [1], content: {port: 1}}}")],
    ["a word for a number", yaml("count: many")],
    ["a fraction for a whole number", yaml("count: 1.5")],
    [
      "yes for true",
      yaml("task: {u: {leader: yes, driver: docker, config: {image: i}}}").replace(`        ${TASK}\n`, ""),
    ],
    ["a duration without a unit", yaml('shutdown_delay: "30"')],
    ["a text for a list", yaml("service: {port: 1, tags: x}")],
    ["a list for a text", yaml("service: {port: [1]}")],
    ["a text for a map", yaml("meta: x")],
    ["a map in a map of texts", yaml("meta: {a: {b: c}}")],
    ["a text for a block", yaml("network: bridge")],
    ["an empty block without {}", yaml("service: {port: 1, connect: {sidecar_service: }}")],
    ["a group without a name", yaml("count: 1").replace("    group:\n      g:\n", "    group:\n")],
    ["a mode that does not exist", yaml("network: {mode: brigde}")],
    ["another driver", yaml("count: 1").replace("docker", "exec")],
    ["a batch job", yaml("count: 1").replace("    group:", "    type: batch\n    group:")],
    ["a block that is refused", yaml("count: 1").replace("    group:", "    periodic: {}\n    group:")],
    ["a field that is refused", yaml("service: {port: 1, address: 10.0.0.1}")],
    ["a field of a later Nomad", yaml("disconnect: {}")],
    ["two jobs", `${yaml("count: 1")}  k: {}\n`],
    ["no job", "locals: {a: 1}\n"],
    ["a list", "- job\n"],
    ["a scaling block without max", yaml("scaling: {min: 1}")],
  ])("%s", (_name, text) => {
    expect(isTaken(text)).toBe(false);
    expect(complaints(parse(text))).not.toEqual([]);
  });
});

test("what a key means, and that it has no effect, is told where an editor shows it", () => {
  const { definitions } = JSON.parse(JSON.stringify(jobSchema())) as {
    definitions: Record<string, { properties: Record<string, Record<string, unknown>> }>;
  };
  const job = definitions["job"]?.properties;
  expect(job?.["priority"]).toEqual({
    description: "1 to 100. No effect: Every job is run, so none goes before another.",
    $ref: "#/definitions/integer-or-null",
    default: 50,
  });
  expect(job?.["update"]?.["description"]).toMatch(/^How a new version .*\. No effect yet: /);
  expect(job?.["periodic"]?.["deprecationMessage"]).toMatch(/^A periodic job cannot be run\. /);
});
