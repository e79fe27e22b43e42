/** Puts new text into a file that is there. */
import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { reasonOf } from "./errors.ts";

/**
 * Replaces the text of a file at once: whoever reads it sees the old text or the new one. Mode and owner stay; of a link,
 * what it leads to is replaced. Resolves with the reason if that cannot be done; the file is what it was then.
 */
export async function rewriteFile(path: string, text: string): Promise<string | undefined> {
  try {
    const target = await realpath(path);
    // Hidden, so that no agent takes it for a job.
    await replace(target, join(dirname(target), `.${randomUUID()}.tmp`), text);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

async function replace(target: string, draft: string, text: string): Promise<void> {
  try {
    await writeLike(target, draft, text);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeLike(model: string, path: string, text: string): Promise<void> {
  const { mode, uid, gid } = await stat(model);
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await giveTo(file, uid, gid);
    await file.chmod(mode & 0o7777);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function giveTo(file: FileHandle, uid: number, gid: number): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
}
