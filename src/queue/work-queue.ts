/** The keyed work queue: a key waits once, runs once at a time, and retries with its own back-off and jitter. */
import PQueue from "p-queue";
import type { Millis } from "../model/job.ts";
import type { Observer } from "../ports/observer.ts";
import type { Clock, Random } from "../ports/time.ts";

export interface Backoff {
  /** Delay after the first failure. */
  readonly base: Millis;
  readonly cap: Millis;
}

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  /** How many keys are in hand at once. */
  readonly workers: number;
  readonly backoff: Backoff;
  /** One turn. It decides itself what comes next (`retry`, `addAfter`, `forget`); an error it throws is a defect and ends up in `onDefect`. */
  readonly handle: (key: string) => Promise<void>;
  readonly onDefect: (key: string, error: unknown) => void;
}

interface Wish {
  readonly at: Millis;
  readonly cancel: AbortController;
}

interface Need {
  readonly since: Millis;
  /** It came from `addNow`, so no back-off holds it. */
  readonly urgent: boolean;
}

/**
 * client-go's guarantees: added many times before its turn = one turn; added during its turn = one more turn after it;
 * two turns of one key never overlap. In addition a key that failed keeps its back-off when a hint adds it again
 * (its own failing acts cause hints), until `forget` or `addNow`.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #pool: PQueue;
  /** Keys that need a turn; those also in #inHand get it when the present turn ends. */
  readonly #dirty = new Map<string, Need>();
  /** Keys whose turn is running. */
  readonly #inHand = new Set<string>();
  /** Keys to add later; the earlier wish wins. */
  readonly #later = new Map<string, Wish>();
  /** Failures in a row, and until when hints are held back. */
  readonly #failures = new Map<string, { readonly count: number; readonly until: Millis }>();
  #closed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#pool = new PQueue({ concurrency: options.workers });
  }

  /** Asks for a turn as soon as the key's back-off allows. */
  add(key: string): void {
    const wait = (this.#failures.get(key)?.until ?? 0) - this.#options.clock.now();
    if (wait > 0) this.addAfter(key, wait);
    else this.#enqueue(key, false);
  }

  /** Asks for a turn at once: what is wanted changed, so the old failure says nothing any more. */
  addNow(key: string): void {
    this.forget(key);
    this.#enqueue(key, true);
  }

  addAfter(key: string, delay: Millis): void {
    if (this.#closed) return;
    const at = this.#options.clock.now() + Math.max(0, delay);
    const earlier = this.#later.get(key);
    if (earlier !== undefined && earlier.at <= at) return;
    earlier?.cancel.abort();
    const wish: Wish = { at, cancel: new AbortController() };
    this.#later.set(key, wish);
    void this.#options.clock.sleep(delay, wish.cancel.signal).then(() => {
      if (this.#later.get(key) !== wish) return;
      this.#later.delete(key);
      this.#enqueue(key, false);
    });
  }

  /** Asks for another try after this key's own back-off: doubling, between half and all of it by chance. */
  retry(key: string): void {
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const { base, cap } = this.#options.backoff;
    const full = Math.min(cap, base * 2 ** Math.min(count - 1, 30));
    const delay = Math.round(full / 2 + (full / 2) * this.#options.random());
    this.#failures.set(key, { count, until: this.#options.clock.now() + delay });
    this.#options.observer({ kind: "queue-retry", key, delay });
    // A hint that came during the turn that failed is as likely its own echo: it waits for the back-off too.
    if (this.#inHand.has(key) && this.#dirty.get(key)?.urgent === false) this.#dirty.delete(key);
    this.addAfter(key, delay);
  }

  /** The key is well: its next failure starts from the first back-off. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** Failures in a row. */
  failures(key: string): number {
    return this.#failures.get(key)?.count ?? 0;
  }

  /** Nothing waits and nothing runs; wishes for later do not count. */
  get idle(): boolean {
    return this.#dirty.size === 0 && this.#inHand.size === 0;
  }

  /** No new turns; resolves when those in hand have ended. */
  async shutDown(): Promise<void> {
    this.#closed = true;
    for (const wish of this.#later.values()) wish.cancel.abort();
    this.#later.clear();
    this.#dirty.clear();
    this.#pool.clear();
    await this.#pool.onIdle();
  }

  #enqueue(key: string, urgent: boolean): void {
    if (this.#closed) return;
    const waits = this.#dirty.get(key);
    this.#dirty.set(key, {
      since: waits?.since ?? this.#options.clock.now(),
      urgent: urgent || waits?.urgent === true,
    });
    if (waits !== undefined) return;
    this.#options.observer({ kind: "queue-add", depth: this.#dirty.size });
    if (!this.#inHand.has(key)) this.#schedule(key);
  }

  #schedule(key: string): void {
    void this.#pool.add(() => this.#turn(key));
  }

  async #turn(key: string): Promise<void> {
    const { clock, observer } = this.#options;
    const began = clock.now();
    const waited = began - (this.#dirty.get(key)?.since ?? began);
    this.#dirty.delete(key);
    this.#later.get(key)?.cancel.abort();
    this.#later.delete(key);
    this.#inHand.add(key);
    observer({ kind: "queue-get", depth: this.#dirty.size, waited });
    try {
      await this.#options.handle(key);
    } catch (error) {
      this.#options.onDefect(key, error);
      this.retry(key);
    } finally {
      this.#inHand.delete(key);
      observer({ kind: "queue-done", took: clock.now() - began });
      if (!this.#closed && this.#dirty.has(key)) this.#schedule(key);
    }
  }
}
