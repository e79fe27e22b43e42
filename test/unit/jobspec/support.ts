/** Short ways to parse job files in tests, and the smallest job to put the part under test into. */
import { formatDiagnostic } from "../../../src/jobspec/format.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { parseHcl } from "../../../src/jobspec/hcl/parser.ts";
import { Evaluator } from "../../../src/jobspec/hcl/evaluate.ts";
import { Budget } from "../../../src/jobspec/budget.ts";
import type { BodyNode, Expression } from "../../../src/jobspec/hcl/ast.ts";
import { Problems, SourceError } from "../../../src/jobspec/problems.ts";
import type { Roots } from "../../../src/jobspec/roots.ts";
import { SourceText } from "../../../src/jobspec/source.ts";
import type { Value } from "../../../src/jobspec/tree.ts";
import type { Job, Service, Task, TaskGroup } from "../../../src/model/job.ts";

/** The job of a file that must be right. */
export function jobOf(text: string, file = "job.nomad.hcl"): Job {
  const { job, diagnostics } = parseJobFile(file, text);
  if (job === undefined) throw new Error(diagnostics.map(formatDiagnostic).join("\n"));
  return job;
}

/** All that is wrong, as people see it. */
export function errorsOf(text: string, file = "job.nomad.hcl"): string {
  return parseJobFile(file, text).diagnostics.map(formatDiagnostic).join("\n");
}

/** Only the sentences of errors. */
export function summariesOf(text: string, file = "job.nomad.hcl"): string[] {
  return sentencesOf(text, file, "error");
}

/** Only the sentences of warnings. */
export function warningsOf(text: string, file = "job.nomad.hcl"): string[] {
  return sentencesOf(text, file, "warning");
}

function sentencesOf(text: string, file: string, wanted: "error" | "warning"): string[] {
  const { diagnostics } = parseJobFile(file, text);
  return diagnostics.filter(({ severity }) => severity === wanted).map(({ summary }) => summary);
}

export function jobText(group: string, job = ""): string {
  return `job "j" {\n  datacenters = ["dc1"]\n  ${job}\n  group "g" {\n${group}\n  }\n}\n`;
}

const TASK = `task "t" {\n driver = "docker"\n config {\n image = "i"\n }\n}`;

export function groupText(inside: string): string {
  return jobText(`${inside}\n${TASK}`);
}

/** `service` stands in a group with a bridge network and a port "http". */
export function serviceText(service: string): string {
  return groupText(`network {\n mode = "bridge"\n port "http" {}\n}\nservice {\n${service}\n}`);
}

export function taskText(inside: string): string {
  return jobText(`task "t" {\n driver = "docker"\n ${inside}\n config {\n image = "i"\n }\n}`);
}

export function groupOf(text: string): TaskGroup {
  return first(jobOf(text).groups);
}

export function serviceOf(text: string): Service {
  return first(groupOf(text).services);
}

export function taskOf(text: string): Task {
  return first(groupOf(text).tasks);
}

export function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error("there is nothing");
  return item;
}

/** The expression of `x = TEXT`. Throws an error with the first sentence about what is wrong. */
export function expressionOf(text: string): Expression {
  return first(parsed(`x = ${text}\n`).attributes).expression;
}

/** A file's syntax tree. Throws an error with the first sentence about what is wrong. */
export function parsed(text: string): BodyNode {
  const problems = new Problems();
  const body = parseHcl(text, problems);
  const [problem] = problems.diagnostics(new SourceText("job.hcl", text));
  if (problem !== undefined) throw new Error(problem.summary);
  return body;
}

/** Where no variable and no local is declared. */
export const NO_NAMES: Roots = {
  get: (root, name, range) => {
    throw new SourceError(range, `There is no ${root}.${name}`);
  },
  all: (_, range) => ({ kind: "object", entries: [], range }),
};

/** What an expression evaluates to, as plain data. Throws SourceError. */
export function evaluated(text: string): unknown {
  const evaluator = new Evaluator(`x = ${text}\n`, new Budget(), { roots: NO_NAMES });
  return plain(evaluator.evaluate(expressionOf(text), undefined));
}

export function plain(value: Value): unknown {
  switch (value.kind) {
    case "null":
      return null;
    case "list":
      return value.items.map(plain);
    case "object":
      return Object.fromEntries(value.entries.map((entry) => [entry.key, plain(entry.value)]));
    default:
      return value.value;
  }
}
