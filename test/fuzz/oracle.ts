/** What HCL itself (compiled to WebAssembly) says of a text: whether it is right, where it is wrong, its shape, its values. */
import { getExpressionAst, parse } from "@cdktn/hcl2json";
import type { Verdict } from "./verdict.ts";

export type HclNode = NonNullable<Awaited<ReturnType<typeof getExpressionAst>>>;

/** `[file.hcl:1,7-8: Summary; Detail. file.hcl:2,1-2: …]`. */
const PLACE = /(?:\[| )file\.hcl:(\d+),\d+-\d+(?:,\d+)?: /g;
const REFUSED = "parse config:";

/** Where HCL points before or behind the mistake; we point to the mistake, or to what is not closed. */
const POINTS_ELSEWHERE = [
  "Missing close bracket on index",
  "Missing close bracket on splat index",
  "Invalid attribute name",
  "Invalid legacy index syntax",
  "Unexpected end of template",
  "Unclosed template interpolation sequence",
  "Unterminated template string",
  "Extra characters in",
];

export async function oracleVerdict(text: string): Promise<Verdict> {
  try {
    await parse("file.hcl", text);
    return { accepted: true };
  } catch (error) {
    return verdictOf(String(error));
  }
}

/** It also turns files into JSON, and fails at some that the grammar allows. */
function verdictOf(message: string): Verdict {
  if (!message.includes(REFUSED)) return { accepted: true };
  const lines = Array.from(message.matchAll(PLACE), ([, line]) => Number(line));
  const telling = lines.length === 1 && !POINTS_ELSEWHERE.some((summary) => message.includes(summary));
  return { accepted: false, message, line: telling ? lines[0] : undefined };
}

/** undefined where the text is not an expression. */
export async function oracleShape(text: string): Promise<HclNode | undefined> {
  try {
    return (await getExpressionAst("file.hcl", text)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The values of a document of literals; every `${` and `%{` in them has its first sign doubled. Throws where it is not one. */
export function oracleValues(text: string): Promise<Record<string, unknown>> {
  return parse("file.hcl", text);
}
