/** An informer of one source together with the condition of that source: whether it can be read. */
import { Informer, type InformerOptions } from "../informers/informer.ts";
import type { Observer } from "../ports/observer.ts";
import type { Board } from "./board.ts";

export interface WatchedOptions<T> extends Omit<InformerOptions<T>, "onReading"> {
  readonly board: Board;
  /**
   * The store holds a new reading. News is the first one, and the first after a failure: what the failure held up need not
   * wait out its back-off. Returns whether the next one is news too.
   */
  readonly onReading: (keys: readonly string[], isNews: boolean) => boolean;
  /** It cannot be read any more, or can be read again. */
  readonly onTurn: () => void;
  /** Nobody answers: what comes back may be another one. A listing that takes too long says nothing of the kind. */
  readonly onGone: () => void;
}

export function watchedInformer<T>(options: WatchedOptions<T>): Informer<T> {
  const { name, board, onTurn } = options;
  let isNews = true;
  let isAway = false;
  const becomes = (away: boolean): void => {
    if (isAway !== away) onTurn();
    isAway = away;
  };
  const onReading = (keys: readonly string[]): void => {
    board.setCondition(name, true, `the ${name} were read`);
    becomes(false);
    isNews = options.onReading(keys, isNews);
  };
  const observer: Observer = (event) => {
    if (event.kind === "list-failed") {
      isNews = true;
      board.setCondition(name, false, `the ${name} cannot be read: ${event.error}`);
      if (event.code === "unreachable") options.onGone();
      becomes(true);
    }
    options.observer(event);
  };
  return new Informer({ ...options, onReading, observer });
}
