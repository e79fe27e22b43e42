/** The real clock. */
import { expect, test } from "vitest";
import { systemClock, systemRandom } from "../../../src/adapters/system.ts";

test("a sleep ends, without throwing, when it is aborted or was so before", async () => {
  const end = new AbortController();
  const sleeping = systemClock.sleep(60_000, end.signal);
  end.abort();
  await sleeping;
  await systemClock.sleep(60_000, end.signal);
});

test("a sleep longer than a timeout can be does not end at once", async () => {
  const end = new AbortController();
  let woke = false;
  const sleeping = systemClock.sleep(2 ** 40, end.signal).then(() => (woke = true));
  await systemClock.sleep(20);
  expect(woke).toBe(false);
  end.abort();
  await sleeping;
});

test("a sleep lasts at least as long as asked", async () => {
  const began = performance.now();
  await systemClock.sleep(20);
  expect(performance.now() - began).toBeGreaterThanOrEqual(19);
});

test("chance is in [0, 1)", () => {
  const drawn = Array.from({ length: 1_000 }, systemRandom);
  expect(drawn.every((number) => number >= 0 && number < 1)).toBe(true);
});
