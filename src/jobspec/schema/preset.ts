/** What a field is where a file does not say: in the units of the API JSON. */
import type { Field, Plain } from "./table/rows.ts";
import { nanosecondsOf } from "./typed.ts";

export function presetOf({ type, default: preset = null }: Field): Plain {
  return type === "duration" && typeof preset === "string" ? (nanosecondsOf(preset) ?? null) : preset;
}
