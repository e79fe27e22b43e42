/** The relay: offers Consul's HTTP and gRPC as unix sockets in a directory, for proxies that cannot reach the host. */
import { join } from "node:path";
import { listen } from "./listener.ts";
import { pipeTo } from "./pipe.ts";
import { parseTarget } from "./target.ts";

export interface RelayOptions {
  /** Where the sockets are made; it must exist. */
  readonly directory: string;
  /** Consul's HTTP API: `http://host:port`, `https://host:port` or `unix:///path`. */
  readonly http: string;
  /** Consul's gRPC (xDS), if it has any. */
  readonly grpc?: string;
  /** Connections at each socket at once; more are closed as they come. */
  readonly connections?: number;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** Far more than the proxies of one host open, far fewer than the files a process may have open. */
const CONNECTIONS = 1_024;

const HTTP_SOCKET = "http.sock";
const GRPC_SOCKET = "grpc.sock";

/**
 * Serves until aborted, then closes what is open. Rejects only when it cannot begin: a bad target, a directory it cannot
 * write. Consul's absence ends connections, never the relay.
 */
export async function runRelay(options: RelayOptions): Promise<void> {
  const { directory, http, grpc, connections = CONNECTIONS, signal, log } = options;
  const lines = [{ name: HTTP_SOCKET, target: parseTarget(http) }];
  if (grpc !== undefined) lines.push({ name: GRPC_SOCKET, target: parseTarget(grpc) });
  const stop = new AbortController();
  const end = (): void => stop.abort();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const running = lines.map(({ name, target }) =>
    listen({ path: join(directory, name), serve: pipeTo(target, log), connections, signal: stop.signal, log }),
  );
  try {
    await Promise.all(running);
  } finally {
    end();
    await Promise.allSettled(running);
    signal.removeEventListener("abort", end);
  }
}
