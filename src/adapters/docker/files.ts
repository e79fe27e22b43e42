/** Files into a running container, as a tar archive. */
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import type { FileSpec } from "../../ports/runtime.ts";
import type { Engine } from "./engine.ts";
import { refusal } from "./errors.ts";
import type { Call } from "./errors.ts";
import { requireOwn } from "./inspect.ts";

export function putFiles(
  engine: Engine,
  container: string,
  directory: string,
  files: readonly FileSpec[],
  signal: AbortSignal,
): Promise<void> {
  return engine.within(signal, async (ask) => {
    const call: Call = { operation: "container cp", subject: `${container}:${directory}`, write: true };
    const found = await requireOwn(engine, ask, container, call);
    // Docker would answer 200 and put them where a tmpfs hides them at the start.
    if (found.State.Status !== "running") throw refusal("rejected", call, "the container is not running");
    const archive = await archiveOf(files, engine.clock.now());
    const options = { path: directory };
    const handle = engine.docker.getContainer(found.Id);
    await ask(call, (abortSignal) => handle.putArchive(archive, { ...options, abortSignal }));
  });
}

/** A POSIX tar archive of the files, owned by their uid and group 0. */
export async function archiveOf(files: readonly FileSpec[], now: number): Promise<Buffer> {
  const archive = pack();
  for (const { name, content, mode, uid } of files) {
    const bytes = Buffer.from(typeof content === "string" ? content : content.reveal());
    archive.entry({ name, mode, uid, gid: 0, mtime: new Date(now) }, bytes);
  }
  archive.finalize();
  return buffer(archive);
}
