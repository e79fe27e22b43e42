/** Time and chance as parameters. */
import type { Millis } from "../model/job.ts";

export interface Clock {
  /** Milliseconds since the Unix epoch, by the clock that Docker and Consul stamp with. */
  now(): Millis;
  /** Resolves after `ms`, or at once (without throwing) when the signal is aborted. */
  sleep(ms: Millis, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;
