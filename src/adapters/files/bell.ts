/** A bell that stays rung until it is reset: no ring is lost between two waits. */
import type { Millis } from "../../model/job.ts";
import type { Clock } from "../../ports/time.ts";

export class Bell {
  #isRung = false;
  #wake: () => void = () => undefined;

  ring(): void {
    this.#isRung = true;
    this.#wake();
  }

  reset(): void {
    this.#isRung = false;
  }

  /** Resolves with true when it rings or has been rung; with false when aborted or out of patience. */
  async rung(signal: AbortSignal, patience?: { readonly clock: Clock; readonly ms: Millis }): Promise<boolean> {
    if (this.#isRung || signal.aborted) return this.#isRung;
    const enough = new AbortController();
    const either = AbortSignal.any([signal, enough.signal]);
    const ringing = new Promise<void>((resolve) => {
      this.#wake = resolve;
      either.addEventListener("abort", () => resolve(), { once: true });
    });
    const tired = patience?.clock.sleep(patience.ms, either);
    await (tired === undefined ? ringing : Promise.race([ringing, tired]));
    this.#wake = () => undefined;
    enough.abort();
    return this.#isRung;
  }
}
