/** What comes from a sensitive variable is told to nobody. */
import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../../../src/jobspec/format.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { jobText, taskText } from "./support.ts";

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

describe("a variable block in error shows nothing of the value, however it is written", () => {
  const hcl = (...lines: string[]): string => `variable "pw" {\n  sensitive = true\n  ${lines.join("\n  ")}\n}\n`;
  const job = taskText("");
  const forms: readonly (readonly [file: string, text: string])[] = [
    ["a.hcl", hcl("type = number", 'default = "hunter22"')],
    ["a.hcl", hcl("type = list(object({ a = number }))", 'default = [{ a = "hunter22" }]')],
    ["a.hcl", hcl("type = map(number)", 'default = { hunter22 = "x" }')],
    ["a.hcl", hcl('default = "hunter22')],
    ["a.hcl", hcl("default = 'hunter22'")],
    ["a.hcl", hcl("default = hunter22")],
    ["a.hcl", hcl('default "hunter22"')],
    ["a.hcl", hcl('default: "hunter22"')],
    ["a.hcl", hcl('default = "x" "hunter22"')],
    ["a.hcl", hcl('default = "hunter22${x}"')],
    ["a.hcl", hcl('default = upper("hunter22")')],
    ["a.hcl", hcl('defualt = "hunter22"')],
    ["a.hcl", hcl("hunter22")],
    ["a.hcl", hcl("hunter22 = 1", 'hunter22 "x" {}')],
    ["a.hcl", hcl('default = { hunter22 = 1, hunter22 = "${"}')],
    ["a.hcl", hcl("default = [", '"hunter22"', '"hunter22x"')],
    ["a.hcl", hcl('validation {\n condition = var.pw == "hunter22" ? 1\n}')],
    ["a.hcl", hcl("default = <<EOT\n}\n{\n${hunter22}\nEOT")],
    ["a.hcl", hcl('default = "hunter22"').replace("= true", '= "perhaps"')],
    ["a.hcl", 'variable "pw" { sensitive = true, default = "hunter22" }\n'],
    ["a.hcl", 'variable "pw {\n sensitive = true\n default = "hunter22"\n}\n'],
    ["a.hcl", hcl('default = "a"') + hcl('default = "hunter22"')],
    ["a.yaml", 'variable:\n  pw:\n    sensitive: true\n    default: "hunter22\njob:\n  a: {}\n'],
    ["a.yaml", "variable:\n  pw: { sensitive: true, type: number, default: hunter22 }\njob:\n  a: {}\n"],
    ["a.yaml", "variable:\n  pw: { sensitive: true, defualt: hunter22, hunter22: 1 }\njob:\n  a: {}\n"],
    [
      "a.yaml",
      "job:\n  a: { meta: { x: &s [hunter22] } }\nvariable:\n  pw: { sensitive: true, type: string, default: *s }\n",
    ],
    ["a.yaml", "variable:\n  pw: { sensitive: true, default: hunter22, a: 'hunter22 }\njob:\n  a: {}\n"],
    ["a.json", '{\n  "variable": {\n    "pw": { "sensitive": true, "default": "hunter22 }\n  },\n  "job": {}\n}\n'],
    ["a.json", '{"variable": {"pw": {"sensitive": true, "type": "number", "default": "hunter22"}}, "job": {"a": {}}}'],
  ];
  test.each(forms)("%s: %j", (file, text) => {
    const { diagnostics } = parseJobFile(file, file.endsWith("hcl") ? text + job : text);
    expect(diagnostics.filter(({ severity }) => severity === "error")).not.toEqual([]);
    expect(diagnostics.map(formatDiagnostic).join("\n")).not.toMatch(/hunter22/i);
  });

  test("and the sentences are of use all the same", () => {
    const told = (text: string): string[] => parseJobFile("a.hcl", text + job).diagnostics.map(formatDiagnostic);
    expect(told(hcl("type = number", 'default = "hunter22"'))).toEqual([
      "a.hcl:4:13: The default does not fit the type of its variable",
    ]);
    expect(told(hcl('defualt = "x"'))).toContain(
      'a.hcl:3:3: There is no argument "defualt" in a variable\n  Did you mean "default"?',
    );
    expect(told(hcl('type = "x"', 'hunter22 = "x"'))).toContain("a.hcl:4:3: There is no argument … in a variable");
    const yaml = "variable:\n  pw: { sensitive: true }\njob:\n  a: {}\n";
    expect(parseJobFile("a.yaml", yaml).diagnostics[0]?.summary).toBe('Unset variable "pw"');
  });

  test("while blocks beside it are shown as ever", () => {
    const text = `${hcl('default = "x"')}variable "plain" {\n  sensitive = false\n  type = number\n  default = "seen"\n}\n`;
    const [found] = parseJobFile("a.hcl", `${text}job "j" {\n  bad = 1\n}\n`).diagnostics;
    expect(found?.snippet).toBe('  default = "seen"');
    const all = parseJobFile("a.hcl", `${text}job "j" {\n  bad = 1\n}\n`).diagnostics;
    expect(all.map(({ snippet }) => snippet)).toContain("  bad = 1");
  });

  test("what the value's validation says is shown: it was written for that", () => {
    const sentence = "Use 8 or more, 16 at best.";
    const text = hcl(
      `validation {\n condition = var.pw != "short"\n error_message = "${sentence}"\n}`,
      "type = string # 16",
    );
    const { diagnostics } = parseJobFile("a.hcl", text + job, {
      variables: [{ name: "pw", where: "--var", from: "flag", value: "short" }],
    });
    expect(diagnostics[0]?.detail).toBe(sentence);
  });
});

describe("keys that come from it are hidden as well", () => {
  const told = (text: string): string => {
    const keys = 'variable "map" {\n sensitive = true\n type = map(string)\n default = { hunter22 = "v" }\n}\n';
    return parseJobFile("a.hcl", keys + text)
      .diagnostics.map(formatDiagnostic)
      .join("\n");
  };
  test.each([
    jobText('dynamic "volume" {\n for_each = var.map\n labels = [upper(volume.key)]\n content {\n type = "x"\n}\n}'),
    taskText("env = { for k, v in var.map : upper(k) => [v] }"),
    taskText("env = { (upper(keys(var.map)[0])) = [] }"),
    taskText("user = keys(var.map)[0] + 1"),
    taskText("dispatch = var.map"),
  ])("in %j", (text) => {
    expect(told(text)).not.toBe("");
    expect(told(text)).not.toMatch(/hunter22/i);
  });

  test("but not the names that a type gives to attributes", () => {
    const text = `variable "db" {\n sensitive = true\n type = object({ host = string, options = map(string) })\n default = { host = "h0st", options = { inner99 = "x" } }\n}\n`;
    const { sensitive } = parseJobFile("a.hcl", text + taskText(""));
    expect([...sensitive].toSorted()).toEqual(["h0st", "inner99", "x"]);
  });
});
