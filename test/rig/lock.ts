/** Several processes share one rig: one at a time sets it up. */
import { createServer } from "node:net";
import type { Server } from "node:net";
import { lockName } from "./paths.ts";
import { until } from "./wait.ts";

/** Runs `work` while no other process of this checkout is inside. */
export async function withLock<T>(work: () => Promise<T>): Promise<T> {
  const what = "another process to finish setting up the rig";
  const lock = await until(takeLock, { what, timeoutMs: 900_000, everyMs: 200 });
  try {
    return await work();
  } finally {
    await new Promise((closed) => lock.close(closed));
  }
}

/** Listening on an abstract socket is a lock without a file: the kernel gives it to one, and frees it on any death. */
function takeLock(): Promise<Server | undefined> {
  return new Promise((done, fail) => {
    const server = createServer((peer) => peer.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") done(undefined);
      else fail(error);
    });
    server.listen(lockName, () => done(server));
  });
}
