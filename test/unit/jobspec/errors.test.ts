/** What people see when a job file is wrong: place, sentence, line, caret, and what to do. */
import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../../../src/jobspec/format.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { errorsOf, summariesOf, groupText, jobText, serviceText } from "./support.ts";

function lines(...parts: string[]): string {
  return parts.join("\n");
}

describe("syntax errors", () => {
  test.each([
    [
      'job "a {\n}\n',
      'job.nomad.hcl:1:9: The string is not closed\n  job "a {\n          ^\n  A closing quote (") is missing; write \\n for a line end inside quotes, or a heredoc ("<<EOT") for a text of several lines',
    ],
    [
      'job "a" {\n  name = 1 y = 2\n}\n',
      "job.nomad.hcl:2:12: A new line is expected after the argument\n    name = 1 y = 2\n             ^\n  Each argument and block has lines of its own",
    ],
    ['job "a" {\n', 'job.nomad.hcl:1:9: This block is not closed\n  job "a" {\n          ^\n  A "}" is missing'],
    [
      "job 'a' {}",
      "job.nomad.hcl:1:5: The character \"'\" has no meaning here\n  job 'a' {}\n      ^\n  Strings are written in double quotes (\")",
    ],
    ["a = [1 2]", "job.nomad.hcl:1:8: A comma or a closing bracket is expected here\n  a = [1 2]\n         ^"],
    ["a = [1,", "job.nomad.hcl:1:8: A value is expected here, but the file ends\n  a = [1,\n         ^"],
    [
      "a = {b = 1 c = 2}",
      "job.nomad.hcl:1:12: A comma, a new line or a closing brace is expected here\n  a = {b = 1 c = 2}\n             ^",
    ],
    [
      'a = "\\q"',
      'job.nomad.hcl:1:6: There is no escape \\q\n  a = "\\q"\n       ^\n  Known are \\n \\r \\t \\" \\\\ \\uNNNN and \\UNNNNNNNN',
    ],
    [
      "a = <<E\nx\n",
      'job.nomad.hcl:1:5: The heredoc is not closed\n  a = <<E\n      ^\n  A line with "E" alone, and a line end after it, is missing',
    ],
    [
      'a = "${b c}"',
      'job.nomad.hcl:1:10: The template sequence should end here\n  a = "${b c}"\n           ^\n  Write $${ for a literal ${, and %%{ for %{',
    ],
    ['a = "${b\n"', 'job.nomad.hcl:1:6: This template sequence is not closed\n  a = "${b\n       ^'],
    ["a = f(1,\n  2\n", 'job.nomad.hcl:1:6: This call of "f" is not closed\n  a = f(1,\n       ^'],
    ["a = f(b... 1)", "job.nomad.hcl:1:8: Nothing can follow an argument with ...\n  a = f(b... 1)\n         ^"],
    ["a = {\n  b", 'job.nomad.hcl:1:5: This "{" is not closed\n  a = {\n      ^'],
    ["a = (b.\n)", "job.nomad.hcl:1:7: A name is expected after the dot\n  a = (b.\n        ^"],
    [
      "a = {for b in c : d}",
      'job.nomad.hcl:1:19: A "for" that builds an object needs KEY => VALUE\n  a = {for b in c : d}\n                    ^',
    ],
    ['a = "%{ if b }x"', 'job.nomad.hcl:1:6: This "if" directive has no "endif"\n  a = "%{ if b }x"\n       ^'],
    [
      "a { b = 1, c = 2 }",
      'job.nomad.hcl:1:10: A block on one line ends after its only argument\n  a { b = 1, c = 2 }\n           ^\n  Write each argument on a line of its own, between "a {" and "}"',
    ],
    [
      "job { connect { sidecar_service {} } }",
      'job.nomad.hcl:1:15: A block on one line can hold a single argument only\n  job { connect { sidecar_service {} } }\n                ^\n  Write connect { … } on a line of its own, between "job {" and "}"',
    ],
    ["a = /* x", 'job.nomad.hcl:1:5: The comment is not closed\n  a = /* x\n      ^\n  A closing "*/" is missing'],
    [
      "a",
      'job.nomad.hcl:1:1: "a" is neither an argument nor a block as it stands\n  a\n  ^\n  Write a = VALUE to set an argument, or a { … } for a block',
    ],
  ])("in %j", (text, expected) => {
    expect(errorsOf(text)).toBe(expected);
  });
});

test("what a broken expression had already read tells no second error", () => {
  expect(summariesOf("a = [\nfor b\n")).toEqual(['The word "in" is expected after the names of a "for"']);
  expect(summariesOf("b {\nc = 2\nd = 3\ne")).toEqual(['"e" is neither an argument nor a block as it stands']);
});

