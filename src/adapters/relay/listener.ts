/** One unix socket of the relay: made, listened on, removed. */
import { once } from "node:events";
import { chmod, lstat, unlink } from "node:fs/promises";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";

export interface ListenerOptions {
  readonly path: string;
  /** Serves a connection until it is over, also because it was destroyed; never throws. */
  readonly serve: (client: Socket) => Promise<void>;
  readonly connections: number;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** Listens until aborted, then closes what is open. Rejects when it cannot listen. */
export async function listen({ path, serve, connections, signal, log }: ListenerOptions): Promise<void> {
  const open = new Map<Socket, Promise<void>>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    open.set(
      client,
      serve(client).finally(() => open.delete(client)),
    );
  });
  server.maxConnections = connections;
  server.on("drop", () => log(`${path}: ${connections} connections are open, one more was closed`));
  await begin(server, path);
  log(`listening at ${path}`);
  server.on("error", (error) => log(`${path}: ${error.message}`));
  if (!signal.aborted) await once(signal, "abort");
  // Closing the server also removes its socket.
  const closed = once(server, "close");
  server.close();
  const served = [...open.values()];
  for (const client of open.keys()) client.destroy();
  await Promise.all([closed, ...served]);
}

/** Every user may connect: what a client may do there is Consul's to say, by its token. */
async function begin(server: Server, path: string): Promise<void> {
  await removeStale(path);
  server.listen(path);
  await once(server, "listening");
  await chmod(path, 0o666);
}

/** A relay that was killed leaves its socket behind. Anything else of that name is not ours to remove. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`${path} is there and is no socket: move it away`);
  await unlink(path);
}
