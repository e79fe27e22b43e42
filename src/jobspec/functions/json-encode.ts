/** Values as JSON, with the escapes and the order of keys that Nomad has. */
import type { Value } from "../tree.ts";
import { digitsOf, sortedEntries } from "./values.ts";

/** Also safe inside HTML and scripts. */
const ESCAPED = /[<>&\u2028\u2029]/g;

export function jsonText(value: Value): string {
  switch (value.kind) {
    case "string":
      return quoted(value.value);
    case "number":
      return digitsOf(value);
    case "list":
      return `[${value.items.map(jsonText).join(",")}]`;
    case "object":
      return `{${sortedEntries(value)
        .map((entry) => `${quoted(entry.key)}:${jsonText(entry.value)}`)
        .join(",")}}`;
    default:
      return value.kind === "null" ? "null" : String(value.value);
  }
}

function quoted(text: string): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replaceAll(ESCAPED, escaped);
}
