/** What hostile job files cost, each of them as large as a job file may be: in a process of its own, for its memory. */
import { join } from "node:path";
import { root } from "../rig/paths.ts";
import { run } from "../rig/shell.ts";

/** The file that took longest. */
export interface Worst {
  readonly name: string;
  /** Of processor time. */
  readonly ms: number;
}

export interface Hostile {
  readonly files: number;
  readonly reading: Worst;
  /** Of those in HCL. */
  readonly formatting: Worst;
  /** How much the process' resident memory grew at most, over all files one after the other. */
  readonly mib: number;
}

/** A heap as small as what a file may take at most, or the garbage of all files would be counted as well. */
const HEAP = ["--max-old-space-size=100", "--max-semi-space-size=4"];

/** Rejects if the process dies of a file. */
export async function hostile(): Promise<Hostile> {
  const child = join(root, "test/bench/hostile-child.ts");
  return JSON.parse(await run(process.execPath, [...HEAP, child])) as Hostile;
}
