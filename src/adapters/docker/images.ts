/** Images: are they here, and fetching them. */
import { z } from "zod";
import type { Engine } from "./engine.ts";
import { orAbsent, refusal } from "./errors.ts";
import type { Call } from "./errors.ts";
import { inPath } from "./names.ts";
import { PortFailure } from "../../ports/failure.ts";

export function hasImage(engine: Engine, ref: string, signal: AbortSignal): Promise<boolean> {
  return engine.within(signal, async (ask) => {
    const call: Call = { operation: "image inspect", subject: ref, write: false };
    const image: { inspect(options: object): Promise<unknown> } = engine.docker.getImage(inPath(ref, call));
    try {
      return (await orAbsent(ask(call, (abortSignal) => image.inspect({ abortSignal })))) !== undefined;
    } catch (error) {
      if (error instanceof PortFailure && error.code === "image-missing") return false;
      throw error;
    }
  });
}

/** Without a tag it is `latest`. Registries that need a login are asked without one. */
export async function pullImage(engine: Engine, ref: string, signal: AbortSignal): Promise<void> {
  const call: Call = { operation: "image pull", subject: ref, write: true };
  inPath(ref, call);
  return engine.asking(signal)(call, async (abortSignal) => {
    const progress = await engine.docker.pull(ref, { abortSignal });
    const problem = await problemIn(engine, progress);
    if (problem === undefined) return;
    throw refusal(/not found|manifest unknown/i.test(problem) ? "image-missing" : "server", call, problem);
  });
}

const Progress = z.object({ error: z.string().optional() });

/** A pull that fails half-way says so in a line of its progress, after a status of 200. */
function problemIn(engine: Engine, progress: NodeJS.ReadableStream): Promise<string | undefined> {
  return new Promise((done, fail) => {
    let problem: string | undefined;
    const ended = (error: Error | null): void => (error === null ? done(problem) : fail(error));
    engine.docker.modem.followProgress(progress, ended, (line: unknown) => {
      problem ??= Progress.safeParse(line).data?.error;
    });
  });
}
