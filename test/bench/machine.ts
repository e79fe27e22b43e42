/** What a result is worth: the versions, the load, and how fast one core counts. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { cpus, loadavg, release, totalmem } from "node:os";
import type Docker from "dockerode";
import { root } from "../rig/paths.ts";
import { run } from "../rig/shell.ts";
import { median } from "./stats.ts";

export interface Machine {
  readonly node: string;
  readonly docker: string;
  readonly consul: string;
  readonly kernel: string;
  /** The commit, with `+` when the work tree differs from it. */
  readonly remora: string;
  readonly cores: number;
  readonly memoryGib: number;
  /** The load average of the last minute. */
  readonly load: number;
  /** Milliseconds that one core takes for 64 MiB of SHA-256, the median of 5. */
  readonly calibrationMs: number;
}

export async function machine(docker: Docker, consul: string): Promise<Machine> {
  const { Version } = (await docker.version()) as { readonly Version: string };
  return {
    node: process.version,
    docker: Version,
    consul,
    kernel: release(),
    remora: await commit(),
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0] ?? 0,
    calibrationMs: calibrate(),
  };
}

export function loadNow(): number {
  return loadavg()[0] ?? 0;
}

function calibrate(): number {
  const block = Buffer.alloc(1 << 20);
  const once = (): number => {
    const began = performance.now();
    const hash = createHash("sha256");
    for (let i = 0; i < 64; i++) hash.update(block);
    hash.digest();
    return performance.now() - began;
  };
  return median(Array.from({ length: 5 }, once));
}

async function commit(): Promise<string> {
  const git = (...args: readonly string[]): Promise<string> => run("git", ["-C", root, ...args]);
  try {
    const changed = (await git("status", "--porcelain", "--untracked-files=no")).trim() !== "";
    return `${(await git("rev-parse", "--short", "HEAD")).trim()}${changed ? "+" : ""}`;
  } catch {
    // A copy without its history.
    return "unknown";
  }
}

/** CPU seconds that a process's threads have used so far, to the nanosecond (sched-stats.rst of the kernel). */
export async function cpuSeconds(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  // A thread may end while it is read.
  const stats = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8").catch(() => "0")),
  );
  return stats.reduce((sum, stat) => sum + Number(stat.split(" ")[0]), 0) / 1e9;
}

/** MiB of memory that a process holds. */
export async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}
