/** When a file may be believed. */
import type { BigIntStats } from "node:fs";
import { expect, test } from "vitest";
import { IN_PLACE_SETTLE, SETTLE, unsettledFor } from "../../../src/adapters/files/settling.ts";

function stat(mtime: number, ctime = mtime): BigIntStats {
  const [mtimeNs, ctimeNs] = [BigInt(mtime) * 1_000_000n, BigInt(ctime) * 1_000_000n];
  return { mtimeMs: BigInt(mtime), mtimeNs, ctimeNs } as BigIntStats;
}

test("a file moved into place is settled 50 ms after its last write", () => {
  expect(unsettledFor({ stat: stat(1_000), since: 1_001, inPlace: false }, 1_010)).toBe(40);
  expect(unsettledFor({ stat: stat(1_000), since: 1_001, inPlace: false }, 1_000 + SETTLE)).toBe(0);
});

test("a file that was complete long before it was moved here is settled at once", () => {
  expect(unsettledFor({ stat: stat(1_000, 90_000), since: 90_000, inPlace: false }, 90_000)).toBe(0);
});

test("a file written in place is settled after a second without a write", () => {
  expect(unsettledFor({ stat: stat(1_000), since: 1_000, inPlace: true }, 1_500)).toBe(500);
  expect(unsettledFor({ stat: stat(1_000), since: 1_000, inPlace: true }, 1_000 + IN_PLACE_SETTLE)).toBe(0);
});

test("chmod or utimes after the last write says that the writer is done", () => {
  expect(unsettledFor({ stat: stat(1_000, 1_001), since: 1_000, inPlace: true }, 1_000 + SETTLE)).toBe(0);
});

test("a time stamp in the future holds a file back no longer than the time it is watched", () => {
  expect(unsettledFor({ stat: stat(9_000_000), since: 1_000, inPlace: false }, 1_020)).toBe(30);
  expect(unsettledFor({ stat: stat(9_000_000), since: 1_000, inPlace: false }, 1_050)).toBe(0);
});
