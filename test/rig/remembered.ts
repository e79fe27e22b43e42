/** What could not be reached is remembered for half a day, so that not every set-up waits for it again. */
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rigDir } from "./paths.ts";

const rememberedMs = 12 * 3600 * 1000;

/** Notes in a file of this name that it failed, and why. */
export async function remember(name: string, why: string): Promise<void> {
  await writeFile(join(rigDir, name), `${why}\n`);
}

/** Whether that was noted lately. */
export async function lately(name: string): Promise<boolean> {
  const tried = await stat(join(rigDir, name)).catch(() => undefined);
  return tried !== undefined && Date.now() - tried.mtimeMs < rememberedMs;
}
