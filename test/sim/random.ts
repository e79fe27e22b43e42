/** Seeded chance: the same seed gives the same run (mulberry32 over an FNV-1a hash of the names it was forked by). */
import type { Random } from "../../src/ports/time.ts";

export class Chance {
  readonly #seed: number;
  #state: number;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
    this.#state = this.#seed;
  }

  /** A stream of its own: what is drawn from it moves no other. */
  fork(name: string): Chance {
    let hash = 0x811c9dc5 ^ this.#seed;
    for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
    return new Chance(Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d));
  }

  /** In [0, 1). */
  readonly next: Random = () => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.next() * list.length)];
  }
}
