/** One seeded text, judged by HCL and by us: the kinds of cases, and how a difference is told. */
import { isDeepStrictEqual } from "node:util";
import { Chance } from "../sim/random.ts";
import { FILES, PIECES } from "./corpus.ts";
import { document, expression, template } from "./grammar.ts";
import { hclShape } from "./hcl-shape.ts";
import { literals } from "./literals.ts";
import { mutate } from "./mutants.ts";
import { oracleShape, oracleValues, oracleVerdict } from "./oracle.ts";
import { ourExpression, ourTemplateVerdict, ourValues, ourVerdict } from "./ours.ts";
import { ourShape } from "./our-shape.ts";
import { pick } from "./pick.ts";
import type { Verdict } from "./verdict.ts";

export interface Case {
  readonly kind: keyof typeof COMPARE;
  readonly text: string;
}

/** What HCL says and what we say; undefined where both say the same. */
export type Difference = { readonly hcl: string; readonly ours: string } | undefined;

const COMPARE = { file: compareFile, expression: compareExpression, template: compareTemplate, values: compareValues };

/** The same seed, the same case. */
export function caseOf(seed: number): Case {
  const chance = new Chance(seed);
  const roll = chance.between(0, 99);
  if (roll < 30) return { kind: "file", text: mutate(chance, pick(chance, FILES)) };
  if (roll < 45) return { kind: "file", text: mutate(chance, pick(chance, PIECES)) };
  if (roll < 55) return { kind: "file", text: maybeMutated(chance, document(chance)) };
  if (roll < 80) return { kind: "expression", text: maybeMutated(chance, expression(chance, chance.happens(0.5))) };
  if (roll < 90) return { kind: "template", text: maybeMutated(chance, template(chance)) };
  return { kind: "values", text: literals(chance) };
}

function maybeMutated(chance: Chance, text: string): string {
  return chance.happens(0.4) ? mutate(chance, text) : text;
}

export function compare({ kind, text }: Case): Promise<Difference> {
  return COMPARE[kind](text);
}

async function compareFile(text: string): Promise<Difference> {
  return verdictDifference(await oracleVerdict(text), ourVerdict(text));
}

/** As the value of an argument, and by its shape where it is right. */
async function compareExpression(text: string): Promise<Difference> {
  const difference = await compareFile(`v = ${text}\n`);
  // A byte order mark starts a file, and so it would start this one if nothing stood before it.
  if (difference !== undefined || text.startsWith("\uFEFF")) return difference;
  const node = await oracleShape(text);
  if (node === undefined || ourVerdict(`v = (${text}\n)\n`) === undefined) return undefined;
  const [hcl, ours] = [hclShape(node), ourShape(ourExpression(text))];
  return hcl === ours ? undefined : { hcl, ours };
}

/** What is right inside a heredoc is a right template, and what is not is not. */
async function compareTemplate(text: string): Promise<Difference> {
  const heredoc = `v = <<MARKER\n${text}\nMARKER\n`;
  const verdict = await oracleVerdict(heredoc);
  const difference = verdictDifference(verdict, ourVerdict(heredoc));
  if (difference !== undefined) return difference;
  // A carriage return of its own is a mistake of heredocs alone.
  if (/\r(?!\n)/.test(text)) return undefined;
  return verdictDifference({ ...verdict, line: undefined }, ourTemplateVerdict(text));
}

async function compareValues(text: string): Promise<Difference> {
  const difference = await compareFile(text);
  if (difference !== undefined || ourVerdict(text)?.accepted !== true) return difference;
  const [hcl, ours] = [await oracleValues(text), ourValues(text)];
  return isDeepStrictEqual(hcl, escaped(ours)) ? undefined : { hcl: JSON.stringify(hcl), ours: JSON.stringify(ours) };
}

function verdictDifference(hcl: Verdict, ours: Verdict | undefined): Difference {
  if (ours === undefined) return undefined;
  const sameLine = hcl.line === undefined || ours.line === undefined || hcl.line === ours.line;
  if (hcl.accepted === ours.accepted && sameLine) return undefined;
  return { hcl: told(hcl), ours: told(ours) };
}

function told({ accepted, line, message }: Verdict): string {
  return accepted ? "accepted" : `refused, line ${line ?? "?"}: ${message}`;
}

/** As the oracle writes them: what would be read as a sequence is escaped again. */
function escaped(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(/[$%]\{/g, (sign) => sign[0] + sign);
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [escaped(key), escaped(inner)]));
}
