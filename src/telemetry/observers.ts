/** Several observers as one. */
import type { Observer } from "../ports/observer.ts";

/**
 * Every observer sees every event, in order. One that throws harms neither the others nor the caller: its error goes to
 * `onDefect`, which must not throw.
 */
export function combineObservers(observers: readonly Observer[], onDefect: (error: unknown) => void): Observer {
  return (event) => {
    for (const observer of observers) {
      try {
        observer(event);
      } catch (error) {
        onDefect(error);
      }
    }
  };
}
