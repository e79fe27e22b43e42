/** Texts whose characters are the attack: endless combining marks, secrets too large to search for, and defects of our own. */
import { describe, expect, test } from "vitest";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { Redaction } from "../../../src/jobspec/redact.ts";
import { summariesOf, taskText } from "./support.ts";

const MARKS = "A text has more combining marks in a row than any language";
/** Out of order, so that normalising has to sort them. */
const run = (count: number): string => "\u0301\u0327\u0323".repeat(count / 3);
const env = (expression: string): string => taskText(`env = { A = ${expression} }`);
const endless = run(30_000);
const escaped = run(300).replace(/./gsu, (mark) => `\\u0${mark.charCodeAt(0).toString(16)}`);

describe("more combining marks in a row than any language has are refused", () => {
  test.each([
    ["a text", "job.hcl", env(`"e${endless}"`)],
    ["a heredoc", "job.hcl", env(`<<E\n${endless}\nE\n`)],
    ["a text made of many", "job.hcl", env(`"${`\${"${run(150)}"}`.repeat(2)}"`)],
    ["what a function returns", "job.hcl", env(`join("", ["${run(150)}", "${run(150)}"])`)],
    ["what an argument was made of", "job.hcl", env(`try(upper("e${endless}"), "")`)],
    ["JSON in a text", "job.hcl", env(`jsondecode("\\"${escaped.replaceAll("\\", "\\\\")}\\"")`)],
    ["an expression in JSON", "job.json", JSON.stringify({ job: { a: { meta: { b: `\${"${endless}"}` } } } })],
  ])("in %s", (_, file, text) => {
    expect(summariesOf(text, file).join("\n")).toContain(MARKS);
  });

  test("and as many as any language has are put in order", () => {
    const { job } = parseJobFile("job.hcl", env('"e\u0301\u0327 and \u{1f468}\u200d\u{1f469}\u200d\u{1f467}"'));
    const text = job?.groups[0]?.tasks[0]?.env["A"];
    expect(text).toBe("\u0229\u0301 and \u{1f468}\u200d\u{1f469}\u200d\u{1f467}");
  });
});

describe("sensitive texts of any size are hidden", () => {
  const huge = "\u{1f600}\u00e9".repeat(150_000);

  test("a huge one, whole or in part, with everything around it", () => {
    const redaction = new Redaction(new Set([huge]));
    expect(redaction.hide(`There is no "${huge}"`)).toBe("(sensitive)");
    expect(redaction.touches(huge.slice(0, 1000))).toBe(true);
    expect(redaction.hide("There is no job")).toBe("There is no job");
  });

  test("a huge default of a variable stops nothing", () => {
    const text = `variable "v" {\n sensitive = true\n default = "${huge}"\n}\n${env("var.v")}`;
    expect(parseJobFile("job.hcl", text).job?.groups[0]?.tasks[0]?.env["A"]).toBe(huge);
  });

  test("so many that searching would take too long hide whatever they might be in", () => {
    const redaction = new Redaction(new Set(Array.from({ length: 100_000 }, (_, n) => `secret ${n}`)));
    expect(redaction.hide("x".repeat(1000))).toBe("(sensitive)");
    expect(redaction.hide("not secret 7")).toBe("not (sensitive)");
  });

  test("the longer of two that overlap, a short one only where it stands alone, and never the sign of hiding itself", () => {
    const redaction = new Redaction(new Set(["sens", "hunter", "hunter22", "a"]));
    expect(redaction.hide('hunter22, "a" and hunter make a sense')).toBe(
      '(sensitive), "(sensitive)" and (sensitive) make (sensitive) (sensitive)e',
    );
  });
});

test("a defect of ours is one error of that file, which tells nothing that may be sensitive, and a new answer is a new reading", () => {
  const answers = ["a", "b"];
  const files = {
    read: () => ({ bytes: new TextEncoder().encode(answers.pop()) }),
    exists: () => true,
    list: (): readonly string[] => {
      throw new RangeError("hunter22");
    },
  };
  const text = env('"${file("a.txt")} ${try(length(fileset(".", "*")), 1)}"');
  const [first, second] = [parseJobFile("job.hcl", text, { files }), parseJobFile("job.hcl", text, { files })];
  expect(first.job).toBeUndefined();
  expect(first.diagnostics).toEqual([
    {
      severity: "error",
      file: "job.hcl",
      line: 1,
      column: 1,
      summary: "Remora cannot read this file",
      detail: "That is a defect of Remora (RangeError): please report it, with what the file holds",
    },
  ]);
  expect(first.readsFiles).toBe(true);
  expect(first.inputs).not.toBe(second.inputs);
});
