/** Hints from blocking queries whose indexes do what real ones do only rarely. */
import { describe, expect, test, vi } from "vitest";
import { hints, quietly } from "../../../../src/adapters/consul/hints.ts";
import type { Poll } from "../../../../src/adapters/consul/hints.ts";
import type { Clock } from "../../../../src/ports/time.ts";

/** Time does not pass: the floor is tested in the contract. */
const clock: Clock = {
  now: () => 0,
  sleep: () => new Promise(setImmediate),
};

/** Answers with each index in turn, then blocks until aborted. Keeps what it was asked with. */
function scripted(...answers: readonly number[]): { readonly poll: Poll; readonly asked: (number | undefined)[] } {
  const asked: (number | undefined)[] = [];
  const poll: Poll = (index, signal) => {
    asked.push(index);
    const answer = answers[asked.length - 1];
    if (answer !== undefined) return Promise.resolve(answer);
    return new Promise((_, reject) => {
      if (signal.aborted) reject(new Error("aborted"));
      signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
    });
  };
  return { poll, asked };
}

function follow(...polls: readonly Poll[]): { count: () => number; stop: () => void; ended: Promise<void> } {
  const stop = new AbortController();
  let count = 0;
  const run = async (): Promise<void> => {
    for await (const _ of quietly(hints(polls, clock, stop.signal), stop.signal)) count += 1;
  };
  return { count: () => count, stop: () => stop.abort(), ended: run() };
}

describe("hints", () => {
  test("ask on with the index of the last answer, and stay silent when it did not move", async () => {
    const { poll, asked } = scripted(7, 7, 7);
    const stream = follow(poll);
    await vi.waitFor(() => expect(asked).toEqual([undefined, 7, 7, 7]));
    stream.stop();
    await stream.ended;
    expect(stream.count()).toBe(1);
  });

  test("begin anew, with a hint, when an index goes back", async () => {
    const { poll, asked } = scripted(100, 5, 5, 6);
    const stream = follow(poll);
    await vi.waitFor(() => expect(asked).toEqual([undefined, 100, 1, 5, 6]));
    stream.stop();
    await stream.ended;
    expect(stream.count()).toBeGreaterThan(1);
  });

  test("never ask with an index of 0, which would not block", async () => {
    const { poll, asked } = scripted(0, 0);
    const stream = follow(poll);
    await vi.waitFor(() => expect(asked).toEqual([undefined, 1, 1]));
    stream.stop();
    await stream.ended;
  });

  test("come when any of several queries moves, and first when all have answered", async () => {
    const [quiet, moving] = [scripted(3), scripted(8, 9)];
    let answer: (index: number) => void = () => undefined;
    const late: Poll = (index, signal) =>
      index === undefined ? new Promise((resolve) => (answer = resolve)) : quiet.poll(index, signal);
    const stream = follow(late, moving.poll);
    await new Promise(setImmediate);
    expect(stream.count()).toBe(0);
    answer(3);
    await vi.waitFor(() => expect(stream.count()).toBe(2));
    stream.stop();
    await stream.ended;
  });

  test("throw when a query fails, and leave no other query behind", async () => {
    const other = scripted(1);
    let isAborted = false;
    const watched: Poll = (index, signal) => {
      signal.addEventListener("abort", () => (isAborted = true));
      return other.poll(index, signal);
    };
    let asked = 0;
    const failing: Poll = () => {
      asked += 1;
      return asked === 1 ? Promise.resolve(1) : Promise.reject(new Error("connection reset"));
    };
    const stream = follow(watched, failing);
    await expect(stream.ended).rejects.toThrow("connection reset");
    expect(isAborted).toBe(true);
  });
});
