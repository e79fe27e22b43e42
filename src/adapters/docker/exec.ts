/** A command inside a running container: its exit code and the beginning of its output. */
import { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { z } from "zod";
import type { Engine } from "./engine.ts";
import { refusal } from "./errors.ts";
import type { Call } from "./errors.ts";
import { requireOwn } from "./inspect.ts";

/** The most that is kept of stdout; the rest is read and dropped. */
export const OUTPUT_LIMIT = 64 * 1024;

const Ended = z.object({ Running: z.boolean(), ExitCode: z.number().nullable() });

export function exec(
  engine: Engine,
  container: string,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<{ exitCode: number; stdout: string }> {
  return engine.within(signal, async (ask) => {
    const subject = container;
    // It runs beside the container's own processes and changes nothing that the engine keeps.
    const create: Call = { operation: "exec create", subject, write: false };
    const { Id } = await requireOwn(engine, ask, container, create);
    const options = { Cmd: [...argv], AttachStdout: true, AttachStderr: true };
    const run = await ask(create, (abortSignal) => engine.docker.getContainer(Id).exec({ ...options, abortSignal }));
    const stdout = await ask({ operation: "exec start", subject, write: false }, async (abortSignal) =>
      stdoutOf(engine, await run.start({ Detach: false, Tty: false, abortSignal })),
    );
    const look: Call = { operation: "exec inspect", subject, write: false };
    const ended = await ask(look, async (abortSignal) => Ended.parse(await run.inspect({ abortSignal })));
    if (ended.Running || ended.ExitCode === null) throw refusal("server", look, "the output ended before the command");
    return { exitCode: ended.ExitCode, stdout };
  });
}

/** The engine sends both outputs over one stream, in frames; stderr is dropped. */
async function stdoutOf(engine: Engine, stream: NodeJS.ReadWriteStream): Promise<string> {
  const stdout = new Beginning();
  engine.docker.modem.demuxStream(stream, stdout, new Beginning());
  await finished(stream, { writable: false });
  return stdout.text();
}

/** Keeps the first OUTPUT_LIMIT bytes that are written to it. */
class Beginning extends Writable {
  readonly #chunks: Buffer[] = [];
  #room = OUTPUT_LIMIT;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const kept = chunk.subarray(0, this.#room);
    this.#room -= kept.length;
    if (kept.length > 0) this.#chunks.push(kept);
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}
