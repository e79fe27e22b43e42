/** An informer over a source that a test answers by hand. */
import { Informer } from "../../../src/informers/informer.ts";
import type { EngineEvent } from "../../../src/ports/observer.ts";
import type { Source } from "../../../src/ports/source.ts";
import { ManualClock } from "../../support/clock.ts";

interface Listing {
  readonly answer: (reading: readonly string[]) => void;
  readonly fail: (error: Error) => void;
}

interface Stream {
  readonly hint: () => void;
  /** The stream breaks: an error, or an end without one. */
  readonly break: (error?: Error) => void;
}

type Signalled = { readonly error?: Error } | "hint";

/** Every listing and every subscription waits for the test, and is told in the order in which it came. */
class HandSource implements Source<readonly string[]> {
  readonly listings: Listing[] = [];
  readonly streams: Stream[] = [];
  readonly order: string[] = [];

  list(signal: AbortSignal): Promise<readonly string[]> {
    this.order.push("list");
    return new Promise((answer, fail) => {
      this.listings.push({ answer, fail });
      signal.addEventListener("abort", () => fail(new Error("aborted")), { once: true });
    });
  }

  async *changes(signal: AbortSignal): AsyncGenerator<void> {
    this.order.push("subscribe");
    const queue: Signalled[] = [];
    let wake: () => void = () => undefined;
    const push = (what: Signalled): void => {
      queue.push(what);
      wake();
    };
    this.streams.push({
      hint: () => push("hint"),
      break: (error) => push(error === undefined ? {} : { error }),
    });
    signal.addEventListener("abort", () => push({}), { once: true });
    for (;;) {
      const next = queue.shift();
      if (next === undefined) await new Promise<void>((go) => (wake = go));
      else if (next === "hint") yield;
      else if (next.error !== undefined) throw next.error;
      else return;
    }
  }
}

export interface Bench {
  readonly source: HandSource;
  readonly informer: Informer<readonly string[]>;
  readonly clock: ManualClock;
  readonly events: readonly EngineEvent[];
  /** The keys that each reading was told to have changed. */
  readonly told: readonly (readonly string[])[];
  /** Answers the newest listing. */
  readonly answer: (...reading: readonly string[]) => Promise<void>;
  readonly fail: (message: string) => Promise<void>;
  /** Aborts, and resolves when the informer has ended. */
  readonly stop: () => Promise<void>;
}

export const RESYNC = 30_000;

export function aRunningInformer(): Bench {
  const clock = new ManualClock(0);
  const source = new HandSource();
  const events: EngineEvent[] = [];
  const told: (readonly string[])[] = [];
  const end = new AbortController();
  const informer = new Informer<readonly string[]>({
    name: "things",
    source,
    count: (reading) => reading.length,
    changed: (before, after) => after.filter((item) => before?.includes(item) !== true),
    onReading: (keys) => told.push(keys),
    clock,
    random: () => 0.5,
    observer: (event) => events.push(event),
    resync: RESYNC,
  });
  const running = informer.run(end.signal);
  return {
    source,
    informer,
    clock,
    events,
    told,
    answer: async (...reading) => {
      source.listings.at(-1)?.answer(reading);
      await clock.advance(0);
    },
    fail: async (message) => {
      source.listings.at(-1)?.fail(new Error(message));
      await clock.advance(0);
    },
    stop: () => {
      end.abort();
      return running;
    },
  };
}
