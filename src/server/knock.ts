/** Asks whether somebody listens on a unix socket. */
import { connect } from "node:net";

/** False if there is none or nobody behind it. Rejects when that cannot be known: no rights, or no socket. */
export function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(false);
      // Its queue of connections is full: somebody listens, however busy.
      else if (error.code === "EAGAIN") resolve(true);
      else reject(error);
    });
  });
}
