/** The error for a key that stands in one map twice, in YAML and JSON. */
import { SourceError } from "../problems.ts";
import type { Entry } from "../tree.ts";

export function setTwice({ key, keyRange }: Pick<Entry, "key" | "keyRange">, first: Entry): SourceError {
  const related = { range: first.keyRange, summary: "First set here" };
  return new SourceError(keyRange, `The key ${JSON.stringify(key)} is set twice`, "Remove one of the two", related);
}
