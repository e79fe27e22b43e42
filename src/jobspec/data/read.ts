/** Reads JSON and YAML job files into the neutral tree. */
import { kindName } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Problems } from "../problems.ts";
import type { ObjectBody, Value } from "../tree.ts";
import { parseJson } from "./json.ts";
import { parseYaml } from "./yaml.ts";

/** undefined when there is no map to read; the reason is among the problems. */
export function readData(format: "json" | "yaml", text: string, problems: Problems): ObjectBody | undefined {
  return problems.attempt(() => bodyOf(format === "json" ? parseJson(text) : parseYaml(text)));
}

function bodyOf(value: Value): ObjectBody {
  if (value.kind !== "object") {
    throw new SourceError(value.range, `A job file holds a map with the key "job", not ${kindName(value)}`);
  }
  const api = value.entries.find((entry) => entry.key === "Job");
  if (api === undefined) return { kind: "object", object: value };
  const detail = 'Write the job as "job": {"NAME": {…}}, the way HCL is written as JSON';
  throw new SourceError(api.keyRange, 'The form of Nomad\'s API, with "Job" at the top, is not supported yet', detail);
}
