/** Watches of directories as a hint that something changed, kept in step with the directories there are. */
import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PortFailure } from "../../ports/failure.ts";
import { errorCode, reasonOf } from "./errors.ts";
import { identityOf } from "./scan.ts";

/** A directory to watch. */
export interface Watched {
  /** Of the directory itself, so that another directory of the same name is watched anew. */
  readonly id: string;
  /** Only this entry is of interest. */
  readonly only?: string;
}

/** `rename`: the name appeared, vanished or was replaced; `change`: what it names was written or its attributes set. */
export type WatchEvent = "rename" | "change";

interface Watch {
  readonly id: string;
  readonly watcher: FSWatcher;
}

export class WatchSet {
  readonly #watches = new Map<string, Watch>();
  readonly #onEvent: (absolute: string, event: WatchEvent) => void;

  constructor(onEvent: (absolute: string, event: WatchEvent) => void) {
    this.#onEvent = onEvent;
  }

  get size(): number {
    return this.#watches.size;
  }

  /**
   * Watches these directories and no others. True if any watch is new: what happened there before it is unknown.
   * Throws a PortFailure when the host allows no more watches.
   */
  sync(directories: ReadonlyMap<string, Watched>): boolean {
    for (const [path, { id }] of this.#watches) if (directories.get(path)?.id !== id) this.#drop(path);
    let added = false;
    for (const [path, wanted] of directories) {
      if (!this.#watches.has(path) && this.#add(path, wanted)) added = true;
    }
    return added;
  }

  close(): void {
    for (const path of this.#watches.keys()) this.#drop(path);
  }

  #add(path: string, { id, only }: Watched): boolean {
    try {
      const watcher = watch(path, { persistent: false });
      watcher.on("change", (event, name) => {
        if (only === undefined || name === only) this.#onEvent(join(path, String(name ?? "")), event as WatchEvent);
      });
      watcher.on("error", () => {
        this.#drop(path);
        this.#onEvent(path, "rename");
      });
      this.#watches.set(path, { id, watcher });
      return true;
    } catch (error) {
      if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return false;
      throw watchFailure(path, error);
    }
  }

  #drop(path: string): void {
    this.#watches.get(path)?.watcher.close();
    this.#watches.delete(path);
  }
}

function watchFailure(path: string, error: unknown): PortFailure {
  const full = errorCode(error) === "ENOSPC" || errorCode(error) === "EMFILE";
  const advice = "no more inotify watches: raise fs.inotify.max_user_watches and max_user_instances";
  return new PortFailure({
    code: "rejected",
    call: `files: watch ${path}`,
    message: full ? `${advice}; until then changes are seen by the rescan only` : reasonOf(error),
    effect: "none",
    retry: "backoff",
    cause: error,
  });
}

/** The directories that hold a symbolic link on the way to a path: replacing such a link swaps the whole directory. */
export async function linkHolders(path: string): Promise<ReadonlyMap<string, Watched>> {
  const holders = new Map<string, Watched>();
  let at = resolve(path);
  while (dirname(at) !== at) {
    const parent = dirname(at);
    const only = at.slice(parent === "/" ? 1 : parent.length + 1);
    const id = await holderOf(at, parent);
    if (id !== undefined) holders.set(parent, { id, only });
    at = parent;
  }
  return holders;
}

/** undefined: no link, or none that can be looked at; the rescan has to do then. */
async function holderOf(path: string, parent: string): Promise<string | undefined> {
  try {
    if (!(await lstat(path)).isSymbolicLink()) return undefined;
    return identityOf(await stat(parent, { bigint: true }));
  } catch (error) {
    if (errorCode(error) !== "") return undefined;
    throw error;
  }
}
