/** The informer: keeps the newest whole reading of one source, and tells which keys it changed. */
import type { Millis } from "../model/job.ts";
import { type FailureCode, PortFailure } from "../ports/failure.ts";
import type { Observer } from "../ports/observer.ts";
import type { Source } from "../ports/source.ts";
import type { Clock, Random } from "../ports/time.ts";

export interface InformerOptions<T> {
  /** Names the source in logs and metrics. */
  readonly name: string;
  readonly source: Source<T>;
  /** How many objects a reading holds, for the metrics. */
  readonly count: (reading: T) => number;
  /** Keys of what differs between two readings; every key of `after` when there was none before. */
  readonly changed: (before: T | undefined, after: T) => readonly string[];
  /** Called with those keys after the store holds the new reading, also when there are none. Only enqueues. */
  readonly onReading: (keys: readonly string[]) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly resync: Millis;
}

/** How long to pause after a failed listing or a broken stream; doubles up to the cap. */
const PAUSE: Millis = 200;
const PAUSE_CAP: Millis = 10_000;

interface Waiter {
  readonly after: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * An event is only a hint to look; it carries no truth. After every subscription a listing follows, so a stream that broke
 * has missed nothing. Readings are numbered by when they BEGAN: `freshAfter(mark())` waits for one that began after the mark.
 */
export class Informer<T> {
  readonly #options: InformerOptions<T>;
  #reading: T | undefined;
  /** Number of listings begun, and of the newest one that the store holds. */
  #begun = 0;
  #held = 0;
  #poked = true;
  #wake: () => void = () => undefined;
  #waiters: Waiter[] = [];
  /** What the last listing failed with, if it did. */
  #failure: unknown;
  #ended = false;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
  }

  /** The newest reading; undefined until the first listing succeeded. */
  get reading(): T | undefined {
    return this.#reading;
  }

  /** A point in the order of readings: everything done so far is seen by any reading after it. */
  mark(): number {
    return this.#begun;
  }

  /**
   * Resolves when the store holds a reading that began after the mark. Rejects if such a listing failed, if none will come, and
   * at once while listings fail: the caller has better things to do than to wait for the source to come back.
   */
  freshAfter(mark: number): Promise<void> {
    if (this.#held > mark) return Promise.resolve();
    if (this.#ended) return Promise.reject(this.#stopped());
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ after: mark, resolve, reject });
      this.poke();
    });
  }

  /** Look again soon. */
  poke(): void {
    this.#poked = true;
    this.#wake();
  }

  /** Watches and lists until aborted. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#watch(signal), this.#listAgainAndAgain(signal)]);
    this.#ended = true;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#stopped());
  }

  #stopped(): PortFailure {
    const message = "Remora is stopping";
    return new PortFailure({
      code: "aborted",
      call: `list ${this.#options.name}`,
      message,
      effect: "none",
      retry: "never",
    });
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { source, name, clock, observer } = this.#options;
    let pause = PAUSE;
    while (!signal.aborted) {
      let why = "the stream ended";
      try {
        for await (const _ of source.changes(signal)) {
          pause = PAUSE;
          this.poke();
        }
      } catch (error) {
        why = error instanceof Error ? error.message : String(error);
      }
      if (signal.aborted) return;
      observer({ kind: "watch-broken", source: name, error: why });
      await clock.sleep(pause, signal);
      pause = Math.min(PAUSE_CAP, pause * 2);
    }
  }

  async #listAgainAndAgain(signal: AbortSignal): Promise<void> {
    let pause = PAUSE;
    while (!signal.aborted) {
      this.#poked = false;
      const ok = await this.#list(signal);
      if (signal.aborted) return;
      if (ok) {
        pause = PAUSE;
        await this.#pokedOrResync(signal);
      } else {
        await this.#options.clock.sleep(pause, signal);
        pause = Math.min(PAUSE_CAP, pause * 2);
      }
    }
  }

  async #list(signal: AbortSignal): Promise<boolean> {
    const { source, name, clock, observer } = this.#options;
    const number = ++this.#begun;
    const began = clock.now();
    try {
      const reading = await source.list(signal);
      const before = this.#reading;
      const keys = this.#options.changed(before, reading);
      this.#reading = reading;
      this.#held = number;
      this.#failure = undefined;
      const changed = keys.length > 0 || before === undefined;
      observer({ kind: "listed", source: name, count: this.#options.count(reading), changed, ms: clock.now() - began });
      this.#settle(number, (waiter) => waiter.resolve());
      this.#options.onReading(keys);
      return true;
    } catch (error) {
      this.#failure = error;
      if (!signal.aborted) observer({ kind: "list-failed", source: name, ...told(error) });
      this.#settle(number, (waiter) => waiter.reject(error));
      return false;
    }
  }

  #settle(number: number, act: (waiter: Waiter) => void): void {
    const due = this.#waiters.filter((waiter) => number > waiter.after);
    this.#waiters = this.#waiters.filter((waiter) => number <= waiter.after);
    for (const waiter of due) act(waiter);
  }

  async #pokedOrResync(signal: AbortSignal): Promise<void> {
    if (this.#poked || signal.aborted) return;
    const { clock, random, resync } = this.#options;
    const rest = new AbortController();
    const stop = (): void => rest.abort();
    signal.addEventListener("abort", stop, { once: true });
    this.#wake = stop;
    await clock.sleep(Math.round(resync * (0.9 + 0.2 * random())), rest.signal);
    this.#wake = () => undefined;
    signal.removeEventListener("abort", stop);
  }
}

function told(error: unknown): { readonly error: string; readonly code?: FailureCode } {
  if (error instanceof PortFailure) return { error: error.message, code: error.code };
  return { error: error instanceof Error ? error.message : String(error) };
}
