/** A real Envoy as a process: start as many as a test needs, each with a directory of its own. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnvoyBinary } from "./envoy-binary.ts";
import { endProcess, isAlive, processId } from "./processes.ts";
import { lastLines, run, startBound } from "./shell.ts";

export interface Envoy {
  /** All it has printed. */
  readonly log: () => Promise<string>;
  readonly isAlive: () => Promise<boolean>;
  /** Ends it and removes its directory. */
  readonly stop: () => Promise<void>;
}

const quick = ["--disable-hot-restart", "--concurrency", "1"];

/** Has Envoy read a bootstrap without starting; rejects with what it finds wrong with it. */
export async function validateBootstrap(binary: EnvoyBinary, bootstrap: object): Promise<void> {
  const directory = await withBootstrap(bootstrap);
  try {
    await run(binary.path, ["--mode", "validate", ...quick, "-c", join(directory, "bootstrap.json")]);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Starts it; it is ready when its listeners are. It ends with this process at the latest. */
export async function startEnvoy(binary: EnvoyBinary, bootstrap: object): Promise<Envoy> {
  const directory = await withBootstrap(bootstrap);
  const file = join(directory, "envoy.log");
  const log = (): Promise<string> => readFile(file, "utf8");
  const pid = await startBound(binary.path, [...quick, "-c", join(directory, "bootstrap.json")], { log: file });
  const id = await processId(pid);
  if (id === undefined) throw new Error(`envoy ended at once: ${lastLines(await log())}`);
  const stop = async (): Promise<void> => {
    await endProcess(id);
    await rm(directory, { recursive: true });
  };
  return { log, isAlive: () => isAlive(id), stop };
}

/** The bootstrap in a directory of its own; it holds a token, so it is for nobody else to read. */
async function withBootstrap(bootstrap: object): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "envoy-"));
  await writeFile(join(directory, "bootstrap.json"), JSON.stringify(bootstrap, undefined, 2), { mode: 0o600 });
  return directory;
}
