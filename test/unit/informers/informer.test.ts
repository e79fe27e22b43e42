/** The informer: hints carry no truth, every subscription is followed by a listing, and a reading is as new as it was asked to be. */
import { describe, expect, test } from "vitest";
import { PortFailure } from "../../../src/ports/failure.ts";
import { aRunningInformer, type Bench, RESYNC } from "./harness.ts";

/** A running informer that has read "a" and is subscribed. */
async function settled(): Promise<Bench> {
  const bench = aRunningInformer();
  await bench.answer("a");
  bench.source.streams.at(-1)?.hint();
  await bench.clock.advance(0);
  await bench.answer("a");
  return bench;
}

describe("listing", () => {
  test("happens again after the subscription, so that nothing between the two is missed", async () => {
    const bench = aRunningInformer();
    await bench.answer("a");
    expect(bench.source.listings).toHaveLength(1);
    bench.source.streams[0]?.hint();
    await bench.clock.advance(0);
    await bench.answer("a", "b");
    expect(bench.informer.reading).toEqual(["a", "b"]);
    expect(bench.source.listings).toHaveLength(2);
  });

  test("is due once for all hints that came since the last one began", async () => {
    const bench = await settled();
    const before = bench.source.listings.length;
    bench.source.streams[0]?.hint();
    await bench.clock.advance(0);
    for (let time = 0; time < 5; time++) bench.source.streams[0]?.hint();
    bench.informer.poke();
    await bench.clock.advance(0);
    expect(bench.source.listings).toHaveLength(before + 1);
    await bench.answer("a");
    await bench.answer("a");
    await bench.clock.advance(0);
    expect(bench.source.listings).toHaveLength(before + 2);
  });

  test("is due after every resync without a hint, a tenth sooner or later by chance", async () => {
    const bench = await settled();
    const before = bench.source.listings.length;
    await bench.clock.advance(RESYNC - 1);
    expect(bench.source.listings).toHaveLength(before);
    await bench.clock.advance(1);
    expect(bench.source.listings).toHaveLength(before + 1);
  });

  test("that failed keeps the last reading, and is tried again with a growing pause", async () => {
    const bench = await settled();
    bench.informer.poke();
    await bench.clock.advance(0);
    const from = bench.source.listings.length;
    const pauses: number[] = [];
    for (let time = 0; time < 8; time++) {
      await bench.fail("refused");
      pauses.push((bench.clock.nextWake ?? 0) - bench.clock.now());
      await bench.clock.advance(pauses.at(-1) ?? 0);
    }
    expect(bench.informer.reading).toEqual(["a"]);
    expect(pauses).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
    await bench.answer("b");
    expect(bench.source.listings).toHaveLength(from + 8);
    expect(bench.informer.reading).toEqual(["b"]);
  });

  test("tells which keys it changed after the store holds it, also when there are none", async () => {
    const bench = await settled();
    expect(bench.told).toEqual([["a"], []]);
    expect(bench.events.filter(({ kind }) => kind === "listed")).toEqual([
      { kind: "listed", source: "things", count: 1, changed: true, ms: 0 },
      { kind: "listed", source: "things", count: 1, changed: false, ms: 0 },
    ]);
  });
});

