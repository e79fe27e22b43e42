/** The small parts of the job-file reader that are worth a table of their own. */
import { describe, expect, test } from "vitest";
import { didYouMean, editDistance } from "../../../src/jobspec/suggest.ts";
import { parseDuration } from "../../../src/jobspec/schema/duration.ts";
import { SourceText } from "../../../src/jobspec/source.ts";

describe("durations are Go's", () => {
  test.each([
    ["0", 0],
    ["1s", 1000],
    ["1m30s", 90_000],
    ["1h1m1s1ms", 3_661_001],
    ["1.5h", 5_400_000],
    [".5s", 500],
    ["1.s", 1000],
    ["250us", 0.25],
    ["250\u00B5s", 0.25],
    ["1000000ns", 1],
    ["-2s", -2000],
    ["+2s", 2000],
  ])("%s is %d ms", (text, millis) => {
    expect(parseDuration(text)).toBe(millis);
  });

  test.each(["", "1", "s", "1 s", "1S", "1d", "--1s", "1s ", "1e3s", "9999999h", "."])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("suggestions", () => {
  test.each([
    ["datacentres", "datacenters"],
    ["contraint", "constraint"],
    ["Count", "count"],
    ["tsak", "task"],
  ])("%s is taken for %s", (name, meant) => {
    expect(didYouMean(name, ["count", "task", "datacenters", "constraint"])).toBe(`Did you mean "${meant}"?`);
  });

  test("nothing is suggested when nothing is close", () => {
    expect(didYouMean("volume", ["count", "task"])).toBeUndefined();
  });

  test("two swapped neighbours are one mistake", () => {
    expect([editDistance("ab", "ba"), editDistance("abc", "abd"), editDistance("", "abc")]).toEqual([1, 1, 3]);
  });
});

describe("positions", () => {
  const source = new SourceText("f", "a\r\n😀b\n\nend");

  test.each([
    [0, { line: 1, column: 1 }, "a"],
    [2, { line: 1, column: 3 }, "a"],
    [3, { line: 2, column: 1 }, "😀b"],
    [5, { line: 2, column: 2 }, "😀b"],
    [7, { line: 3, column: 1 }, ""],
    [11, { line: 4, column: 4 }, "end"],
  ])("of offset %d", (offset, position, line) => {
    expect(source.positionAt(offset)).toEqual(position);
    expect(source.lineAt(offset)).toBe(line);
  });
});
