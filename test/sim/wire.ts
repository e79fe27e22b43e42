/** How every call of the controller travels to the world and back: one function, through which all faults go. */
import type { Millis } from "../../src/model/job.ts";
import { CALL_LIMIT } from "../../src/model/settings.ts";
import { PortFailure, type FailureCode } from "../../src/ports/failure.ts";
import type { Clock } from "../../src/ports/time.ts";
import type { Source } from "../../src/ports/source.ts";
import type { Chance } from "./random.ts";

export interface Call {
  readonly api: "docker" | "consul" | "files" | "probe";
  readonly operation: string;
  readonly subject: string;
  /** It changes the world. */
  readonly write: boolean;
}

/** What happens to one call. Times in milliseconds. */
export type Fault =
  /** It arrives after `there` and is answered after `back`: a long `back` makes a reading stale. */
  | { readonly kind: "none"; readonly there: Millis; readonly back: Millis }
  /** It fails and has no effect. */
  | { readonly kind: "before"; readonly there: Millis }
  /** It takes effect, and the answer is lost. */
  | { readonly kind: "after"; readonly there: Millis; readonly back: Millis }
  /** It reports a failure after `report`, and takes effect `late` after that. */
  | { readonly kind: "late"; readonly report: Millis; readonly late: Millis }
  /** It reports a failure after `report`, and never takes effect. */
  | { readonly kind: "lost"; readonly report: Millis }
  /** The controller dies before it arrives, or after it took effect. */
  | { readonly kind: "crash-before"; readonly there: Millis }
  | { readonly kind: "crash-after"; readonly there: Millis };

/** What happens to one hint of a stream, or to the stream when it is opened. */
export type StreamFault = "none" | "drop" | "double" | "break" | "silence";

/** Decides by seed, or by plan, what goes wrong. */
export interface Director {
  fault(call: Call): Fault;
  stream(name: string): StreamFault;
}

/** One life of a controller: nothing that belongs to a dead one ever goes on. */
export class Life {
  readonly #end = new AbortController();
  readonly #onEnd: () => void;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  get isOver(): boolean {
    return this.#end.signal.aborted;
  }

  get over(): AbortSignal {
    return this.#end.signal;
  }

  end(): void {
    if (this.isOver) return;
    this.#end.abort();
    this.#onEnd();
  }
}

/** The clock of one life: whoever slept when it ended never wakes. */
export function mortalClock(clock: Clock, life: Life): Clock {
  return {
    now: () => clock.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        void clock.sleep(ms, signal).then(() => {
          if (!life.isOver) resolve();
        });
      }),
  };
}

export interface WireOptions {
  readonly clock: Clock;
  readonly life: Life;
  readonly director: Director;
  readonly chance: Chance;
  /** Told of each call's end, and of each effect on the world at the moment it happens. */
  readonly log: (line: string) => void;
  readonly onEffect: (effect: Effect) => void;
}

/** A change of the world, at the moment it happens. */
export interface Effect extends Call {
  /** Whoever asked for it is dead: nobody waits for it any more. */
  readonly isOrphan: boolean;
}

export class Wire {
  readonly #options: WireOptions;

  constructor(options: WireOptions) {
    this.#options = options;
  }

  /** `act` does it to the world; it runs at most once, whether or not the caller still waits. */
  call<T>(call: Call, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    const { life, log } = this.#options;
    if (signal.aborted) return Promise.reject(failure(call, "aborted", "none"));
    return new Promise((resolve, reject) => {
      let open = true;
      const end = (outcome: string, finish: () => void): void => {
        if (!open || life.isOver) return;
        open = false;
        signal.removeEventListener("abort", giveUp);
        log(`${describe(call)} ${outcome}`);
        finish();
      };
      const giveUp = (): void =>
        end("aborted", () => reject(failure(call, "aborted", call.write ? "unknown" : "none")));
      signal.addEventListener("abort", giveUp, { once: true });
      this.#travel(call, act).then(
        (value) => end("ok", () => resolve(value)),
        (error: unknown) => end(String(error), () => reject(error)),
      );
    });
  }

  async #travel<T>(call: Call, act: () => Promise<T>): Promise<T> {
    const { clock, life, director } = this.#options;
    const fault = director.fault(call);
    switch (fault.kind) {
      case "none": {
        await clock.sleep(fault.there);
        const value = await this.#act(call, act);
        await clock.sleep(fault.back);
        return value;
      }
      case "before":
        await clock.sleep(fault.there);
        throw failure(call, "unreachable", "none");
      case "after":
        await clock.sleep(fault.there);
        await this.#act(call, act);
        await clock.sleep(fault.back);
        throw failure(call, "unreachable", call.write ? "unknown" : "none");
      case "late":
        await clock.sleep(fault.report);
        void this.#actLate(call, act, fault.late);
        throw failure(call, "timeout", call.write ? "unknown" : "none");
      case "lost":
        await clock.sleep(fault.report);
        throw failure(call, "timeout", call.write ? "unknown" : "none");
      case "crash-before":
      case "crash-after":
        await clock.sleep(fault.there);
        if (fault.kind === "crash-after") await this.#act(call, act);
        life.end();
        throw failure(call, "aborted", "unknown");
    }
  }

  #act<T>(call: Call, act: () => Promise<T>): Promise<T> {
    const { life, onEffect } = this.#options;
    if (call.write) onEffect({ ...call, isOrphan: life.isOver });
    return act();
  }

  async #actLate<T>(call: Call, act: () => Promise<T>, late: Millis): Promise<void> {
    await this.#options.clock.sleep(late);
    this.#options.log(`${describe(call)} lands late`);
    try {
      await this.#act(call, act);
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      this.#options.log(`${describe(call)} lands late and fails: ${error.message}`);
    }
  }

  /** Subscribed means the first hint came; any later one may be lost, doubled, late, or the last. */
  async *stream<T>(name: string, source: Source<T>, signal: AbortSignal): AsyncGenerator<void> {
    const { clock, life, director, chance } = this.#options;
    const own = AbortSignal.any([signal, life.over]);
    let isSilent = false;
    let isFirst = true;
    for await (const _ of source.changes(own)) {
      await clock.sleep(chance.between(1, 20));
      const fault = director.stream(name);
      if (fault === "break" && !isFirst) throw failure({ ...WATCH, subject: name }, "unreachable", "none");
      if (fault === "silence") isSilent = true;
      if (isFirst || (!isSilent && fault !== "drop")) yield;
      if (fault === "double" && !isSilent) yield;
      isFirst = false;
    }
  }
}

const WATCH: Call = { api: "docker", operation: "watch", subject: "", write: false };

export function describe({ api, operation, subject }: Call): string {
  return `${api}: ${operation} ${subject}`;
}

function failure(call: Call, code: FailureCode, effect: "none" | "unknown"): PortFailure {
  return new PortFailure({ code, call: describe(call), message: `simulated ${code}`, effect, retry: "backoff" });
}

/** Longest time after a failure was reported in which it may yet take effect: a little less than Remora waits it out. */
export const LATEST: Millis = CALL_LIMIT - 200;
