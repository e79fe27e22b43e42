/** How fast job files are read: beside HCL's own parser on the same text, and what hostile files cost. */
import { parse } from "@cdktn/hcl2json";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJobFile } from "../../src/jobspec/parse.ts";
import { root } from "../rig/paths.ts";
import { largeJob } from "./large-job.ts";
import { interleaved } from "./rounds.ts";

export type Reader = "remora" | "hcl";

export interface Reading {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds of processor time to read the file once. */
  readonly ms: Readonly<Record<Reader, readonly number[]>>;
}

export interface Parsing {
  /** Milliseconds of processor time for the very first file that a process reads. */
  readonly first: number;
  readonly readings: readonly Reading[];
}

const ROUNDS = 15;
/** Repeated so long for one value, so that a short file's time is not the clock's. */
const LEAST_MS = 30;

/** The first file has to be the first: nothing of this process may have parsed one before. */
export async function parsing(): Promise<Parsing> {
  const large = largeJob(100);
  const small = await readFile(join(root, "examples/countdash/countdash.nomad.hcl"), "utf8");
  const first = await cpuMs(() => readByRemora(large));
  return {
    first,
    readings: [await reading("countdash", small), await reading("a job of 100 groups", large)],
  };
}

async function reading(name: string, text: string): Promise<Reading> {
  const ms = await interleaved<Reader>(
    { remora: () => once(() => readByRemora(text)), hcl: () => once(() => parse("bench.hcl", text)) },
    ROUNDS,
  );
  return { name, bytes: Buffer.byteLength(text), ms };
}

function readByRemora(text: string): void {
  const { diagnostics, job } = parseJobFile("bench.hcl", text);
  if (job === undefined) throw new Error(`the bench's own job file is not valid: ${JSON.stringify(diagnostics[0])}`);
}

/** Milliseconds of processor time for one reading. */
async function once(read: () => unknown): Promise<number> {
  let times = 0;
  const all = await cpuMs(async () => {
    for (const end = performance.now() + LEAST_MS; performance.now() < end; times++) await read();
  });
  return all / times;
}

/** Processor time, which the machine's other work does not lengthen. */
async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
