/** Random expressions whose values are known: what the evaluator of Nomad 1.3 gives for them, or that it refuses them. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { SourceError } from "../../../src/jobspec/problems.ts";
import { evaluated } from "./support.ts";

interface Known {
  readonly values: readonly (readonly [string, unknown])[];
  readonly refused: readonly string[];
}

const KNOWN = JSON.parse(readFileSync(new URL("golden/expressions.json", import.meta.url), "utf8")) as Known;

/** HCL counts in longer numbers than JSON's reader keeps. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(15));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
}

describe("is the value that HCL gives", () => {
  test.each(KNOWN.values)("%s", (text, value) => {
    expect(rounded(evaluated(text))).toEqual(rounded(value));
  });
});

describe("is refused, as HCL refuses it", () => {
  test.each(KNOWN.refused)("%s", (text) => {
    expect(() => evaluated(text)).toThrow(SourceError);
  });
});
