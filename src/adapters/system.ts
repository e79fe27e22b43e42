/** The real clock and real chance. */
import type { Millis } from "../model/job.ts";
import type { Clock, Random } from "../ports/time.ts";

/** Node turns a longer timeout into 1 ms. */
const LONGEST_TIMEOUT: Millis = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await timeout(Math.min(Math.max(0, ms), LONGEST_TIMEOUT), signal);
    if (ms > LONGEST_TIMEOUT && !signal?.aborted) await systemClock.sleep(ms - LONGEST_TIMEOUT, signal);
  },
};

export const systemRandom: Random = () => Math.random();

function timeout(ms: Millis, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}
