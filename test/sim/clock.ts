/** Virtual time: a heap of timers, fired one by one, with every promise settled in between. */
import type { Millis } from "../../src/model/job.ts";
import type { Clock, Random } from "../../src/ports/time.ts";

interface Timer {
  readonly at: Millis;
  /** Orders timers of the same instant: by chance, so that no order is relied on. */
  readonly tie: number;
  readonly fire: () => void;
}

/** So many timers of one instant mean that something goes round in circles. */
const STANDSTILL = 20_000;

export class SimClock implements Clock {
  readonly #random: Random;
  readonly #heap: Timer[] = [];
  #now: Millis = Date.UTC(2024, 0, 1);
  #sameInstant = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  now(): Millis {
    return this.#now;
  }

  sleep(ms: Millis, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.#push({ at: this.#now + Math.max(0, Math.ceil(ms)), tie: this.#random(), fire: wake });
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  /** Fires the next timer that is due by `until`, then lets everything settle. False if there is none: then it is `until`. */
  async step(until: Millis): Promise<boolean> {
    const next = this.#heap[0];
    if (next === undefined || next.at > until) {
      this.#now = Math.max(this.#now, until);
      return false;
    }
    this.#pop();
    this.#sameInstant = next.at === this.#now ? this.#sameInstant + 1 : 0;
    if (this.#sameInstant > STANDSTILL) throw new Error("time stands still: timers of one instant beget each other");
    this.#now = Math.max(this.#now, next.at);
    next.fire();
    await settled();
    return true;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at], heap[parent])) return;
      swap(heap, at, parent);
      at = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = isBefore(heap[right], heap[left]) ? right : left;
      if (!isBefore(heap[child], heap[at])) return;
      swap(heap, at, child);
      at = child;
    }
  }
}

/** No real I/O exists here, so one turn of the event loop drains every promise. */
export function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function isBefore(a: Timer | undefined, b: Timer | undefined): boolean {
  if (a === undefined) return false;
  return b === undefined || a.at < b.at || (a.at === b.at && a.tie < b.tie);
}

function swap(heap: Timer[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]];
  if (first !== undefined) heap[b] = first;
  if (second !== undefined) heap[a] = second;
}
