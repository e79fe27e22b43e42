/** After a syntax error the parser reads on: each mistake is told, and none that is only the consequence of another. */
import { describe, expect, test } from "vitest";
import { parseJobFile } from "../../../src/jobspec/parse.ts";

/** Line and sentence of each diagnostic. */
function told(...lines: string[]): (readonly [number, string])[] {
  const { diagnostics } = parseJobFile("job.hcl", `${lines.join("\n")}\n`);
  return diagnostics.map(({ line, summary }) => [line, summary]);
}

function job(...inside: string[]): string[] {
  return ['job "j" {', '  datacenters = ["dc1"]', ...inside, "}"];
}

describe("several mistakes in one file", () => {
  test("of syntax and of meaning are told together", () => {
    const found = told(
      ...job(
        '  name = "x" 5',
        '  group "g" {',
        "    count = [1",
        "    conut = 1",
        '    task "t" {',
        '      driver = "docker',
        "      config {",
        '        image = "i"',
        "      }",
        "      user = 'me'",
        '      leader = "maybe"',
        "    }",
        '    network { port "x" {} }',
        "  }",
      ),
    );
    expect(found).toEqual([
      [3, "A new line is expected after the argument"],
      [6, "A comma or a closing bracket is expected here"],
      [6, 'There is no argument "conut" in a group block'],
      [8, "The string is not closed"],
      [12, 'The character "\'" has no meaning here'],
      [13, '"leader" needs true or false, not "maybe"'],
      [15, "A block on one line can hold a single argument only"],
    ]);
  });

  test.each([
    [
      "an unclosed bracket",
      ["a = [1,", "  2", "b = 3", "c = 4 4"],
      [
        [3, "A comma or a closing bracket is expected here"],
        [4, "A new line is expected after the argument"],
      ],
    ],
    [
      "an unclosed brace",
      ["a = {", "  x = 1", "b {}", "c = 4 4"],
      [
        [3, "An = or a : between a key and its value is expected here"],
        [4, "A new line is expected after the argument"],
      ],
    ],
    [
      "an unclosed call",
      ["a = f(1,", "b {}", "c = 4 4"],
      [
        [2, "A comma is expected between the arguments of a function"],
        [3, "A new line is expected after the argument"],
      ],
    ],
    [
      "an unclosed sequence",
      ['a = "${x', "b {}", "c = 4 4"],
      [
        [2, "The template sequence should end here"],
        [3, "A new line is expected after the argument"],
      ],
    ],
    [
      "a broken heredoc",
      ["a = <<E", "${1 +}", "b = '", "E", "c = 4 4"],
      [
        [2, "A value is expected here"],
        [5, "A new line is expected after the argument"],
      ],
    ],
    [
      "several lines in brackets",
      ["a = [", "  1 2,", "  3 4,", "]", "c = 4 4"],
      [
        [2, "A comma or a closing bracket is expected here"],
        [5, "A new line is expected after the argument"],
      ],
    ],
    [
      "a brace too many",
      ["a = 1 1", "}", "c = 4 4"],
      [
        [1, "A new line is expected after the argument"],
        [3, "A new line is expected after the argument"],
      ],
    ],
    [
      "a comment without end",
      ["a = 1 1", "/* b = ", "c = 4 4"],
      [
        [1, "A new line is expected after the argument"],
        [2, "The comment is not closed"],
      ],
    ],
    [
      "a block without end",
      ["a = 1 1", "b {", "  c = 4 4"],
      [
        [1, "A new line is expected after the argument"],
        [3, "A new line is expected after the argument"],
      ],
    ],
  ])("after %s only real mistakes are told", (_, lines, expected) => {
    const syntax = told(...lines).filter(([, summary]) => !/^There is no (argument|block|job)/.test(summary));
    expect(syntax).toEqual(expected);
  });

  test("a block without end alone is told once, at the outermost one that is open", () => {
    expect(told(...job('  group "g" {').slice(0, -1))).toEqual([[3, "This block is not closed"]]);
  });

  test("fifty are enough", () => {
    expect(told(...Array.from({ length: 200 }, () => "a = 1 1"))).toHaveLength(50);
  });
});

describe("where two definitions collide, both are shown", () => {
  test.each([
    ["an argument", job("  priority = 1", "  priority = 2"), 'The argument "priority" is set twice', 4, 3],
    ["a group", job('  group "g" {}', '  group "g" {}'), 'There is another group "g"', 4, 3],
    [
      "a task",
      job('  group "g" {', '    task "t" {}', '    task "t" {}', "  }"),
      'There is another task "t" in this group',
      5,
      4,
    ],
    [
      "a port",
      job('  group "g" {', "    network {", '      port "p" {}', '      port "p" {}', "    }", "  }"),
      'There is another port "p" in this group',
      6,
      5,
    ],
    [
      "a block that stands alone",
      job('  group "g" {', "    restart {}", "    restart {}", "  }"),
      "There can be only one restart block here",
      5,
      4,
    ],
    [
      "a service",
      job('  group "g" {', '    service { name = "s" }', '    service { name = "s" }', "  }"),
      'There is another service "s" with the same port',
      5,
      4,
    ],
  ])("%s", (_, lines, summary, line, related) => {
    const { diagnostics } = parseJobFile("job.hcl", `${lines.join("\n")}\n`);
    const found = diagnostics.find((diagnostic) => diagnostic.summary === summary);
    expect(found).toMatchObject({ line, related: { line: related } });
  });

  test("a key of an object is only warned of, because HCL takes the last", () => {
    const { diagnostics } = parseJobFile("job.hcl", job("  meta = {", "    a = 1", "    a = 2", "  }").join("\n"));
    expect(diagnostics.find(({ severity }) => severity === "warning")).toMatchObject({
      severity: "warning",
      summary: 'The key "a" is set twice, and only the last one counts',
      line: 5,
      related: { line: 4 },
    });
  });
});