test("columns count characters, not bytes or halves of characters, and the caret follows tabs", () => {
  expect(errorsOf('a = "😀é" +\n')).toBe('job.nomad.hcl:1:11: A value is expected here\n  a = "😀é" +\n            ^');
  expect(errorsOf("\ta =\n")).toBe("job.nomad.hcl:1:5: A value is expected here\n  \ta =\n  \t   ^");
});

test("a line is shown without its carriage return", () => {
  expect(errorsOf("\r\nb = \r\n")).toBe("job.nomad.hcl:2:5: A value is expected here\n  b = \n      ^");
});

test("several mistakes are reported together, in the order of the file", () => {
  const text = lines(
    'job "web shop" {',
    '  datacentres = ["dc1"]',
    "  update { max_parallel = 1 }",
    '  group "g" {',
    "    count = -1",
    '    task "t" {',
    '      driver = "dockre"',
    "      config {",
    '        imag = uper("x")',
    "      }",
    '      resources { memory = "5" }',
    "    }",
    "  }",
    "}",
    "",
  );
  expect(errorsOf(text, "jobs/shop.hcl")).toBe(
    lines(
      "jobs/shop.hcl:1:1: The name of a job cannot contain spaces",
      '  job "web shop" {',
      "  ^",
      'jobs/shop.hcl:2:3: There is no argument "datacentres" in a job block',
      '    datacentres = ["dc1"]',
      "    ^",
      '  Did you mean "datacenters"?',
      'jobs/shop.hcl:3:3: warning: "update" has no effect yet in a job block',
      "    update { max_parallel = 1 }",
      "    ^",
      "  A changed group is replaced without regard to it",
      "jobs/shop.hcl:5:13: count cannot be negative",
      "      count = -1",
      "              ^",
      'jobs/shop.hcl:7:16: driver "dockre" does not exist',
      '        driver = "dockre"',
      "                 ^",
      '  Did you mean "docker"?',
      "jobs/shop.hcl:9:16: There is no function uper()",
      '          imag = uper("x")',
      "                 ^",
      '  Did you mean "upper"?',
      "jobs/shop.hcl:11:28: memory must be at least 10",
      '        resources { memory = "5" }',
      "                             ^",
    ),
  );
});

describe("what is not understood is refused where it stands", () => {
  test.each([
    ["jub {}\n", 'There is no block "jub" in a job file'],
    [groupText("conut = 2"), 'There is no argument "conut" in a group block'],
    [serviceText('provider = "nomad"'), "There is no Nomad to register services with"],
    ['dynamic "job" {}\n', 'There is no block "dynamic" in a job file'],
    [jobText('task "t" {\n driver = "exec"\n config {\n image = "i"\n}\n}'), "Only the driver docker is there"],
  ])("%j", (text, summary) => {
    expect(parseJobFile("job.hcl", text).diagnostics.map((diagnostic) => diagnostic.summary)).toEqual([summary]);
  });
});

test("a missing name is not reported where the block holds a misspelt one", () => {
  const text = jobText('task "t" {\n driver = "docker"\n cofnig {\n image = "i"\n}\n}');
  expect(errorsOf(text)).toBe(
    'job.nomad.hcl:7:2: There is no block "cofnig" in a task block\n   cofnig {\n   ^\n  Did you mean "config"?',
  );
});

test("a file of an unknown kind is refused by its name", () => {
  const error =
    'job.txt:1:1: "job.txt" does not have the name of a job file\n  Job files end in .hcl, .nomad, .yaml, .yml or .json';
  expect(errorsOf("x", "job.txt")).toBe(error);
});

test("a file without a job, and one with two, are refused", () => {
  expect(errorsOf("# nothing\n")).toBe('job.nomad.hcl:1:1: There is no job in this file\n  Write job "NAME" { … }');
  const two = groupText("") + groupText("");
  expect(errorsOf(two)).toContain(":14:1: A file holds one job\n");
});

test("control characters of the file do not reach the terminal", () => {
  const printed = formatDiagnostic({
    severity: "error",
    file: "f.hcl",
    line: 1,
    column: 2,
    summary: "a\u001B[2Jb",
    snippet: "x\u001B\u202Ey",
  });
  expect(printed).toBe("f.hcl:1:2: a\uFFFD[2Jb\n  x\uFFFD\uFFFDy\n   ^");
});

test("at most fifty mistakes of a file are reported, and very long lines are not repeated", () => {
  const { diagnostics } = parseJobFile("f.hcl", "a {}\n".repeat(60) + `b = "${"x".repeat(2000)}"\n`);
  expect(diagnostics).toHaveLength(50);
  expect(parseJobFile("f.hcl", `b = "${"x".repeat(2000)}"\n`).diagnostics[0]).not.toHaveProperty("snippet");
});