describe("freshAfter", () => {
  test("resolves at once for a reading that began after the mark", async () => {
    const bench = aRunningInformer();
    const mark = 0;
    await bench.answer("a");
    await expect(bench.informer.freshAfter(mark)).resolves.toBeUndefined();
  });

  test("does not believe a listing that was under way at the mark", async () => {
    const bench = await settled();
    bench.informer.poke();
    await bench.clock.advance(0);
    let isFresh = false;
    const fresh = bench.informer.freshAfter(bench.informer.mark()).then(() => (isFresh = true));
    await bench.answer("old");
    expect(isFresh).toBe(false);
    await bench.answer("new");
    await fresh;
    expect(bench.informer.reading).toEqual(["new"]);
  });

  test("causes the listing it waits for", async () => {
    const bench = await settled();
    const before = bench.source.listings.length;
    const fresh = bench.informer.freshAfter(bench.informer.mark());
    await bench.clock.advance(0);
    expect(bench.source.listings).toHaveLength(before + 1);
    await bench.answer("a");
    await fresh;
  });

  test("rejects when the listing it waited for failed, and only then", async () => {
    const bench = await settled();
    bench.informer.poke();
    await bench.clock.advance(0);
    const fresh = bench.informer.freshAfter(bench.informer.mark());
    const outcome = fresh.then(
      () => "fresh",
      (error: unknown) => String(error),
    );
    await bench.answer("a");
    await bench.fail("refused");
    expect(await outcome).toBe("Error: refused");
  });

  test("rejects at once while listings fail, and waits again once one has succeeded", async () => {
    const bench = await settled();
    bench.informer.poke();
    await bench.clock.advance(0);
    await bench.fail("refused");
    const before = bench.source.listings.length;
    await expect(bench.informer.freshAfter(bench.informer.mark())).rejects.toThrow("refused");
    expect(bench.source.listings).toHaveLength(before);
    await bench.clock.advance(200);
    await bench.answer("a");
    const fresh = bench.informer.freshAfter(bench.informer.mark());
    await bench.clock.advance(0);
    await bench.answer("b");
    await fresh;
    expect(bench.informer.reading).toEqual(["b"]);
  });

  test("rejects when the informer stops, and at once when it has", async () => {
    const bench = await settled();
    const waiting = bench.informer.freshAfter(bench.informer.mark());
    const rejected = expect(waiting).rejects.toBeInstanceOf(PortFailure);
    await bench.stop();
    await rejected;
    await expect(bench.informer.freshAfter(bench.informer.mark())).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("a stream of hints that broke", () => {
  test("is subscribed to again with a growing pause, and each time it is reported", async () => {
    const bench = await settled();
    const pauses: number[] = [];
    for (let time = 0; time < 3; time++) {
      const count = bench.source.streams.length;
      bench.source.streams.at(-1)?.break(new Error("gone"));
      const began = bench.clock.now();
      while (bench.source.streams.length === count) await bench.clock.advance(100);
      pauses.push(bench.clock.now() - began);
    }
    expect(pauses).toEqual([200, 400, 800]);
    const broken = bench.events.filter(({ kind }) => kind === "watch-broken");
    expect(broken).toEqual(pauses.map(() => ({ kind: "watch-broken", source: "things", error: "gone" })));
  });

  test("without an error is broken all the same", async () => {
    const bench = await settled();
    bench.source.streams[0]?.break();
    await bench.clock.advance(200);
    expect(bench.source.streams).toHaveLength(2);
    expect(bench.events.at(-1)).toEqual({ kind: "watch-broken", source: "things", error: "the stream ended" });
  });

  test("is followed by a listing once it is subscribed to again", async () => {
    const bench = await settled();
    const before = bench.source.listings.length;
    bench.source.streams[0]?.break(new Error("gone"));
    await bench.clock.advance(200);
    expect(bench.source.listings).toHaveLength(before);
    bench.source.streams[1]?.hint();
    await bench.clock.advance(0);
    expect(bench.source.listings).toHaveLength(before + 1);
  });
});

describe("stopping", () => {
  test("ends a pause, a subscription and a listing at once, and lists no more", async () => {
    const bench = await settled();
    bench.informer.poke();
    await bench.clock.advance(0);
    const before = bench.source.order.length;
    await bench.stop();
    await bench.clock.advance(RESYNC * 2);
    expect(bench.source.order).toHaveLength(before);
    expect(bench.clock.sleepers).toBe(0);
    expect(bench.events.filter(({ kind }) => kind === "list-failed")).toEqual([]);
  });
});
