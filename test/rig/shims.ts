/** What containerd leaves behind when the engine is killed: a shim outlives it, and nobody asks for it any more. */
import { readdir, readFile } from "node:fs/promises";
import { endProcess, processId } from "./processes.ts";

/** Ends the shims of the containerd that listened at this socket, and no others. */
export async function endShims(socket: string): Promise<void> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const words = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
    if (words[0]?.includes("containerd-shim") !== true || !words.includes(socket)) continue;
    const shim = await processId(Number(pid));
    if (shim !== undefined) await endProcess(shim);
  }
}
