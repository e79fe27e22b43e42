/** Slips of syntax that everybody makes: the message says what was forgotten, and where it probably was. */
import { describe, expect, test } from "vitest";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { insteadOf } from "../../../src/jobspec/hcl/missing-functions.ts";
import { FUNCTIONS } from "../../../src/jobspec/functions/table.ts";
import { errorsOf, evaluated, summariesOf } from "./support.ts";

function lines(...parts: string[]): string {
  return `${parts.join("\n")}\n`;
}

describe("a block that is not closed", () => {
  const WHERE = ["job.nomad.hcl:1:9: This block is not closed", '  job "j" {', "          ^", '  A "}" is missing'];
  const SENTENCE = "By the indentation it is this block that is not closed";

  test("is looked for by the indentation: before the brace of an outer one", () => {
    const text = lines('job "j" {', '  group "g" {', "    network {", "      port = 1", "  }", "}");
    expect(errorsOf(text)).toBe(
      [...WHERE, `  job.nomad.hcl:3:13: ${SENTENCE}`, "        network {", "                ^"].join("\n"),
    );
  });

  test("and before what stands beside it", () => {
    const block = lines('job "j" {', '  group "g" {', "    x {", "      a = 1", "    count = 2", "  }", "}");
    expect(errorsOf(block)).toBe(
      [...WHERE, `  job.nomad.hcl:3:7: ${SENTENCE}`, "        x {", "          ^"].join("\n"),
    );
  });

  test("is only that where the last brace is missing, or nothing is indented", () => {
    expect(errorsOf(lines('job "j" {', '  group "g" {', "  }"))).toBe(WHERE.join("\n"));
    expect(errorsOf(lines('job "j" {', "  x = <<E", "y {", "E", "  z {", "  }"))).toBe(WHERE.join("\n"));
  });
});

test("a brace too many closes nothing", () => {
  expect(errorsOf('a {\n}\n}\nb = "${}"\n')).toContain(
    lines(
      "job.nomad.hcl:3:1: This brace closes nothing",
      "  }",
      "  ^",
      "  Take it out, or look for a brace before it that closes its block too early",
    ),
  );
});

test("the = that is forgotten before a text", () => {
  expect(errorsOf('job "j" {\n  mode "bridge"\n}\n')).toBe(
    lines(
      "job.nomad.hcl:2:16: A label in quotes or an opening brace is expected here",
      '    mode "bridge"',
      "                 ^",
      '  Write mode = VALUE to set an argument; a block has its "{" in the same line',
    ).trimEnd(),
  );
});

test("a heredoc that is not closed does not move the errors around it", () => {
  expect(summariesOf('job "j" {\n  a = 1 2\n  b = <<E\n  x\n}\n')).toEqual([
    "A new line is expected after the argument",
    "The heredoc is not closed",
  ]);
});

describe("in YAML and JSON", () => {
  test.each([
    ['a: "${upper("x")}"\n', "1:14"],
    ['a:\n  b: "x-${upper( "x")}"\n', "2:19"],
  ])("quotes in the template of a string in double quotes: %j", (text, place) => {
    const told = errorsOf(text, "job.yaml").split("\n");
    expect(told[0]).toBe(`job.yaml:${place}: The string ends at the quote before this, inside of \${ … }`);
    expect(told[3]).toBe("  Write single quotes around it: '${upper(\"x\")}'");
  });

  test("a line of any length is looked at no longer than others", () => {
    const [summary] = summariesOf(`a: "${"${".repeat(100_000)}"x"\n`, "job.yaml");
    expect(summary).toBe("This does not belong to what stands before it");
  }, 2000);

  test("a comma after the last of a list or an object", () => {
    expect(errorsOf('{"a": [1, ]}', "job.json")).toBe(
      'job.json:1:9: No comma can stand before the closing ]\n  {"a": [1, ]}\n          ^\n  Take it out',
    );
  });
});

describe("a function of another tool", () => {
  test("is refused with what there is instead", () => {
    expect(errorsOf('locals {\n  x = toset(["a"])\n}\njob "j" {}\n').split("\n").slice(0, 4)).toEqual([
      "job.nomad.hcl:2:7: There is no function toset()",
      '    x = toset(["a"])',
      "        ^",
      "  Write convert(x, set(string))",
    ]);
  });

  test.each([
    ["tolist", "Write convert(x, list(string))"],
    ["tomap", "Write convert(x, map(string))"],
    ["tonumber", "Write convert(x, number)"],
    ["tostring", "Write convert(x, string)"],
    ["regex", 'regex_replace(text, "^v(.*)$", "$1") takes a part out of a text'],
    ["timestamp", "A job file does not know the time: it means the same whenever it is read"],
    ["templatefile", "file(PATH) gives a text as it is; a heredoc (<<EOT) is a template"],
    ["constructor", undefined],
    ["uper", 'Did you mean "upper"?'],
  ])("%s()", (name, advice) => {
    const { diagnostics } = parseJobFile("job.hcl", `locals {\n  x = ${name}("a")\n}\njob "j" {}\n`);
    expect(diagnostics[0]).toMatchObject({ summary: `There is no function ${name}()` });
    expect(diagnostics[0]?.detail).toBe(advice);
  });

  test.each([
    ['length(split("", "abc"))', 3],
    ['regex_replace("v1.2", "^v(.*)$", "$1")', "1.2"],
    ['substr("vx", 0, 1) == "v"', true],
    ["[for x in [1, 2] : x if !contains([2], x)]", [1]],
    ['convert(["a", "a"], set(string))', ["a"]],
  ])("what is advised works: %s", (text, value) => {
    expect(evaluated(text)).toEqual(value);
  });

  test("none that exists is said to be missing", () => {
    for (const name of [...FUNCTIONS.keys(), "try", "can", "convert"]) expect(insteadOf(name)).toBeUndefined();
  });
});
