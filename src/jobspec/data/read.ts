/** Reads JSON and YAML job files into the neutral tree. */
import { kindName } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Problems } from "../problems.ts";
import type { ObjectBody, ObjectValue, Value } from "../tree.ts";
import { fromApi, isApi } from "./api.ts";
import { parseJson } from "./json.ts";
import { parseYaml } from "./yaml.ts";

/** undefined when there is no map to read; the reason is among the problems. */
export function readData(format: "json" | "yaml", text: string, problems: Problems): ObjectBody | undefined {
  return problems.attempt(() => {
    const file = fileObject(format === "json" ? parseJson(text, "literal") : parseYaml(text));
    if (isApi(file)) return { kind: "object", object: fromApi(file, problems), author: "program" };
    return { kind: "object", object: format === "json" ? fileObject(parseJson(text)) : file };
  });
}

function fileObject(value: Value): ObjectValue {
  if (value.kind === "object") return value;
  throw new SourceError(value.range, `A job file holds a map with the key "job", not ${kindName(value)}`);
}
