/** Processes by pid: is it still the one we started, and end it for certain. */
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** A process that pid re-use cannot confuse with another: `started` is its start time in clock ticks (proc(5)). */
export interface ProcessId {
  readonly pid: number;
  readonly started: string;
}

/** Names the process that has this pid now; undefined when there is none (a zombie counts as none). */
export async function processId(pid: number): Promise<ProcessId | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  return started === undefined || state === "Z" ? undefined : { pid, started };
}

export async function isAlive(id: ProcessId): Promise<boolean> {
  return (await processId(id.pid))?.started === id.started;
}

/** Asks a process to end and waits; after `patienceMs` it is killed. Resolves when it has gone. */
export async function endProcess(id: ProcessId, patienceMs = 20_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  let sent: NodeJS.Signals | undefined;
  while (await isAlive(id)) {
    const due = performance.now() > deadline ? "SIGKILL" : "SIGTERM";
    if (due !== sent) process.kill(id.pid, due);
    sent = due;
    await delay(50);
  }
}
