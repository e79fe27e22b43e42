/** Each rule across the fields of a block, with its sentence and its place. */
import { describe, expect, test } from "vitest";
import { parseJobFile } from "../../../../src/jobspec/parse.ts";
import type { Cases, Refused } from "./cases.ts";
import * as files from "./files.ts";
import * as placement from "./placement.ts";
import * as services from "./services.ts";
import * as update from "./update.ts";

const AREAS: Readonly<Record<string, Cases>> = { ...files, ...placement, ...services, ...update };

function errors(text: string) {
  return parseJobFile("job.hcl", text).diagnostics.filter(({ severity }) => severity === "error");
}

function judge([marked, summary]: Refused): void {
  const before = marked.slice(0, marked.indexOf("§"));
  const found = errors(marked.replace("§", ""));
  expect(found.map((each) => each.summary)).toEqual([expect.stringContaining(summary)]);
  const place = { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
  expect(found[0]).toMatchObject(place);
}

describe.each(Object.entries(AREAS))("%s:", (_, { refused, allowed, stricter = [], crashes = [] }) => {
  test.each([...refused, ...stricter, ...crashes])("is refused at its place: %j", (marked, summary) =>
    judge([marked, summary]),
  );

  test.each(allowed)("is allowed: %j", (text) => {
    expect(errors(text)).toEqual([]);
  });
});
