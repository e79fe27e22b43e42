/** Pulling from a registry, where one can be reached; that none can be is remembered. */
import type Docker from "dockerode";
import { follow } from "./docker.ts";
import { lately, remember } from "./remembered.ts";
import { reason, say } from "./say.ts";

const unreachable = "no-registry";
const answerWithinMs = 15_000;

/** Pulls an image; false when that cannot be done here, and then nothing is tried again for a while. */
export async function pull(docker: Docker, name: string): Promise<boolean> {
  if (await lately(unreachable)) return false;
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
    await remember(unreachable, reason(error));
    return false;
  } finally {
    clearTimeout(timer);
  }
}
