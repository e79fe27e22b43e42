/** The one way every call to the engine goes: bounded in time, told to the observer, failing as a PortFailure. */
import type Dockerode from "dockerode";
import { CALL_LIMIT } from "../../model/settings.ts";
import type { PortFailure } from "../../ports/failure.ts";
import type { Observer } from "../../ports/observer.ts";
import type { Clock } from "../../ports/time.ts";
import { portFailure, unfinished } from "./errors.ts";
import type { Call } from "./errors.ts";

export interface EngineOptions {
  readonly docker: Dockerode;
  /** Where `docker` looks, for messages. */
  readonly address: string;
  readonly instance: string;
  readonly observer: Observer;
  readonly clock: Clock;
}

/** Makes one HTTP call. The request gets a signal of its own, which it must hand to the client. */
export type Ask = <T>(call: Call, request: (abortSignal: AbortSignal) => Promise<T>) => Promise<T>;

/** The reason a signal carries when it was the time that ran out. */
const TIME_IS_UP = Symbol("time is up");
const DONE = Symbol("done");

export class Engine {
  readonly docker: Dockerode;
  readonly instance: string;
  readonly clock: Clock;
  /** Where it is, for messages. */
  readonly address: string;
  /** When this process began to work with the engine. */
  readonly since: number;
  readonly #observer: Observer;

  constructor(options: EngineOptions) {
    this.docker = options.docker;
    this.instance = options.instance;
    this.clock = options.clock;
    this.since = options.clock.now();
    this.address = options.address;
    this.#observer = options.observer;
  }

  /** Does one piece of work, of one or several calls, within CALL_LIMIT. */
  async within<T>(signal: AbortSignal, work: (ask: Ask) => Promise<T>): Promise<T> {
    const bounded = childOf(signal);
    const done = new AbortController();
    // What is still under way when the work is done (after a first failure among several) is given up too.
    void this.clock.sleep(CALL_LIMIT, done.signal).then(() => bounded.abort(done.signal.aborted ? DONE : TIME_IS_UP));
    try {
      return await work(this.asking(bounded.signal));
    } finally {
      done.abort();
      bounded.release();
    }
  }

  /** Calls that last as long as the signal lets them: pulls, and the event stream. */
  asking(signal: AbortSignal): Ask {
    return (call, request) => this.#ask(call, signal, request);
  }

  async #ask<T>(call: Call, signal: AbortSignal, request: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) throw this.#gaveUp({ ...call, write: false }, signal);
    const own = childOf(signal);
    const began = this.clock.now();
    try {
      const answer = await Promise.race([request(own.signal), rejection(own.signal)]);
      this.#observe(call, began, "ok");
      return answer;
    } catch (error) {
      const failure = signal.aborted ? this.#gaveUp(call, signal) : portFailure(error, call, this.address);
      this.#observe(call, began, failure.code);
      throw failure;
    } finally {
      own.release();
    }
  }

  #gaveUp(call: Call, signal: AbortSignal): PortFailure {
    return unfinished(signal.reason === TIME_IS_UP ? "timeout" : "aborted", call, CALL_LIMIT);
  }

  #observe(call: Call, began: number, code: string): void {
    const { operation, write } = call;
    const outcome = code === "ok" ? "ok" : "error";
    this.#observer({ kind: "api-call", api: "docker", operation, write, outcome, code, ms: this.clock.now() - began });
  }
}

interface Child {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Lets go of the parent, so that a long-lived one does not collect listeners. */
  release(): void;
}

/** A signal that is aborted with its parent, or by itself. */
export function childOf(parent: AbortSignal): Child {
  const controller = new AbortController();
  const abort = (reason: unknown): void => controller.abort(reason);
  const follow = (): void => abort(parent.reason);
  parent.addEventListener("abort", follow, { once: true });
  if (parent.aborted) follow();
  return { signal: controller.signal, abort, release: () => parent.removeEventListener("abort", follow) };
}

/** Rejects when aborted: the client does not always settle when a connection ends in the middle of an answer. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, fail) => {
    signal.addEventListener("abort", () => fail(new Error("aborted")), { once: true });
  });
}
