/** Job files in YAML and JSON: how maps become blocks, and that errors have their place. */
import { describe, expect, test } from "vitest";
import { errorsOf, groupText, jobOf, taskOf } from "./support.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";

function yaml(group: string): string {
  return `job:\n  j:\n    datacenters: [dc1]\n    group:\n      g:\n${indented(group, 8)}`;
}

function indented(text: string, by: number): string {
  return text
    .split("\n")
    .map((line) => `${" ".repeat(by)}${line}\n`)
    .join("");
}

const TASK = "task: {t: {driver: docker, config: {image: i}}}";

describe("YAML", () => {
  test("says the same as HCL: labels are keys, a block is a map, repeated blocks are a list", () => {
    const text = yaml(
      [
        "network:",
        "  mode: bridge",
        "  port: {http: {to: 80}, db: {}}",
        "service:",
        "  - {name: a, port: http}",
        "  - name: b",
        "    port: 9001",
        "    connect:",
        "      sidecar_service:",
        "        proxy:",
        "          upstreams: {destination_name: x, local_bind_port: 1}",
        "          config: {limits: {max: 5}}",
        TASK,
      ].join("\n"),
    );
    const hcl = groupText(`
      network {
        mode = "bridge"
        port "http" { to = 80 }
        port "db" {}
      }
      service {
        name = "a"
        port = "http"
      }
      service {
        name = "b"
        port = "9001"
        connect {
          sidecar_service {
            proxy {
              upstreams {
                destination_name = "x"
                local_bind_port  = 1
              }
              config {
                limits { max = 5 }
              }
            }
          }
        }
      }`);
    expect(jobOf(text, "job.yaml")).toEqual(jobOf(hcl));
  });

  test("a list of maps of labels is as good as one map", () => {
    const list = yaml(
      "task:\n  - t: {driver: docker, config: {image: i}}\n  - u: [{driver: docker, config: [{image: i}]}]",
    );
    expect(jobOf(list, "job.yml").groups[0]?.tasks.map(({ name }) => name)).toEqual(["t", "u"]);
  });

  test("groups stay in the order of the file", () => {
    const groups = ["b", "a", "10", "2"].map((name) => `      "${name}": {${TASK}}\n`).join("");
    const text = `job:\n  j:\n    datacenters: [dc1]\n    group:\n${groups}`;
    expect(jobOf(text, "job.yaml").groups.map(({ name }) => name)).toEqual(["b", "a", "10", "2"]);
  });

  test("text is filled with what was written, and yes is a word", () => {
    const text = yaml(TASK.replace("{driver", "{env: {V: 1.10, H: 0x10, Y: yes, T: true, 80: x}, driver"));
    expect(taskOf2(text).env).toEqual({ V: "1.10", H: "0x10", Y: "yes", T: "true", "80": "x" });
  });

  test("strings are templates, as in HCL", () => {
    const env = 'A: "http://${NOMAD_ADDR_x}", B: "$${x} ${1 + 1}", C: "${ true }"';
    const text = yaml(TASK.replace("{driver", `{env: {${env}}, driver`));
    expect(taskOf2(text).env).toEqual({ A: "http://${NOMAD_ADDR_x}", B: "${x} 2", C: "true" });
  });

  test("anchors and aliases are understood", () => {
    const text = yaml("task:\n  t: &task {driver: docker, config: {image: i}}\n  u: *task");
    expect(jobOf(text, "job.yaml").groups[0]?.tasks.map(({ name }) => name)).toEqual(["t", "u"]);
  });

  function taskOf2(text: string) {
    const task = jobOf(text, "job.yaml").groups[0]?.tasks[0];
    if (task === undefined) throw new Error("there is no task");
    return task;
  }

  test.each([
    [
      "job: [",
      "job.yaml:1:7: A ] is missing before this, or the line is not indented deeper than the key before it\n  job: [\n        ^",
    ],
    ["job:\n\tj: 1\n", "job.yaml:2:1: Tabs are not allowed as indentation\n  \tj: 1\n  ^"],
    ["a: 1\nb: 2\na: 3\n", 'job.yaml:3:1: The key "a" is set twice\n  a: 3\n  ^'],
    ["a: *b\n", 'job.yaml:1:4: There is no anchor "b" before this alias\n  a: *b\n     ^'],
    ["? [a]\n: b\n", "job.yaml:1:3: A key must be a plain name\n  ? [a]\n    ^"],
    ["a: !thing b\n", "job.yaml:1:4: Unresolved tag: !thing\n  a: !thing b\n     ^"],
    ["a: 1\n---\nb: 2\n", "job.yaml:2:1: A job file holds one YAML document, and a second one starts here\n  ---\n  ^"],
    [
      "a: .inf\n",
      "job.yaml:1:4: .inf is not a number that can be kept\n  a: .inf\n     ^\n  Write it in quotes if it is a name",
    ],
    ['a: "${x"\n', 'job.yaml:1:4: In this string: This template sequence is not closed\n  a: "${x"\n     ^'],
    ["- a\n", 'job.yaml:1:1: A job file holds a map with the key "job", not a list\n  - a\n  ^'],
    ["", "job.yaml:1:1: There is no job in this file\n  Write job: {NAME: {…}}"],
    ["job: x\n", 'job.yaml:1:6: "job" needs a map of names here, not a string\n  job: x\n       ^'],
    ["job:\n  j:\n", 'job.yaml:2:3: "job" needs a map here, not null\n    j:\n    ^\n  Write {} for an empty block'],
  ])("%j is refused with its place", (text, error) => {
    expect(errorsOf(text, "job.yaml")).toContain(error);
  });

  test("several mistakes are reported together, each at its key or value", () => {
    const text = yaml("count: many\nnetwrok: {}\nservice:\n  - {tags: x}\n" + TASK);
    expect(errorsOf(text, "job.yaml")).toBe(
      [
        'job.yaml:6:16: "count" needs a whole number, not "many"',
        "          count: many",
        "                 ^",
        'job.yaml:7:9: There is no argument "netwrok" in a group block',
        "          netwrok: {}",
        "          ^",
        '  Did you mean "network"?',
        'job.yaml:9:20: "tags" needs a list of strings, not "x"',
        "            - {tags: x}",
        "                     ^",
      ].join("\n"),
    );
  });
});

