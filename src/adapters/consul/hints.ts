/** Blocking queries as hints: when an index moves it is time to look again. */
import type { Millis } from "../../model/job.ts";
import { CALL_LIMIT } from "../../model/settings.ts";
import type { Clock } from "../../ports/time.ts";
import { Hints } from "../hints.ts";
import type { Answer, Ask, Call } from "./call.ts";
import { refused } from "./errors.ts";

/** Asks once; with an index it blocks until that has moved or WAIT is over. Resolves with the index of the answer. */
export type Poll = (index: number | undefined, signal: AbortSignal) => Promise<number>;

const WAIT: Millis = 60_000;
/** Consul adds up to a sixteenth of the wait, so that not all clients come back at once. */
const WAIT_LIMIT: Millis = WAIT * (17 / 16) + CALL_LIMIT;
/** Least time between two hints, and between two questions. */
const FLOOR: Millis = 100;

/** A blocking query of a route that has an index. Where `isOff` says so of an answer, there is nothing to wait for, ever. */
export function poll(ask: Ask, call: Call, isOff: (answer: Answer) => boolean = () => false): Poll {
  return async (index, signal) => {
    const blocking = { query: { ...call.query, index: String(index), wait: `${WAIT}ms` }, limit: WAIT_LIMIT };
    const answer = await ask(index === undefined ? call : { ...call, ...blocking }, signal);
    if (isOff(answer)) {
      if (index !== undefined) await untilAborted(signal);
      return 1;
    }
    if (answer.status !== 200) throw refused(call, answer);
    return answer.index;
  };
}

/**
 * Yields once when the index of every query is known, so nothing that happens from then on is missed; then each time one moves.
 * Throws when a query fails.
 */
export async function* hints(polls: readonly Poll[], clock: Clock, signal: AbortSignal): AsyncGenerator<void> {
  const stop = new AbortController();
  const moves = new Hints();
  const end = (): void => {
    stop.abort();
    moves.end();
  };
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  let loops: readonly Promise<void>[] = [];
  try {
    const indexes = await Promise.all(polls.map((ask) => ask(undefined, stop.signal)));
    loops = polls.map((ask, i) => follow(ask, indexes[i] ?? 0, moves, clock, stop.signal));
    moves.notify();
    for await (const _ of moves.read()) {
      yield;
      await clock.sleep(FLOOR, stop.signal);
    }
  } finally {
    signal.removeEventListener("abort", end);
    stop.abort();
    await Promise.all(loops);
  }
}

/** The same stream, but once aborted it ends instead of throwing. */
export async function* quietly(stream: AsyncIterable<void>, signal: AbortSignal): AsyncGenerator<void> {
  try {
    yield* stream;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** A hint whenever the index moves, in either direction; a failure goes to whoever reads the hints. Never throws. */
async function follow(ask: Poll, first: number, moves: Hints, clock: Clock, signal: AbortSignal): Promise<void> {
  let index = first;
  try {
    while (!signal.aborted) {
      // An index of 0 does not block, and one that went back belongs to a new history.
      const next = await ask(Math.max(1, index), signal);
      if (next !== index) moves.notify();
      index = next < index ? 0 : next;
      await clock.sleep(FLOOR, signal);
    }
  } catch (error) {
    moves.end(error as Error);
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
