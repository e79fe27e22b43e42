/** Nomad's API JSON without what came from sensitive variables. */
import type { Redaction } from "../redact.ts";
import type { Plain } from "../schema/table/rows.ts";
import type { Json } from "./print.ts";

/** Whose keys are the job's own, not names of the API. What is in the first is all the job's own. */
const OPAQUE: ReadonlySet<string> = new Set(["Config", "Policy"]);
const MAPS: ReadonlySet<string> = new Set([
  "Env",
  "Meta",
  "CanaryMeta",
  "Header",
  "TaggedAddresses",
  "GetterOptions",
  "GetterHeaders",
  "Volumes",
  "EnvoyGatewayBindAddresses",
]);

type Keys = "names" | "own" | "all own";

/** Texts, and keys of maps, with each sensitive part as `(sensitive)`. */
export function hideSensitive(api: Json, redaction: Redaction): Json {
  return hideKeys(api, redaction, "names");
}

function hide(value: Plain, redaction: Redaction, keys: Keys): Plain {
  if (typeof value === "string") return redaction.hide(value);
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((item) => hide(item, redaction, keys));
  return hideKeys(value, redaction, keys);
}

function hideKeys(json: Json, redaction: Redaction, keys: Keys): Json {
  const shown = new Map<string, Plain>();
  for (const [key, value] of Object.entries(json)) {
    const name = keys === "names" ? key : unused(redaction.hide(key), shown);
    shown.set(name, hide(value, redaction, keys === "all own" ? keys : keysOf(keys === "names" ? key : "")));
  }
  return Object.fromEntries(shown);
}

function keysOf(parent: string): Keys {
  if (OPAQUE.has(parent)) return "all own";
  return MAPS.has(parent) ? "own" : "names";
}

/** Two hidden keys are still two. */
function unused(key: string, taken: ReadonlyMap<string, unknown>): string {
  let name = key;
  for (let count = 2; taken.has(name); count++) name = `${key} ${count}`;
  return name;
}

function isList(value: readonly Plain[] | Json | { readonly [key: string]: Plain }): value is readonly Plain[] {
  return Array.isArray(value);
}
