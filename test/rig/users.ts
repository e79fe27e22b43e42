/** Who uses the rig's engine now: it is stopped by the last one that leaves. */
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rigDir } from "./paths.ts";
import { isAlive, processId } from "./processes.ts";
import type { ProcessId } from "./processes.ts";

const usersDir = join(rigDir, "users");

/** Notes a user: this process until it ends, or a name (the demo) until `leave` is called with it. */
export async function enter(name?: string): Promise<void> {
  await mkdir(usersDir, { recursive: true });
  const who = name === undefined ? await processId(process.pid) : undefined;
  await writeFile(join(usersDir, name ?? String(process.pid)), JSON.stringify(who ?? null));
}

/** Takes the note away again. */
export async function leave(name = String(process.pid)): Promise<void> {
  await rm(join(usersDir, name), { force: true });
}

/** Those still there; the notes of processes that died without leaving are swept. */
export async function users(): Promise<readonly string[]> {
  const names = await readdir(usersDir).catch(() => []);
  const there = await Promise.all(names.map(async (name) => ((await isThere(name)) ? name : undefined)));
  await Promise.all(names.filter((name) => !there.includes(name)).map((name) => leave(name)));
  return there.filter((name) => name !== undefined);
}

async function isThere(name: string): Promise<boolean> {
  const who = JSON.parse(await readFile(join(usersDir, name), "utf8")) as ProcessId | null;
  return who === null || isAlive(who);
}
