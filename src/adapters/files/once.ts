/** Reads job files once, outside of any watch: for checking and formatting them. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { JobFile } from "../../ports/files.ts";
import { mapLimited } from "../concurrency.ts";
import { readContent, signatureOf } from "./content.ts";
import { reasonOf } from "./errors.ts";
import { isHclFileName, isLeftover } from "./names.ts";
import { scanDirectory, Unlistable } from "./scan.ts";

const READS_AT_ONCE = 16;
/** A file that changes while it is read is read again, this often. */
const ATTEMPTS = 5;

/** A file whatever its name, or the job files of a directory; each under the path as given. What cannot be read says why. */
export async function readJobFiles(path: string): Promise<readonly JobFile[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [await readWhole(path)];
    const { entries } = await scanDirectory(path);
    return await mapLimited(entries, READS_AT_ONCE, (entry) => readWhole(join(path, entry.path)));
  } catch (error) {
    if (error instanceof Unlistable) return [{ path, hash: "", error: `cannot be listed: ${error.message}` }];
    return [{ path, hash: "", error: reasonOf(error) }];
  }
}

/**
 * A file whatever its name, or the HCL files of a directory; with `recursive` those of its directories too, but not of
 * links to directories. What cannot be read says why.
 */
export async function readHclFiles(path: string, recursive: boolean): Promise<readonly JobFile[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [await readWhole(path)];
    return await mapLimited(await hclFilesIn(path, recursive), READS_AT_ONCE, readWhole);
  } catch (error) {
    return [{ path, hash: "", error: reasonOf(error) }];
  }
}

async function hclFilesIn(directory: string, recursive: boolean): Promise<string[]> {
  const paths: string[] = [];
  const found = await readdir(directory, { withFileTypes: true });
  for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    const inside = entry.isDirectory() && recursive && !isLeftover(entry.name);
    if (inside) paths.push(...(await hclFilesIn(path, recursive)));
    else if (!entry.isDirectory() && isHclFileName(entry.name)) paths.push(path);
  }
  return paths;
}

async function readWhole(path: string): Promise<JobFile> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await stat(path, { bigint: true }).catch((error: unknown) => reasonOf(error));
    if (typeof found === "string") return { path, hash: "", error: found };
    if (!found.isFile()) return { path, hash: "", error: "is not a regular file" };
    const { kind, ...content } = { hash: "", ...(await readContent(path, signatureOf(found))) };
    if (kind !== "changed") return { path, ...content };
  }
  return { path, hash: "", error: "changes while it is read: try again when it is written" };
}
