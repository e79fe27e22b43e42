/** One walk over the job directory: every candidate file with its stat, and every directory on the way. */
import type { BigIntStats } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { mapLimited } from "../concurrency.ts";
import { errorCode, reasonOf } from "./errors.ts";
import { isJobFileName, isLeftover } from "./names.ts";

/** A file by name: either what `stat` says of it (links followed), or why that could not be asked. */
export interface Entry {
  /** Relative to the directory, with forward slashes. */
  readonly path: string;
  readonly absolute: string;
  readonly stat?: BigIntStats;
  readonly error?: string;
}

export interface Scan {
  /** st_dev of the directory itself. */
  readonly device: string;
  /** By path. */
  readonly entries: readonly Entry[];
  /** Absolute path of every directory walked, as reached, with its identity. */
  readonly directories: ReadonlyMap<string, string>;
}

/**
 * A part of the directory could not be looked at, so the whole reading is void: half a listing would read as if the
 * other half had been deleted.
 */
export class Unlistable extends Error {
  override readonly name = "Unlistable";
}

const MAX_DEPTH = 32;
const MAX_FILES = 10_000;
const AT_ONCE = 16;

/** Follows links to files and directories; a directory that holds itself is entered once. Throws Unlistable. */
export async function scanDirectory(root: string): Promise<Scan> {
  const walk: Walk = { entries: [], directories: new Map() };
  const top = await stat(root, { bigint: true }).catch((error: unknown) => {
    throw new Unlistable(`${root} ${reasonOf(error)}`, { cause: error });
  });
  if (!top.isDirectory()) throw new Unlistable(`${root} is not a directory`);
  await enter(walk, { path: "", absolute: root, stat: top }, []);
  const entries = walk.entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { device: String(top.dev), entries, directories: walk.directories };
}

interface Walk {
  readonly entries: Entry[];
  readonly directories: Map<string, string>;
}

interface Directory {
  readonly path: string;
  readonly absolute: string;
  readonly stat: BigIntStats;
}

async function enter(walk: Walk, directory: Directory, above: readonly string[]): Promise<void> {
  const id = identityOf(directory.stat);
  if (above.includes(id)) return;
  if (above.length > MAX_DEPTH) throw new Unlistable(`${directory.absolute} is nested deeper than ${MAX_DEPTH} levels`);
  const names = await namesIn(directory);
  if (names === undefined) return;
  walk.directories.set(directory.absolute, id);
  const wanted = names.filter((name) => !isLeftover(name));
  await mapLimited(wanted, AT_ONCE, async (name) => {
    const path = directory.path === "" ? name : `${directory.path}/${name}`;
    await look(walk, { path, absolute: join(directory.absolute, name), name }, [...above, id]);
  });
}

/** undefined: it vanished since its parent was listed, which is no more than a deletion. */
async function namesIn(directory: Directory): Promise<readonly string[] | undefined> {
  try {
    return await readdir(directory.absolute);
  } catch (error) {
    const gone = errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR";
    if (gone && directory.path !== "") return undefined;
    throw new Unlistable(`${directory.absolute} ${reasonOf(error)}`, { cause: error });
  }
}

interface Named {
  readonly path: string;
  readonly absolute: string;
  readonly name: string;
}

async function look(walk: Walk, item: Named, above: readonly string[]): Promise<void> {
  const { path, absolute, name } = item;
  try {
    const found = await stat(absolute, { bigint: true });
    if (found.isDirectory()) await enter(walk, { path, absolute, stat: found }, above);
    else if (!isJobFileName(name)) return;
    else if (found.isFile()) add(walk, { path, absolute, stat: found });
    else add(walk, { path, absolute, error: "is not a regular file" });
  } catch (error) {
    if (error instanceof Unlistable) throw error;
    await unseen(walk, item, error);
  }
}

/** A job file that cannot be looked at is reported; another name may hide a whole directory, so the scan is void. */
async function unseen(walk: Walk, item: Named, error: unknown): Promise<void> {
  const missing = errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR";
  if (missing && !(await isLink(item.absolute)) && !item.name.includes("\uFFFD")) return;
  const why = missing ? missingReason(item.name) : reasonOf(error);
  if (!isJobFileName(item.name)) throw new Unlistable(`${item.absolute} ${why}`, { cause: error });
  add(walk, { path: item.path, absolute: item.absolute, error: why });
}

function missingReason(name: string): string {
  if (name.includes("\uFFFD")) return "has a name that is not UTF-8: rename it";
  return "is a symbolic link to something that does not exist";
}

async function isLink(absolute: string): Promise<boolean> {
  return lstat(absolute).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

function add(walk: Walk, entry: Entry): void {
  if (walk.entries.length >= MAX_FILES) throw new Unlistable(`the directory holds more than ${MAX_FILES} job files`);
  walk.entries.push(entry);
}

/** Tells a directory from another of the same name, also from one that was given the inode of its predecessor. */
export function identityOf(found: BigIntStats): string {
  return `${found.dev}:${found.ino}:${found.birthtimeNs}`;
}
