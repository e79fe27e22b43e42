/** The engine's event stream, turned into hints to list again. */
import type { Engine } from "./engine.ts";
import { portFailure } from "./errors.ts";
import type { Call } from "./errors.ts";
import { Hints } from "../hints.ts";
import { ownFilter } from "./listing.ts";

/**
 * The events that change what a listing shows. Left out are those that Remora's own probes cause (`exec_*`,
 * `extract-to-dir`), those that a later one follows (`kill`, `stop`), and all of volumes: they carry no labels, and a volume
 * that is in use cannot go away.
 */
const EVENTS = ["create", "start", "die", "destroy", "pause", "unpause", "rename"];

const CALL: Call = { operation: "events", subject: "", write: false };

/** As Source.changes: ends when aborted, throws a PortFailure when the stream broke, ends when the engine closed it. */
export async function* changes(engine: Engine, signal: AbortSignal): AsyncGenerator<void, void> {
  const hints = new Hints();
  const stop = (): void => hints.end();
  signal.addEventListener("abort", stop, { once: true });
  let stream: EventStream | undefined;
  try {
    stream = await subscribe(engine, signal);
    follow(stream, engine, hints);
    yield* hints.read();
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stream?.destroy();
    signal.removeEventListener("abort", stop);
  }
}

interface EventStream extends NodeJS.ReadableStream {
  destroy(): void;
}

/**
 * The answer's head comes before the engine has subscribed us, so we also ask for what happened since before we asked:
 * at worst a hint is given twice.
 */
function subscribe(engine: Engine, signal: AbortSignal): Promise<EventStream> {
  const since = engine.clock.now() / 1000;
  const filters = JSON.stringify({ ...ownFilter(engine), type: ["container"], event: EVENTS });
  return engine.within(signal, (ask) =>
    ask(CALL, async (abortSignal) => {
      const stream = await engine.docker.getEvents({ since, filters, abortSignal });
      return stream as EventStream;
    }),
  );
}

function follow(stream: EventStream, engine: Engine, hints: Hints): void {
  hints.notify();
  stream.on("data", () => hints.notify());
  stream.on("end", () => hints.end());
  stream.on("error", (error: Error) => hints.end(portFailure(error, CALL, engine.address)));
  stream.on("close", () => hints.end());
}
