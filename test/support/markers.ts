/** Parts of the docs that are made from something else: they stand between two markers. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

const file = (name: string): URL => new URL(`../../${name}`, import.meta.url);

/** Compares (or, with UPDATE_DOCS=1, replaces) what stands between a file's markers. */
export function between(name: string, marker: string, wanted: string): void {
  const text = readFileSync(file(name), "utf8");
  const [open, close] = [`<!-- ${marker} -->\n`, `<!-- /${marker} -->`];
  const start = text.indexOf(open) + open.length;
  const end = text.indexOf(close);
  expect(start, `${name} has no marker ${marker}`).toBeGreaterThan(open.length - 1);
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(file(name), text.slice(0, start) + wanted + text.slice(end));
  else expect(text.slice(start, end)).toBe(wanted);
}
