/** The guarantees of the work queue: client-go's, and that a hint does not shorten a back-off. */
import { describe, expect, test } from "vitest";
import { quiet } from "../../support/clock.ts";
import { aQueue, running } from "./harness.ts";

describe("a key of the work queue", () => {
  test("has one turn however often it was added before it", async () => {
    const bench = aQueue({ workers: 1 });
    bench.queue.add("busy");
    for (let time = 0; time < 5; time++) bench.queue.add("a");
    await quiet();
    await running(bench).end();
    await running(bench).end();
    expect(bench.turns.map(({ key }) => key)).toEqual(["busy", "a"]);
    expect(bench.queue.idle).toBe(true);
  });

  test("has one more turn, after this one, when it is added during its turn", async () => {
    const bench = aQueue();
    bench.queue.add("a");
    await quiet();
    for (let time = 0; time < 5; time++) bench.queue.add("a");
    await quiet();
    expect(bench.inHand.size).toBe(1);
    expect(bench.queue.idle).toBe(false);
    await running(bench).end();
    expect(bench.turns).toHaveLength(2);
    await running(bench).end();
    expect(bench.turns).toHaveLength(2);
    expect(bench.queue.idle).toBe(true);
  });

  test("waits while all workers are busy, and others do not overtake it", async () => {
    const bench = aQueue({ workers: 2 });
    for (const key of ["a", "b", "c", "d"]) bench.queue.add(key);
    await quiet();
    expect([...bench.inHand].map(({ key }) => key)).toEqual(["a", "b"]);
    await running(bench).end();
    expect([...bench.inHand].map(({ key }) => key)).toEqual(["a", "c"]);
  });

  test("gets the earlier of two wishes for later, and that once", async () => {
    const bench = aQueue();
    bench.queue.addAfter("a", 500);
    bench.queue.addAfter("a", 200);
    bench.queue.addAfter("a", 300);
    await bench.clock.advance(199);
    expect(bench.turns).toHaveLength(0);
    await bench.clock.advance(1);
    await running(bench).end();
    await bench.clock.advance(1_000);
    expect(bench.turns.map(({ at }) => at)).toEqual([200]);
    expect(bench.clock.sleepers).toBe(0);
  });

  test("needs no later turn once it has had a sooner one", async () => {
    const bench = aQueue();
    bench.queue.addAfter("a", 500);
    bench.queue.add("a");
    await quiet();
    await running(bench).end();
    await bench.clock.advance(1_000);
    expect(bench.turns).toHaveLength(1);
  });

  test("keeps a wish that was made during its turn", async () => {
    const bench = aQueue();
    bench.queue.add("a");
    await quiet();
    await running(bench).end((queue) => queue.addAfter("a", 250));
    await bench.clock.advance(1_000);
    expect(bench.turns.map(({ at }) => at)).toEqual([0, 250]);
  });
});

describe("the back-off of a key", () => {
  test("doubles with every failure, up to the cap", async () => {
    const bench = aQueue({ base: 100, cap: 1_000, random: () => 1 });
    bench.queue.add("a");
    for (let time = 0; time < 6; time++) {
      await bench.clock.advance(2_000);
      await running(bench).end((queue) => queue.retry("a"));
    }
    expect(bench.delays).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(bench.queue.failures("a")).toBe(6);
  });

  test("is between half and all of the full delay, by chance", () => {
    const chances = [0, 0.5, 0.999];
    const bench = aQueue({ base: 1_000, cap: 1_000, random: () => chances.shift() ?? 0 });
    for (const key of ["a", "b", "c"]) bench.queue.retry(key);
    expect(bench.delays).toEqual([500, 750, 1_000]);
  });

  test("is not shortened by a hint", async () => {
    const bench = aQueue({ base: 100 });
    bench.queue.add("a");
    await quiet();
    await running(bench).end((queue) => queue.retry("a"));
    bench.queue.add("a");
    await bench.clock.advance(99);
    bench.queue.add("a");
    await quiet();
    expect(bench.turns).toHaveLength(1);
    await bench.clock.advance(1);
    expect(bench.turns.map(({ at }) => at)).toEqual([0, 100]);
  });

  test("is not shortened by a hint that came during the turn that failed", async () => {
    const bench = aQueue({ base: 100 });
    bench.queue.add("a");
    await quiet();
    bench.queue.add("a");
    await running(bench).end((queue) => queue.retry("a"));
    expect(bench.turns).toHaveLength(1);
    await bench.clock.advance(100);
    expect(bench.turns.map(({ at }) => at)).toEqual([0, 100]);
  });

  test("ends when what is wanted changes: addNow gives a turn at once", async () => {
    const bench = aQueue({ base: 100 });
    bench.queue.add("a");
    await quiet();
    await running(bench).end((queue) => queue.retry("a"));
    bench.queue.addNow("a");
    await quiet();
    await running(bench).end();
    expect(bench.turns.map(({ at }) => at)).toEqual([0, 0]);
    expect(bench.queue.failures("a")).toBe(0);
    await bench.clock.advance(1_000);
    expect(bench.turns).toHaveLength(2);
  });

  test("does not hold back an addNow that came during the turn that failed", async () => {
    const bench = aQueue({ base: 100 });
    bench.queue.add("a");
    await quiet();
    bench.queue.addNow("a");
    await running(bench).end((queue) => queue.retry("a"));
    expect(bench.turns.map(({ at }) => at)).toEqual([0, 0]);
  });

  test("starts again from the first delay after forget", async () => {
    const bench = aQueue({ base: 100 });
    for (let time = 0; time < 3; time++) bench.queue.retry("a");
    bench.queue.forget("a");
    bench.queue.retry("a");
    expect(bench.delays).toEqual([100, 200, 400, 100]);
  });

  test("is a key's own: another key is not held up", async () => {
    const bench = aQueue();
    bench.queue.retry("a");
    bench.queue.add("b");
    await quiet();
    expect(bench.turns.map(({ key }) => key)).toEqual(["b"]);
  });
});

describe("a turn that throws", () => {
  test("is reported as a defect and tried again with back-off", async () => {
    const bench = aQueue({ base: 100 });
    bench.queue.add("a");
    await quiet();
    await running(bench).fail(new Error("no such thing"));
    expect(bench.defects).toEqual(["a: Error: no such thing"]);
    await bench.clock.advance(100);
    expect(bench.turns).toHaveLength(2);
  });
});

describe("shutting down", () => {
  test("waits for the turns in hand and drops all that waits", async () => {
    const bench = aQueue({ workers: 1 });
    for (const key of ["a", "b"]) bench.queue.add(key);
    bench.queue.addAfter("c", 100);
    await quiet();
    let isDown = false;
    const down = bench.queue.shutDown().then(() => (isDown = true));
    await quiet();
    expect(isDown).toBe(false);
    await running(bench).end((queue) => {
      queue.add("a");
      queue.retry("a");
    });
    await down;
    await bench.clock.advance(10_000);
    expect(bench.turns.map(({ key }) => key)).toEqual(["a"]);
  });

  test("takes nothing any more", async () => {
    const bench = aQueue();
    await bench.queue.shutDown();
    bench.queue.add("a");
    bench.queue.addNow("a");
    bench.queue.addAfter("a", 10);
    bench.queue.retry("a");
    await bench.clock.advance(1_000);
    expect(bench.turns).toHaveLength(0);
    expect(bench.clock.sleepers).toBe(0);
  });
});
