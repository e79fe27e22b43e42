/** The files beside a job file, on a real file system; synchronous, because expressions are evaluated in one go. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { JobFiles } from "../../model/job-files.ts";
import { reasonOf } from "./errors.ts";

/** Larger ones have no place in a job file's text. */
const MAX_SIZE = 1024 * 1024;
/** Of all folders together. */
const MAX_ENTRIES = 10_000;
const MAX_DEPTH = 32;

/** Nothing outside the job file's directory is ever read, whatever the path and wherever symbolic links lead. */
export function filesBeside(jobFile: string): JobFiles {
  const directory = dirname(resolve(jobFile));
  return {
    directory,
    read: (path) => read(directory, path),
    exists: (path) => exists(directory, path),
    list: () => list(directory),
  };
}

function read(directory: string, path: string): { readonly bytes: Uint8Array } | { readonly error: string } {
  try {
    const found = inside(directory, path);
    return found === undefined ? { error: "lies outside the job file's directory" } : readFile(found);
  } catch (error) {
    return { error: reasonOf(error) };
  }
}

/** Never blocks on a FIFO. */
function readFile(absolute: string): { readonly bytes: Uint8Array } | { readonly error: string } {
  const file = openSync(absolute, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    const { size } = found;
    if (!found.isFile()) return { error: "is not a regular file" };
    if (size > MAX_SIZE) return { error: "is larger than 1 MiB" };
    const buffer = Buffer.alloc(size);
    return { bytes: buffer.subarray(0, fill(file, buffer)) };
  } finally {
    closeSync(file);
  }
}

function fill(file: number, buffer: Buffer): number {
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(file, buffer, length, buffer.length - length, length);
    if (count === 0) break;
    length += count;
  }
  return length;
}

function exists(directory: string, path: string): boolean {
  try {
    const found = inside(directory, path);
    return found !== undefined && statSync(found).isFile();
  } catch {
    // Not there, or not to be seen: for the job it is the same.
    return false;
  }
}

/** The real path of a file, with all links followed; undefined if it is not in the directory. Throws if it is not there. */
function inside(directory: string, path: string): string | undefined {
  const root = realpathSync(directory);
  const lexical = resolve(root, path);
  if (!isWithin(root, lexical)) return undefined;
  const real = realpathSync(lexical);
  return isWithin(root, real) ? real : undefined;
}

function isWithin(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

/** Links are not followed: they may lead out, or round in a circle. What is too much, or not to be seen, is left out. */
function list(directory: string): readonly string[] {
  const found: string[] = [];
  const folders = [{ path: resolve(directory), depth: 0 }];
  let left = MAX_ENTRIES;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(folder.path).slice(0, left)) {
      left -= 1;
      const path = join(folder.path, entry.name);
      if (entry.isDirectory() && folder.depth < MAX_DEPTH) folders.push({ path, depth: folder.depth + 1 });
      else if (entry.isFile()) found.push(relative(directory, path));
    }
  }
  return found.toSorted();
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // It went away meanwhile, or is another user's.
    return [];
  }
}
