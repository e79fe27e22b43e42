/** Something that changes, and those who wait for it: the fake's blocking queries. */
import type { Millis } from "../../../../src/model/job.ts";
import { PortFailure } from "../../../../src/ports/failure.ts";
import type { Clock } from "../../../../src/ports/time.ts";

/** Least time between two hints, as in the real adapter. */
const FLOOR: Millis = 100;

export class Topic {
  #version = 0;
  /** How many times all streams broke. */
  #breaks = 0;
  #wakes = new Set<() => void>();

  bump(): void {
    this.#version += 1;
    this.#wakeAll();
  }

  /** Ends every open stream with an error, as a restart of Consul does. */
  breakStreams(): void {
    this.#breaks += 1;
    this.#wakeAll();
  }

  async *changes(clock: Clock, signal: AbortSignal): AsyncGenerator<void> {
    if (signal.aborted) return;
    const breaks = this.#breaks;
    let seen = this.#version;
    yield;
    for (;;) {
      await this.#moved(() => this.#version !== seen || this.#breaks !== breaks, signal);
      if (signal.aborted) return;
      if (this.#breaks !== breaks) throw broken();
      seen = this.#version;
      yield;
      await clock.sleep(FLOOR, signal);
    }
  }

  async #moved(isSo: () => boolean, signal: AbortSignal): Promise<void> {
    while (!isSo() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#wakes.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        this.#wakes.add(wake);
        signal.addEventListener("abort", wake, { once: true });
      });
    }
  }

  #wakeAll(): void {
    for (const wake of this.#wakes) wake();
  }
}

function broken(): PortFailure {
  return new PortFailure({
    code: "unreachable",
    call: "consul: watch",
    message: "the connection was reset",
    effect: "none",
    retry: "backoff",
  });
}
