/** Reads var files: HCL arguments, or a JSON object when the name ends in .json. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import { Budget } from "../budget.ts";
import { parseJson } from "../data/json.ts";
import { Evaluator } from "../hcl/evaluate.ts";
import { parseHcl } from "../hcl/parser.ts";
import { Problems, SourceError } from "../problems.ts";
import { SourceText } from "../source.ts";
import type { Value } from "../tree.ts";
import type { GivenVariable } from "./given.ts";

export interface VarFile {
  readonly variables: readonly GivenVariable[];
  /** Without lines and words of the file, which is where secrets are kept. */
  readonly diagnostics: readonly Diagnostic[];
}

interface Named {
  readonly name: string;
  readonly start: number;
  readonly value: Value;
}

/** Never throws, whatever the text. */
export function parseVarFile(file: string, text: string): VarFile {
  const problems = new Problems();
  const source = new SourceText(file, text);
  const found = file.toLowerCase().endsWith(".json") ? fromJson(text, problems) : fromHcl(text, problems);
  const variables = found.map(({ name, start, value }): GivenVariable => {
    const { line, column } = source.positionAt(start);
    return { name, where: `${file}:${line}:${column}`, from: "file", value };
  });
  return { variables, diagnostics: problems.diagnostics(source).map(withoutContent) };
}

function fromHcl(text: string, problems: Problems): readonly Named[] {
  const { attributes, blocks } = parseHcl(text, problems);
  for (const { range } of blocks) problems.add(range, "A var file holds arguments only", "Write NAME = VALUE");
  const evaluator = new Evaluator(text, new Budget());
  return attributes.flatMap(({ name, nameRange, expression }) => {
    const value = problems.attempt(() => evaluator.evaluate(expression, undefined));
    return value === undefined ? [] : [{ name, start: nameRange.start, value }];
  });
}

/** Strings are not templates here. */
function fromJson(text: string, problems: Problems): readonly Named[] {
  const entries = problems.attempt(() => {
    const value = parseJson(text);
    if (value.kind === "object") return value.entries;
    throw new SourceError(value.range, "A var file holds an object of names and values");
  });
  return (entries ?? []).map(({ key, keyRange, value }) => ({ name: key, start: keyRange.start, value }));
}

/** Sentences quote what stands in the file, and numbers are words of it too. */
function withoutContent({ severity, file, line, column, summary }: Diagnostic): Diagnostic {
  const silent = summary.replace(/"[^"]*"|\d[\w.+-]*/g, "…");
  return { severity, file, line, column, summary: silent };
}
