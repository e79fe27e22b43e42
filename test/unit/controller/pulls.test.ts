/** Image pulls: one per image however many want it, with a back-off of their own, and everyone is told. */
import { describe, expect, test } from "vitest";
import { Pulls } from "../../../src/controller/pulls.ts";
import { PortFailure } from "../../../src/ports/failure.ts";
import type { Runtime } from "../../../src/ports/runtime.ts";
import { ManualClock } from "../../support/clock.ts";

interface Bench {
  readonly pulls: Pulls;
  readonly clock: ManualClock;
  /** Pulls under way. */
  readonly running: { readonly image: string; readonly done: () => void; readonly fail: (why: string) => void }[];
  /** Who was woken, and after how long. */
  readonly woken: string[];
}

function aBench(): Bench {
  const clock = new ManualClock(0);
  const running: Bench["running"] = [];
  const woken: string[] = [];
  const pullImage = (image: string): Promise<void> =>
    new Promise((done, reject) => {
      const fail = (message: string): void =>
        reject(new PortFailure({ code: "server", call: "pull", message, effect: "none", retry: "backoff" }));
      running.push({ image, done, fail });
    });
  const pulls = new Pulls({
    runtime: { pullImage } as unknown as Runtime,
    clock,
    random: () => 1,
    wake: (key, after) => woken.push(`${key} ${after}`),
    signal: new AbortController().signal,
  });
  return { pulls, clock, running, woken };
}

describe("a pull", () => {
  test("is one for all that want the image, and each gets a turn when it is done", async () => {
    const { pulls, clock, running, woken } = aBench();
    for (const key of ["a", "b", "a"]) pulls.want("app:1", key);
    pulls.want("app:2", "c");
    expect(running.map(({ image }) => image)).toEqual(["app:1", "app:2"]);
    expect(pulls.describe("app:1")).toBe("the image app:1 is being pulled");
    running[0]?.done();
    await clock.advance(0);
    expect(woken).toEqual(["a 0", "b 0"]);
  });

  test("that failed says why and when it is tried again, and not before", async () => {
    const { pulls, clock, running, woken } = aBench();
    pulls.want("app:1", "a");
    running[0]?.fail("no such host");
    await clock.advance(0);
    expect(woken).toEqual(["a 0"]);
    expect(pulls.describe("app:1")).toBe("the image app:1 cannot be pulled (pull: no such host), next try in 1 s");
    pulls.want("app:1", "a");
    expect(woken.at(-1)).toBe("a 1000");
    expect(running).toHaveLength(1);
    await clock.advance(1_000);
    pulls.want("app:1", "a");
    expect(running).toHaveLength(2);
  });

  test("backs off further with every failure, up to a minute, and starts afresh after a success", async () => {
    const { pulls, clock, running } = aBench();
    const waits: number[] = [];
    const fail = async (): Promise<void> => {
      pulls.want("app:1", "a");
      running.at(-1)?.fail("refused");
      await clock.advance(0);
      const began = clock.now();
      const count = running.length;
      while (running.length === count) {
        await clock.advance(1_000);
        pulls.want("app:1", "a");
      }
      waits.push((clock.now() - began) / 1_000);
    };
    for (let time = 0; time < 8; time++) await fail();
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    running.at(-1)?.done();
    await clock.advance(0);
    await fail();
    expect(waits.at(-1)).toBe(1);
  });

  test("is waited for by a stop", async () => {
    const { pulls, clock, running } = aBench();
    pulls.want("app:1", "a");
    let isSettled = false;
    const settled = pulls.settled().then(() => (isSettled = true));
    await clock.advance(0);
    expect(isSettled).toBe(false);
    running[0]?.fail("aborted");
    await settled;
  });
});
