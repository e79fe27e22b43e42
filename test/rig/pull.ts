/** Pulling from a registry, where one can be reached; that none can be is remembered for half a day. */
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { follow } from "./docker.ts";
import { rigDir } from "./paths.ts";
import { reason, say } from "./say.ts";

const unreachable = join(rigDir, "no-registry");
const rememberedMs = 12 * 3600 * 1000;
const answerWithinMs = 15_000;

/** Pulls an image; false when that cannot be done here, and then nothing is tried again for a while. */
export async function pull(docker: Docker, name: string): Promise<boolean> {
  if (await lately()) return false;
  say(`pulling ${name}`);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new Error("no answer")), answerWithinMs);
  try {
    const stream: NodeJS.ReadableStream = await docker.pull(name, { abortSignal: patience.signal });
    clearTimeout(timer);
    await follow(docker, stream);
    return true;
  } catch (error) {
    say(`no registry can be reached, so the rig builds its own images (${reason(error).split("\n")[0]})`);
    await writeFile(unreachable, `${reason(error)}\n`);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function lately(): Promise<boolean> {
  const tried = await stat(unreachable).catch(() => undefined);
  return tried !== undefined && Date.now() - tried.mtimeMs < rememberedMs;
}
