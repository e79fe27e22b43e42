/** What goes into an image, as data: files from this machine, and the Dockerfile that places them. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { rigDir } from "./paths.ts";
import { run } from "./shell.ts";

/** One entry of a build context: a copy of a file, a text, a symbolic link or an empty directory. */
export type Entry = { readonly path: string; readonly mode?: number } & (
  | { readonly copyOf: string }
  | { readonly text: string }
  | { readonly linkTo: string }
  | { readonly directory: true }
);

export interface Recipe {
  readonly name: string;
  /** Relative to the context, which holds the entries. */
  readonly dockerfile: string;
  readonly entries: readonly Entry[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Ids of the images it is made from: when one changes, so does this one. */
  readonly from?: readonly string[];
}

/** The hash of all that goes into the image: what the files hold, not where they come from. */
export async function inputsHash(recipe: Recipe): Promise<string> {
  const { dockerfile, buildArgs, from, entries } = recipe;
  const hash = createHash("sha256").update(JSON.stringify([dockerfile, buildArgs, from]));
  for (const entry of entries) {
    const { copyOf, ...rest } = { copyOf: undefined, ...entry };
    hash.update(JSON.stringify(rest));
    if (copyOf === undefined) continue;
    for await (const chunk of createReadStream(copyOf)) hash.update(chunk as Buffer);
  }
  return hash.digest("hex");
}

/** Lays the context out in a directory of its own for as long as `use` takes. */
export async function withContext<T>(recipe: Recipe, use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(rigDir, "context-"));
  try {
    await writeFile(join(directory, "Dockerfile"), recipe.dockerfile);
    for (const entry of recipe.entries) await layOut(directory, entry);
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function layOut(directory: string, entry: Entry): Promise<void> {
  const path = join(directory, entry.path);
  await mkdir(dirname(path), { recursive: true });
  if ("linkTo" in entry) return symlink(entry.linkTo, path);
  if ("directory" in entry) await mkdir(path);
  else if ("text" in entry) await writeFile(path, entry.text);
  else await copyFile(entry.copyOf, path);
  await chmod(path, entry.mode ?? 0o644);
}

/** A program with the libraries and the loader it needs, as entries below `rootfs/`. */
export async function programEntries(program: string, target: string): Promise<readonly Entry[]> {
  const libraries = await sharedLibraries(program);
  return [
    { path: join("rootfs", target), copyOf: program, mode: 0o755 },
    ...libraries.map((path) => ({ path: join("rootfs", path), copyOf: path, mode: 0o755 })),
  ];
}

/** The paths that ldd tells; none for a static program. */
async function sharedLibraries(program: string): Promise<readonly string[]> {
  const told = await run("ldd", [program]).catch((error: Error) => {
    if (error.message.includes("not a dynamic executable")) return "";
    throw error;
  });
  return [...told.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map((match) => match[1] ?? "");
}
