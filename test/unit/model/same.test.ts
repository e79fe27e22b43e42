/** Equality of plain data, held to canonical JSON. */
import { array, assert, constant, constantFrom, dictionary, letrec, oneof, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../../src/model/ids.ts";
import { isSame } from "../../../src/model/same.ts";

/** Small enough that equal values turn up often. */
const value = letrec((tie) => ({
  any: oneof(
    { maxDepth: 3 },
    constantFrom(null, true, false, 0, 1, "", "a"),
    array(tie("any"), { maxLength: 2 }),
    dictionary(constantFrom("a", "b"), oneof(tie("any"), constant(undefined)), { maxKeys: 2 }),
  ),
})).any;

describe("two values are the same", () => {
  test("exactly if their canonical JSON is", () => {
    const agrees = property(value, value, (a, b) => {
      expect(isSame(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
    });
    assert(agrees, { numRuns: 20_000 });
  });

  test("whatever the order of their keys, and whether what is undefined is left out", () => {
    expect(isSame({ a: 1, b: [{ c: undefined }] }, { b: [{}], a: 1 })).toBe(true);
    expect(isSame({ a: undefined }, { b: undefined })).toBe(true);
    expect(isSame({ a: 1 }, { a: 1, b: null })).toBe(false);
  });

  test("never across kinds", () => {
    expect(isSame([], {})).toBe(false);
    expect(isSame(null, {})).toBe(false);
    expect(isSame(1, "1")).toBe(false);
  });
});
