/** Versions are compared by their numbers. */
import { expect, test } from "vitest";
import { isBefore } from "../../../src/model/versions.ts";

test.each([
  ["1.8.7", "1.10", true],
  ["1.10.0", "1.9", false],
  ["1.15", "1.15.0", false],
  ["1.14.11+ent", "1.15", true],
  ["v1.16.4-rc1", "1.16.4", false],
  ["2.0.0", "1.22", false],
  ["what", "1.8", true],
])("%s is before %s: %s", (version, other, is) => expect(isBefore(version, other)).toBe(is));
