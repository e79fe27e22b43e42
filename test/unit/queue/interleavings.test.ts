/** The guarantees of the work queue under every order of adding, failing, ending and waiting that chance comes up with. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { aQueue, type Bench, type Turn } from "./harness.ts";

const WORKERS = 2;

/** What is owed to each key, told by the same story without a pool, timers or promises. */
class Ledger {
  /** Who asked for a turn as soon as may be. */
  readonly #asked = new Map<string, "hint" | "urgent">();
  /** The earliest time for which one was asked. */
  readonly #wished = new Map<string, number>();
  /** Until when hints are held back. */
  readonly #until = new Map<string, number>();

  hint(key: string, now: number): void {
    const until = this.#until.get(key) ?? 0;
    if (until > now) this.wish(key, until);
    else if (!this.#asked.has(key)) this.#asked.set(key, "hint");
  }

  urge(key: string): void {
    this.#until.delete(key);
    this.#asked.set(key, "urgent");
  }

  wish(key: string, at: number): void {
    this.#wished.set(key, Math.min(this.#wished.get(key) ?? Number.POSITIVE_INFINITY, at));
  }

  failed(key: string, now: number, delay: number): void {
    if (this.#asked.get(key) === "hint") this.#asked.delete(key);
    this.#until.set(key, now + delay);
    this.wish(key, now + delay);
  }

  well(key: string): void {
    this.#until.delete(key);
  }

  began(key: string): void {
    this.#asked.delete(key);
    this.#wished.delete(key);
  }

  /** A wish that has come true is from then on like a hint. */
  passed(now: number): void {
    for (const [key, at] of this.#wished) {
      if (at > now) continue;
      this.#wished.delete(key);
      if (!this.#asked.has(key)) this.#asked.set(key, "hint");
    }
  }

  due(now: number): readonly string[] {
    const wished = [...this.#wished].flatMap(([key, at]) => (at <= now ? [key] : []));
    return [...new Set([...this.#asked.keys(), ...wished])];
  }
}

type Act =
  | { readonly kind: "add" | "addNow"; readonly key: string }
  | { readonly kind: "addAfter"; readonly key: string; readonly delay: number }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "end" | "fail"; readonly which: number };

const keys = fc.constantFrom("a", "b", "c");
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom("add", "addNow"), key: keys }),
  fc.record({ kind: fc.constant("addAfter" as const), key: keys, delay: fc.nat(300) }),
  fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(300) }),
  fc.record({ kind: fc.constantFrom("end", "fail"), which: fc.nat(WORKERS - 1) }),
);

test("every turn that is owed is had in time, none that is not, never two of a key, never more than there are workers", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { maxLength: 40 }), async (story) => {
      const bench = aQueue({ workers: WORKERS, base: 100, cap: 400 });
      const ledger = new Ledger();
      let seen = 0;
      for (const act of story) {
        await perform(act, bench, ledger);
        await bench.clock.advance(0);
        seen = account(bench, ledger, seen);
        ledger.passed(bench.clock.now());
      }
      await finish(bench);
      account(bench, ledger, seen);
      expect(ledger.due(bench.clock.now())).toEqual([]);
      expect(bench.queue.idle).toBe(true);
    }),
    { numRuns: 150 },
  );
});

async function perform(act: Act, bench: Bench, ledger: Ledger): Promise<void> {
  const { queue, clock } = bench;
  switch (act.kind) {
    case "add":
      ledger.hint(act.key, clock.now());
      queue.add(act.key);
      return;
    case "addNow":
      ledger.urge(act.key);
      queue.addNow(act.key);
      return;
    case "addAfter":
      ledger.wish(act.key, clock.now() + act.delay);
      queue.addAfter(act.key, act.delay);
      return;
    case "wait":
      return clock.advance(act.ms);
    case "end":
      return endTurn(ledger, [...bench.inHand][act.which]);
    case "fail":
      return failTurn(bench, ledger, [...bench.inHand][act.which]);
  }
}

async function endTurn(ledger: Ledger, turn: Turn | undefined): Promise<void> {
  await turn?.end((queue) => {
    queue.forget(turn.key);
    ledger.well(turn.key);
  });
}

async function failTurn({ clock, delays }: Bench, ledger: Ledger, turn: Turn | undefined): Promise<void> {
  await turn?.end((queue) => {
    queue.retry(turn.key);
    ledger.failed(turn.key, clock.now(), delays.at(-1) ?? 0);
  });
}

/** Books the turns that began since the last time; returns how many are booked. */
function account({ turns, inHand, clock }: Bench, ledger: Ledger, booked: number): number {
  for (const { key, at } of turns.slice(booked)) {
    expect(ledger.due(at), `a turn of ${key} at ${at} that nobody asked for`).toContain(key);
    ledger.began(key);
  }
  const held = [...inHand].map(({ key }) => key);
  expect(new Set(held).size).toBe(held.length);
  expect(held.length).toBeLessThanOrEqual(WORKERS);
  const isIdleWorker = held.length < WORKERS;
  const late = ledger.due(clock.now()).filter((key) => !held.includes(key));
  if (isIdleWorker) expect(late, "a worker is free and a turn is due").toEqual([]);
  return turns.length;
}

/** Ends every turn and lets all wishes come true. */
async function finish(bench: Bench): Promise<void> {
  for (let round = 0; round < 50; round++) {
    for (const turn of bench.inHand) await turn.end();
    await bench.clock.advance(100);
  }
}
