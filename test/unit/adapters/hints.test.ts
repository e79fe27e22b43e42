/** Hints from callbacks to a loop. */
import { expect, test } from "vitest";
import { Hints } from "../../../src/adapters/hints.ts";

test("hints that come before they are read are one", async () => {
  const hints = new Hints();
  for (let i = 0; i < 3; i += 1) hints.notify();
  const reader = hints.read();
  expect(await reader.next()).toEqual({ done: false, value: undefined });
  const next = reader.next();
  hints.end();
  expect(await next).toEqual({ done: true, value: undefined });
});

test("a waiting reader is woken by each hint", async () => {
  const hints = new Hints();
  const reader = hints.read();
  for (let i = 0; i < 3; i += 1) {
    const next = reader.next();
    hints.notify();
    expect((await next).done).toBe(false);
  }
});

test("a broken stream fails the reader with the first error", async () => {
  const hints = new Hints();
  const next = hints.read().next();
  hints.end(new Error("first"));
  hints.end(new Error("second"));
  await expect(next).rejects.toThrow("first");
});
