/** Reads one job file as it was at one moment: whole, of bounded size, as UTF-8. */
import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { constants, open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { errorCode, reasonOf } from "./errors.ts";

/** Largest job file, in bytes. */
export const MAX_FILE_SIZE = 1024 * 1024;

/** What of a file changes whenever its content may have: the content of an equal signature need not be read again. */
export function signatureOf(found: BigIntStats): string {
  return [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(":");
}

export type Content =
  | { readonly kind: "text"; readonly hash: string; readonly text: string }
  | { readonly kind: "unusable"; readonly hash: string; readonly error: string }
  /** It is no longer, or not for a whole reading, what the signature says: look again. */
  | { readonly kind: "changed" };

/** Never blocks on a FIFO that took the file's place, and never returns a mixture of two versions. */
export async function readContent(absolute: string, signature: string): Promise<Content> {
  let file: FileHandle;
  try {
    file = await open(absolute, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return errorCode(error) === "ENOENT" ? { kind: "changed" } : unusable("", reasonOf(error));
  }
  try {
    return await readOpened(file, signature);
  } catch (error) {
    return unusable("", reasonOf(error));
  } finally {
    await file.close();
  }
}

async function readOpened(file: FileHandle, signature: string): Promise<Content> {
  const before = await file.stat({ bigint: true });
  if (signatureOf(before) !== signature) return { kind: "changed" };
  if (before.size > BigInt(MAX_FILE_SIZE))
    return unusable("", "is larger than 1 MiB, which is too much for a job file");
  const bytes = await readBytes(file, Number(before.size) + 1);
  const after = await file.stat({ bigint: true });
  if (signatureOf(after) !== signature || bytes.length !== Number(before.size)) return { kind: "changed" };
  return decode(bytes);
}

/** Asks for one byte more than there should be, so that growth shows. */
async function readBytes(file: FileHandle, limit: number): Promise<Buffer> {
  const buffer = Buffer.alloc(limit);
  let length = 0;
  while (length < limit) {
    const { bytesRead } = await file.read(buffer, length, limit - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

function decode(bytes: Buffer): Content {
  const hash = createHash("sha256").update(bytes).digest("hex");
  try {
    return { kind: "text", hash, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return unusable(hash, "is not UTF-8 text");
  }
}

function unusable(hash: string, error: string): Content {
  return { kind: "unusable", hash, error };
}
