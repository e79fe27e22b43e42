/** What must hold at every step, whatever goes wrong: judged by the world itself, never by what the controller says. */
import type { EngineEvent } from "../../../src/ports/observer.ts";
import type { Effect } from "../wire.ts";

export interface Invariant {
  /** After each step of the world. */
  onStep?(): void;
  /** Before a change of the controller's takes effect. */
  onEffect?(effect: Effect): void;
  onEvent?(event: EngineEvent): void;
}

/** Says in one sentence what was violated. */
export type Report = (violation: string) => void;
