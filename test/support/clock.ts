/** A clock that only moves when a test moves it, and that lets what it woke finish before it moves on. */
import { setImmediate as nextTick } from "node:timers/promises";
import type { Clock } from "../../src/ports/time.ts";

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Everything that can go on without time passing has gone on. */
export async function quiet(): Promise<void> {
  for (let round = 0; round < 3; round++) await nextTick();
}

export class ManualClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((done) => {
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        done();
      };
      const sleeper: Sleeper = { until: this.#now + Math.max(0, ms), wake };
      if (signal?.aborted === true) {
        done();
        return;
      }
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  /** How many wait for time to pass. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  /** When the next of them wakes; undefined if nobody waits. */
  get nextWake(): number | undefined {
    return this.#next()?.until;
  }

  /** Lets `ms` pass: sleepers wake in the order of their times, each at its own time. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await quiet();
    for (let next = this.#next(); next !== undefined && next.until <= end; next = this.#next()) {
      this.#now = Math.max(this.#now, next.until);
      next.wake();
      await quiet();
    }
    this.#now = end;
  }

  #next(): Sleeper | undefined {
    return [...this.#sleepers].sort((a, b) => a.until - b.until)[0];
  }
}
