/** One file out of a zip archive (PKWARE's APPNOTE): a fresh machine has no program for that. */
import { inflateRawSync } from "node:zlib";

const endOfDirectory = 0x06054b50;
const endLength = 22;
const entryLength = 46;
const headerLength = 30;
const stored = 0;
const deflated = 8;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly compressed: number;
  /** Where its local header begins. */
  readonly header: number;
}

/** What the archive holds under this name. Archives of 4 GiB and more are not understood. */
export function unzipped(archive: Buffer, name: string): Buffer {
  const entry = directory(archive).find((each) => each.name === name);
  if (entry === undefined) throw new Error(`the archive holds no ${name}`);
  const { header, method, compressed } = entry;
  const data = header + headerLength + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const bytes = archive.subarray(data, data + compressed);
  if (method === stored) return bytes;
  if (method === deflated) return inflateRawSync(bytes);
  throw new Error(`${name} is compressed in a way that is not understood (method ${method})`);
}

/** The table of contents at the archive's end, which is found from behind: a comment may follow it. */
function directory(archive: Buffer): readonly Entry[] {
  let end = archive.length - endLength;
  while (end >= 0 && archive.readUInt32LE(end) !== endOfDirectory) end -= 1;
  if (end < 0) throw new Error("this is no zip archive: it has no table of contents");
  const entries: Entry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const names = archive.readUInt16LE(at + 28);
    entries.push({
      name: archive.toString("utf8", at + entryLength, at + entryLength + names),
      method: archive.readUInt16LE(at + 10),
      compressed: archive.readUInt32LE(at + 20),
      header: archive.readUInt32LE(at + 42),
    });
    at += entryLength + names + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}
