/** Waiting on conditions: the only place in the rig where time passes. */
import { setTimeout as delay } from "node:timers/promises";
import { reason } from "./say.ts";

export interface WaitOptions {
  /** What is waited for, as the end of the sentence "waited N s for …". */
  readonly what: string;
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Asks `look` until it answers with something other than undefined or false, and returns that.
 * A throw counts as "not yet"; the last one is told when time is up.
 */
export async function until<T>(look: () => Promise<T | undefined | false>, options: WaitOptions): Promise<T> {
  const { what, timeoutMs = 30_000, everyMs = 50 } = options;
  const deadline = performance.now() + timeoutMs;
  let last = "";
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      last = "";
    } catch (error) {
      last = `: ${reason(error)}`;
    }
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s for ${what}${last}`);
    await delay(everyMs);
  }
}