describe("JSON", () => {
  const JOB = {
    "//": "a comment, as in HCL's JSON",
    job: { j: { datacenters: ["dc1"], group: { g: { task: { t: { driver: "docker", config: [{ image: "i" }] } } } } } },
  };

  test("says the same as HCL, under its own name and under HCL's", () => {
    const text = JSON.stringify(JOB, null, 2);
    expect(jobOf(text, "job.json")).toEqual(jobOf(groupText("")));
    expect(jobOf(`\n ${text}`, "job.nomad")).toEqual(jobOf(groupText("")));
  });

  test("escapes and numbers are read as JSON has them", () => {
    const env = '{"A": "\\u00e9\\n\\"\\/", "B": -1.5e2, "C": true}';
    const text = JSON.stringify(JOB).replace('"driver"', `"env": ${env}, "driver"`);
    expect(taskOf(text.trim())).toMatchObject({ env: { A: 'é\n"/', B: "-150", C: "true" } });
  });

  test.each([
    ['{"a": 1,}', "job.json:1:8: No comma can stand before the closing }"],
    ['{"a" 1}', "job.json:1:6: A colon is expected after a key"],
    ['{"a": 1 "b": 2}', 'job.json:1:9: A comma or a "}" is expected here'],
    ["[1 2]", 'job.json:1:4: A comma or a "]" is expected here'],
    ["[1,]", "job.json:1:3: No comma can stand before the closing ]"],
    ['{"a": tru}', "job.json:1:7: A JSON value is expected here"],
    ['{"a": 01}', 'job.json:1:8: A comma or a "}" is expected here'],
    ['{"a": "\n"}', "job.json:1:7: This string is not closed, or holds what JSON does not allow"],
    ['{"a": "\\x"}', "job.json:1:7: This string is not closed, or holds what JSON does not allow"],
    ['{"a": 1, "a": 2}', 'job.json:1:10: The key "a" is set twice'],
    ['{"a": 1} 2', "job.json:1:10: The file should end after its first value"],
    ["[]", 'job.json:1:1: A job file holds a map with the key "job", not a list'],
    ['{"a": 1e999}', "job.json:1:7: The number 1e999 is too large"],
    ['{\n  "jub": {}}', 'job.json:2:3: There is no argument "jub" in a job file'],
  ])("%j is refused with its place", (text, error) => {
    expect(errorsOf(text, "job.json").split("\n")[0]).toBe(error);
  });
});

test("the extension decides the format, in either case", () => {
  expect(parseJobFile("a.YAML", "job: {}").diagnostics).not.toEqual([]);
  expect(jobOf(groupText(""), "a.NOMAD").id).toBe("j");
});
