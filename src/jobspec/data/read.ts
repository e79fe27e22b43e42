/** Reads JSON and YAML job files into the neutral tree: their declarations first, then the rest with the values they give. */
import { Budget } from "../budget.ts";
import { hashOf } from "../../model/ids.ts";
import { kindName } from "../convert.ts";
import { collectSensitive } from "../marks.ts";
import type { ReadOptions, Tree } from "../options.ts";
import { SourceError } from "../problems.ts";
import type { Problems } from "../problems.ts";
import type { Entry, ObjectValue, Value } from "../tree.ts";
import { DECLARATIONS } from "../variables/declarations.ts";
import { readDeclarations } from "../variables/declare.ts";
import { Names } from "../variables/names.ts";
import { declarationsOf } from "./declare.ts";
import { evaluateData } from "./evaluate.ts";
import { fromApi, isApi } from "./api.ts";
import { parseJson } from "./json.ts";
import { parseYaml } from "./yaml.ts";

/** How a job is written. */
const FORMS = { json: 'Write {"job": {"NAME": {…}}}', yaml: "Write job: {NAME: {…}}" } as const;

/** undefined when there is no map to read; the reason is among the problems. */
export function readData(
  format: "json" | "yaml",
  text: string,
  problems: Problems,
  options: ReadOptions,
): Tree | undefined {
  return problems.attempt(() => {
    const file = fileObject(format, format === "json" ? parseJson(text) : parseYaml(text));
    if (isApi(file)) return { body: { kind: "object", object: fromApi(file, problems), author: "program" }, given: [] };
    return evaluateFile(file, text, problems, options);
  });
}

function evaluateFile(file: ObjectValue, text: string, problems: Problems, options: ReadOptions): Tree {
  const budget = new Budget();
  const surroundings = {
    problems,
    seed: hashOf(text, 64),
    ...(options.files === undefined ? {} : { files: options.files }),
  };
  const declared = file.entries.filter(isDeclaration);
  const blocks = declared.flatMap((entry) => declarationsOf({ budget, surroundings, text }, entry, problems));
  const names = new Names(readDeclarations(blocks, problems, false), { ...options, problems, budget });
  names.resolveAll();
  const rest: ObjectValue = { ...file, entries: file.entries.filter((entry) => !isDeclaration(entry)) };
  const context = { budget, text, surroundings: { ...surroundings, roots: names }, problems };
  const value = evaluateData(context, rest, undefined);
  collectSensitive(value, options.sensitive, budget, file.range);
  return {
    body: { kind: "object", object: value.kind === "object" ? value : rest },
    given: names.given,
  };
}

function isDeclaration({ key }: Entry): boolean {
  return DECLARATIONS.has(key);
}

function fileObject(format: "json" | "yaml", value: Value): ObjectValue {
  if (value.kind === "null") throw new SourceError(value.range, "There is no job in this file", FORMS[format]);
  if (value.kind !== "object") {
    const detail = value.kind === "string" ? "A file of HCL has a name that ends in .hcl or .nomad" : FORMS[format];
    throw new SourceError(value.range, `A job file holds a map with the key "job", not ${kindName(value)}`, detail);
  }
  const bare = value.entries.find(({ key }) => key === "TaskGroups");
  if (bare === undefined || value.entries.some(({ key }) => key === "job" || key === "Job")) return value;
  throw new SourceError(
    bare.keyRange,
    "This is the job of Nomad's API without its wrapping",
    'Write {"Job": {…}} around it',
  );
}
