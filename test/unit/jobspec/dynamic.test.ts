/** Dynamic blocks: one block for each item, before anybody looks at the file. */
import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../../../src/jobspec/format.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { first, groupText, jobText, summariesOf } from "./support.ts";

const TASK = 'task "t" {\n driver = "docker"\n config {\n image = "i"\n }\n}';

function groupsOf(dynamic: string): unknown {
  const { job, diagnostics } = parseJobFile("job.hcl", `job "j" {\n datacenters = ["dc1"]\n ${dynamic}\n}`);
  if (job === undefined) throw new Error(diagnostics.map(formatDiagnostic).join("\n"));
  return job.groups.map(({ name, count, meta }) => [name, count, meta["m"]]);
}

describe("a dynamic block", () => {
  const group = (collection: string, name: string, more = "") =>
    `dynamic "group" {\n for_each = ${collection}\n labels = [${name}]\n ${more}\n content {\n count = 1\n meta {\n m = group.value\n }\n ${TASK}\n }\n}`;

  test.each([
    [
      "a list",
      '["x", "y"]',
      '"g${group.key}"',
      [
        ["g0", 1, "x"],
        ["g1", 1, "y"],
      ],
    ],
    [
      "a map, by its keys in order",
      '{ b = "x", a = "y" }',
      "group.key",
      [
        ["a", 1, "y"],
        ["b", 1, "x"],
      ],
    ],
    [
      "a set, whose items are their own keys",
      'convert(["y", "x", "y"], set(string))',
      "group.key",
      [
        ["x", 1, "x"],
        ["y", 1, "y"],
      ],
    ],
    [
      "what a for makes",
      '[for x in ["a", "b"] : upper(x)]',
      "group.value",
      [
        ["A", 1, "A"],
        ["B", 1, "B"],
      ],
    ],
  ])("repeats over %s", (_, collection, name, groups) => {
    expect(groupsOf(group(collection, name))).toEqual(groups);
  });

  test("names its iterator, and sees those around it", () => {
    const text = `dynamic "group" {
      for_each = ["a", "b"]
      iterator = outer
      labels   = [outer.value]
      content {
        dynamic "task" {
          for_each = [1, 2]
          labels   = ["\${outer.value}\${task.value}"]
          content {
            driver = "docker"
            config {
              image = "i"
            }
            dynamic "env" {
              for_each = { K = outer.key }
              content {
                A = "\${env.key}=\${env.value} \${task.key} \${NOMAD_TASK_NAME}"
              }
            }
          }
        }
      }
    }`;
    const { job } = parseJobFile("job.hcl", `job "j" {\n datacenters = ["dc1"]\n ${text}\n}`);
    expect(job?.groups.map(({ tasks }) => tasks.map(({ name, env }) => [name, env["A"]]))).toEqual([
      [
        ["a1", "K=0 0 ${NOMAD_TASK_NAME}"],
        ["a2", "K=0 1 ${NOMAD_TASK_NAME}"],
      ],
      [
        ["b1", "K=1 0 ${NOMAD_TASK_NAME}"],
        ["b2", "K=1 1 ${NOMAD_TASK_NAME}"],
      ],
    ]);
  });

  test("of nothing is nothing, and stands in any block of a job", () => {
    const text = groupText('dynamic "service" {\n for_each = []\n content {\n name = "x"\n }\n}');
    expect(first(parseJobFile("job.hcl", text).job?.groups ?? []).services).toEqual([]);
    const config =
      'task "t" {\n driver = "docker"\n config {\n image = "i"\n dynamic "labels" {\n for_each = ["v"]\n content {\n a = labels.value\n }\n }\n }\n}';
    const group = first(parseJobFile("job.hcl", jobText(config)).job?.groups ?? []);
    expect(first(group.tasks).config.labels).toEqual({ a: "v" });
  });

  const service = (inside: string) => groupText(`dynamic "service" {\n${inside}\n}`);
  test.each([
    ["content {}", "A dynamic block needs for_each"],
    ["for_each = [1]", "A dynamic block needs content"],
    ["for_each = [1]\ncontent {}\ncontent {}", "There can be only one content block here"],
    ["for_each = [1]\ncontent {}\nservice {}", 'There is no block "service" in a dynamic block'],
    ["for_each = [1]\nfor_eahc = 1\ncontent {}", 'There is no argument "for_eahc" in a dynamic block'],
    ["for_each = null\ncontent {}", "for_each needs a list, a set or a map, not null"],
    ["for_each = NOMAD_X\ncontent {}", "for_each needs a list, a set or a map, not a string"],
    ['for_each = [1]\niterator = "x"\ncontent {}', "The iterator is a plain word"],
    ["for_each = [1]\nlabels = concat([])\ncontent {}", "The labels stand in brackets"],
    ["for_each = [1]\nlabels = [null]\ncontent {}", "A label must be a string, not null"],
    ["for_each = [1]\ncontent {\n name = service.vlaue\n}", 'There is no "vlaue" in this map'],
    ["for_each = [1]\ncontent {\n nmae = 1\n}", 'There is no argument "nmae" in a service block'],
  ])("with %j is refused, once", (inside, summary) => {
    expect(summariesOf(service(inside))).toEqual([summary]);
  });

  test("in a dynamic block in a dynamic block is refused before it takes long", () => {
    const nested = (levels: number): string =>
      levels === 0
        ? ""
        : `dynamic "service" {\n for_each = [1, 2, 3, 4, 5, 6, 7, 8]\n content {\n${nested(levels - 1)}\n}\n}`;
    expect(summariesOf(groupText(nested(40)))).toContain("Reading this file takes more work than any job needs");
    const deep = 'dynamic "a" {\n for_each = [1]\n content {\n';
    expect(summariesOf(groupText(`${deep.repeat(150)}${"}\n}\n".repeat(150)}`)).join()).toMatch(
      /deeper than|There is no block/,
    );
  });
});

describe("locals that double", () => {
  test.each([
    ["texts", (n: number) => `a${n} = "\${local.a${n - 1}}\${local.a${n - 1}}"`, 'a0 = "x"'],
    ["lists", (n: number) => `a${n} = [local.a${n - 1}, local.a${n - 1}]`, "a0 = [1]"],
    [
      "conditionals",
      (n: number) => `a${n} = true ? [local.a${n - 1}, local.a${n - 1}] : [local.a${n - 1}, local.a${n - 1}]`,
      "a0 = [1]",
    ],
  ])("as %s are refused", (_, line, start) => {
    const lines = Array.from({ length: 300 }, (__, n) => line(n + 1));
    expect(summariesOf(`locals {\n${[start, ...lines].join("\n")}\n}\n${jobText(TASK)}`).join()).toMatch(
      /takes more work|deeper than/,
    );
  });

  test("as a chain in the wrong order do not exhaust the stack", () => {
    const lines = Array.from({ length: 5000 }, (_, n) => `a${n} = local.a${n + 1}`);
    const summaries = summariesOf(`locals {\n${lines.join("\n")}\na5000 = 1\n}\n${jobText(TASK)}`);
    expect(new Set(summaries)).toEqual(new Set(["Nesting is deeper than 200 levels"]));
  });
});
