/** Image pulls run beside the turns: minutes long, one per image, with a back-off of their own. */
import type { Millis } from "../model/job.ts";
import { PortFailure } from "../ports/failure.ts";
import type { Runtime } from "../ports/runtime.ts";
import type { Clock, Random } from "../ports/time.ts";

interface Pull {
  readonly state: "running" | "failed";
  readonly error: string;
  readonly failures: number;
  readonly again: Millis;
  /** Groups to look at when it ends. */
  readonly waiting: Set<string>;
}

const BASE: Millis = 1_000;
const CAP: Millis = 60_000;

export interface PullOptions {
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly random: Random;
  /** Asks for a turn of a group; `after` in milliseconds. */
  readonly wake: (key: string, after: Millis) => void;
  readonly signal: AbortSignal;
}

export class Pulls {
  readonly #options: PullOptions;
  readonly #pulls = new Map<string, Pull>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: PullOptions) {
    this.#options = options;
  }

  /** What is known about an image that is not here. */
  describe(image: string): string {
    const pull = this.#pulls.get(image);
    if (pull?.state !== "failed") return `the image ${image} is being pulled`;
    const seconds = Math.max(0, Math.ceil((pull.again - this.#options.clock.now()) / 1000));
    return `the image ${image} cannot be pulled (${pull.error}), next try in ${seconds} s`;
  }

  /** Starts a pull unless one is running or backing off; the group gets a turn when it ends or may be tried again. */
  want(image: string, key: string): void {
    const { clock, wake } = this.#options;
    const before = this.#pulls.get(image);
    if (before?.state === "running") {
      before.waiting.add(key);
      return;
    }
    const wait = (before?.again ?? 0) - clock.now();
    if (wait > 0) {
      wake(key, wait);
      return;
    }
    const pull: Pull = {
      state: "running",
      error: "",
      failures: before?.failures ?? 0,
      again: 0,
      waiting: new Set([key]),
    };
    this.#pulls.set(image, pull);
    const running = this.#run(image, pull).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when none is running; abort the signal first. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(image: string, pull: Pull): Promise<void> {
    const { runtime, clock, random, wake, signal } = this.#options;
    try {
      await runtime.pullImage(image, signal);
      this.#pulls.delete(image);
    } catch (error) {
      const failures = pull.failures + 1;
      const delay = Math.min(CAP, BASE * 2 ** Math.min(failures - 1, 20)) * (0.5 + 0.5 * random());
      const message = error instanceof PortFailure ? error.message : String(error);
      this.#pulls.set(image, { ...pull, state: "failed", error: message, failures, again: clock.now() + delay });
    }
    for (const key of pull.waiting) wake(key, 0);
  }
}
