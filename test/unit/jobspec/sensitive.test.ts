/** What comes from a sensitive variable is told to nobody. */
import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../../../src/jobspec/format.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { taskText } from "./support.ts";

const SECRET = 'hunter22-"quoted"\nsecond line';
const DECLARATIONS = `variable "pw" {\n type = string\n sensitive = true\n}\nlocals {\n copy = var.pw\n}\n`;

function parsed(text: string, value = SECRET) {
  return parseJobFile("job.hcl", DECLARATIONS + text, {
    variables: [{ name: "pw", where: "--var", from: "flag", value }],
  });
}

/** The texts of a task's environment that are known to be sensitive. */
function sensitiveEnv(expression: string): boolean {
  const { job, sensitive, diagnostics } = parsed(taskText(`env = { A = ${expression} }`));
  const text = job?.groups[0]?.tasks[0]?.env["A"];
  if (text === undefined) throw new Error(diagnostics.map(formatDiagnostic).join("\n"));
  return sensitive.has(text);
}

describe("the mark follows a value", () => {
  test.each([
    "var.pw",
    "local.copy",
    '"prefix-${var.pw}"',
    "upper(var.pw)",
    'join(",", ["a", var.pw])',
    'length(split("-", var.pw))',
    'split("-", var.pw)[0]',
    'var.pw == "" ? "empty" : "there"',
    '"%{ if var.pw == "" }empty%{ else }there%{ endif }"',
    '"%{ for x in [var.pw] }item%{ endfor }"',
    "[for x in [var.pw] : x][0]",
    '{ for x in [var.pw] : x => "value" }[var.pw]',
    '["a", "b"][var.pw == "" ? 1 : 0]',
    "{ a = { b = var.pw } }.a.b",
    "([{ a = var.pw }][*].a)[0]",
    "jsonencode({ a = var.pw })",
    "try(var.pw, 1)",
    '1 + length(split("-", var.pw))',
    '-length(split("-", var.pw))',
    "concat([var.pw], [])[0]",
  ])("through %s", (expression) => {
    expect(sensitiveEnv(expression)).toBe(true);
  });

  test.each(['"a"', "length([var.pw])", '{ a = "plain", b = var.pw }.a', '["plain", var.pw][0]'])(
    "not to %s",
    (expression) => {
      const { job, sensitive } = parsed(taskText(`env = { A = ${expression}, B = "plain" }`));
      expect(sensitive.has(job?.groups[0]?.tasks[0]?.env["B"] ?? "")).toBe(false);
    },
  );
});

describe("no diagnostic shows it", () => {
  test.each([
    taskText("kill_timeout = var.pw"),
    taskText("leader = var.pw"),
    taskText("user = [1][var.pw]"),
    taskText("user = {}[var.pw]"),
    taskText("user = {}[upper(var.pw)]"),
    taskText("user = 1 + var.pw"),
    taskText("user = parseint(var.pw, 10)"),
    taskText("user = jsondecode(var.pw)"),
    taskText("user = file(var.pw)"),
    taskText('user = { for x in [1, 2] : "${var.pw}" => x }'),
    taskText("user = { (var.pw) = 1, (var.pw) = 2 }"),
    taskText("kill_signal = upper(var.pw)"),
    taskText("driver = var.pw"),
    taskText("lifecycle {\n hook = var.pw\n}"),
    taskText('resources {\n cpu = "x${var.pw}"\n}'),
    `job "j" {\n type = var.pw\n datacenters = [var.pw, ""]\n group "g" {\n count = var.pw\n }\n}`,
  ])("in %j", (text) => {
    const { diagnostics } = parsed(text);
    const told = diagnostics.map(formatDiagnostic).join("\n");
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(told).not.toMatch(/hunter22|HUNTER22|quoted|second line/i);
  });

  test("of a long one not even its beginning", () => {
    const told = parsed(taskText("kill_timeout = var.pw"), "a-very-long-secret".repeat(20)).diagnostics.map(
      formatDiagnostic,
    );
    expect(told.join("\n")).not.toContain("a-very");
  });

  test("nor a line of the file that holds it", () => {
    const text =
      'variable "pw" {\n sensitive = true\n type = number\n default = "hunter22"\n}\nvariable "b" {\n sensitive = true\n default = "hunter33" # kept\n validation {\n  condition = var.b == "hunter33"\n  error_message = "No."\n }\n bad = "hunter33"\n}\n';
    const { diagnostics } = parseJobFile("job.hcl", `${text}job "j" { type = "hunter44" }`);
    expect(diagnostics.map(formatDiagnostic).join("\n")).not.toContain('hunter33" # kept');
  });

  test("a short one is hidden where it stands alone, and the sentence stays readable", () => {
    const { diagnostics } = parsed(taskText("kill_timeout = var.pw"), "5");
    expect(diagnostics[0]?.summary).toBe('"kill_timeout" needs a duration such as "30s" or "1m30s", not a string');
  });
});
