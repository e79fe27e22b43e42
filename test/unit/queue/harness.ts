/** A work queue on a manual clock whose turns a test ends by hand. */
import { WorkQueue } from "../../../src/queue/work-queue.ts";
import { ManualClock, quiet } from "../../support/clock.ts";

export interface Turn {
  readonly key: string;
  readonly at: number;
  /** What the turn itself asks for before it ends. */
  readonly end: (act?: (queue: WorkQueue) => void) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

export interface Bench {
  readonly queue: WorkQueue;
  readonly clock: ManualClock;
  /** Every turn that began, in order. */
  readonly turns: readonly Turn[];
  readonly inHand: ReadonlySet<Turn>;
  readonly defects: readonly string[];
  /** The delays that `retry` chose. */
  readonly delays: readonly number[];
}

export function aQueue({ workers = 2, base = 100, cap = 1_000, random = (): number => 1 } = {}): Bench {
  const clock = new ManualClock(0);
  const turns: Turn[] = [];
  const inHand = new Set<Turn>();
  const defects: string[] = [];
  const delays: number[] = [];
  const handle = (key: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const over = async (settle: () => void): Promise<void> => {
        inHand.delete(turn);
        settle();
        await quiet();
      };
      const turn: Turn = {
        key,
        at: clock.now(),
        end: async (act) => {
          act?.(queue);
          await over(resolve);
        },
        fail: (error) => over(() => reject(error)),
      };
      turns.push(turn);
      inHand.add(turn);
    });
  const queue: WorkQueue = new WorkQueue({
    clock,
    random,
    workers,
    backoff: { base, cap },
    handle,
    observer: (event) => {
      if (event.kind === "queue-retry") delays.push(event.delay);
    },
    onDefect: (key, error) => defects.push(`${key}: ${String(error)}`),
  });
  return { queue, clock, turns, inHand, defects, delays };
}

/** The newest turn; it must be running. */
export function running({ inHand }: Bench): Turn {
  const turn = [...inHand].at(-1);
  if (turn === undefined) throw new Error("no turn is running");
  return turn;
}
