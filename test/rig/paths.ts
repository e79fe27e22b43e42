/** Where the rig keeps its things: everything lasting under `.rig/`, the engine's sockets in a short directory. */
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";

/** The repository's root. */
export const root = resolve(import.meta.dirname, "../..");

/** The rig's own directory: git-ignored, a cache between runs, removed by `make clean`. */
export const rigDir = join(root, ".rig");

const checkout = createHash("sha256").update(root).digest("hex").slice(0, 8);

/** Sockets of the rig's engine. Short because a socket's path ends at 108 bytes; one for each checkout. */
export const runDir = `/run/remora-rig-${checkout}`;

/** The name of this checkout's lock, in the kernel's abstract socket namespace: it goes when its holder goes. */
export const lockName = `\0remora-rig-${checkout}`;

/** The default bridge of the rig's engine (at most 15 characters). */
export const bridgeDevice = `rmr-${checkout}`;
