/** One connection through the relay: bytes both ways, each way closed on its own, at the pace of the slower side. */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import type { Target } from "./target.ts";

const CONNECT_LIMIT_MS = 3_000;

type Log = (message: string) => void;

/**
 * Returns what serves a client: connects to the target and passes bytes on until both ways are closed, or until somebody
 * destroys the client. Never throws.
 */
export function pipeTo(target: Target, log: Log): (client: Socket) => Promise<void> {
  const note = transitions(target, log);
  return async (client) => {
    const upstream = connect(target.connect);
    // They stay for the sockets' whole lives: an error that nobody listens to would end the relay.
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
    const outcome = await reached(upstream, client);
    if (outcome !== "client gone") note(outcome === "connected" ? undefined : outcome.problem);
    if (outcome === "connected") await pass(client, upstream, log);
    client.destroy();
    upstream.destroy();
  };
}

type Outcome = "connected" | "client gone" | { readonly problem: string };

function reached(upstream: Socket, client: Socket): Promise<Outcome> {
  return new Promise((resolve) => {
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      client.off("close", gone);
      resolve(outcome);
    };
    const gone = (): void => end("client gone");
    const timer = setTimeout(() => end({ problem: `no answer in ${CONNECT_LIMIT_MS} ms` }), CONNECT_LIMIT_MS);
    client.once("close", gone);
    upstream.once("connect", () => end("connected"));
    upstream.once("error", (error: NodeJS.ErrnoException) => end({ problem: error.code ?? error.message }));
    if (client.destroyed) gone();
  });
}

/** How connections end every day: a side went away, or the relay stops. */
const COMMON = new Set(["ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED", "ECONNRESET", "EPIPE"]);

async function pass(client: Socket, upstream: Socket, log: Log): Promise<void> {
  try {
    await Promise.all([pipeline(client, upstream), pipeline(upstream, client)]);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (!COMMON.has(code)) log(`a connection broke: ${message}`);
  }
}

/** Logs when the target goes and when it is back, not each time a client notices. */
function transitions({ address }: Target, log: Log): (problem: string | undefined) => void {
  let down = false;
  return (problem) => {
    const isDown = problem !== undefined;
    if (isDown && !down) log(`Consul at ${address} cannot be reached (${problem}); trying again with each connection`);
    if (!isDown && down) log(`Consul at ${address} can be reached again`);
    down = isDown;
  };
}
