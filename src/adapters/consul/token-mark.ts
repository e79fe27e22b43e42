/** The mark in a token's description: one line that says whose it is, to people and to Remora. */
import type { TokenSpec } from "../../model/registration.ts";

export interface TokenMark extends Omit<TokenSpec, "accessor"> {
  readonly instance: string;
  readonly node: string;
}

const KEYS = ["instance", "node", "job", "group", "index", "alloc", "service", "generation"] as const;
const PATTERN = new RegExp(`^remora ${KEYS.map((key) => `${key}=(\\S*)`).join(" ")}$`);
const COUNT = /^(0|[1-9]\d{0,8})$/;

/** `remora instance=… node=… job=… group=… index=… alloc=… service=… generation=…`, values percent-encoded. */
export function describe(mark: TokenMark): string {
  const values = { ...mark, ...mark.ref };
  return `remora ${KEYS.map((key) => `${key}=${encodeURIComponent(values[key])}`).join(" ")}`;
}

/** The mark a description holds; undefined unless it is exactly what `describe` writes. */
export function markOf(description: string): TokenMark | undefined {
  const found = PATTERN.exec(description)?.slice(1).map(decoded);
  if (found === undefined) return undefined;
  const [instance = "", node = "", job = "", group = "", index = "", alloc = "", service = "", generation = ""] = found;
  if (!COUNT.test(index) || !COUNT.test(generation)) return undefined;
  const ref = { job, group, index: Number(index), alloc };
  const mark = { instance, node, ref, service, generation: Number(generation) };
  return describe(mark) === description ? mark : undefined;
}

/** A wrongly encoded value stays as it is, and so differs from what `describe` would write. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
