/** What is remembered of the job files between two readings: settled contents, and what is waited for. */
import { basename } from "node:path";
import type { Millis } from "../../model/job.ts";
import type { JobFile } from "../../ports/files.ts";
import { readContent, signatureOf } from "./content.ts";
import { isJobFileName } from "./names.ts";
import type { Entry } from "./scan.ts";
import { SETTLE, unsettledFor } from "./settling.ts";

/**
 * A file that was deleted and, within this time, is begun anew under the same name shows its former content until the
 * new one has settled, so that a slow "delete and create" reads as one change.
 */
const REMEMBER_DELETED: Millis = 10_000;

interface Known {
  /** Last complete content, and the signature it was read under. */
  readonly settled?: { readonly signature: string; readonly file: JobFile };
  /** The signature last seen, and since when. */
  readonly signature: string;
  readonly since: Millis;
  readonly deletedAt?: Millis;
}

/** What one file contributes to a reading. */
export interface Shown {
  /** undefined: there is nothing yet that could be shown. */
  readonly file: JobFile | undefined;
  /** When it is worth looking again; 0 if it is settled. */
  readonly againIn: Millis;
}

export class KnownFiles {
  readonly #known = new Map<string, Known>();
  readonly #writtenInPlace = new Set<string>();

  /** The watch saw this file being written, or replaced as a whole. */
  note(absolute: string, event: "rename" | "change"): void {
    if (!isJobFileName(basename(absolute))) return;
    if (event === "change") this.#writtenInPlace.add(absolute);
    else this.#writtenInPlace.delete(absolute);
  }

  /** The newest complete content of a file; reads it only if it may have changed and has settled. */
  async show(entry: Entry, now: Millis): Promise<Shown> {
    const { path, absolute, stat } = entry;
    if (stat === undefined) return { file: { path, hash: "", error: entry.error ?? "cannot be read" }, againIn: 0 };
    const signature = signatureOf(stat);
    const before = this.#known.get(path);
    if (before?.settled?.signature === signature) return this.#keep(path, before, before.settled.file);
    const since = before?.signature === signature ? before.since : now;
    const inPlace = this.#writtenInPlace.has(absolute);
    const wait = unsettledFor({ stat, since, inPlace }, now);
    if (wait > 0) return this.#wait(path, { ...before, signature, since }, wait);
    const content = await readContent(absolute, signature);
    if (content.kind === "changed") return this.#wait(path, { ...before, signature, since }, SETTLE);
    const { kind, ...rest } = content;
    const file: JobFile = { path, ...rest };
    // What could not be read may be readable next time without any change of its signature (EMFILE, a mount's rights).
    if (kind === "unusable" && content.hash === "") return { file, againIn: 0 };
    return this.#keep(path, { settled: { signature, file }, signature, since }, file);
  }

  /** To be called with the paths of a whole reading. */
  retain(paths: ReadonlySet<string>, now: Millis): void {
    for (const [path, known] of this.#known) {
      if (paths.has(path)) continue;
      const deletedAt = known.deletedAt ?? now;
      if (now - deletedAt > REMEMBER_DELETED) this.#known.delete(path);
      else this.#known.set(path, { ...known, deletedAt });
    }
  }

  #keep(path: string, { settled, signature, since }: Known, file: JobFile): Shown {
    this.#known.set(path, { ...(settled && { settled }), signature, since });
    return { file, againIn: 0 };
  }

  #wait(path: string, known: Known, againIn: Millis): Shown {
    this.#known.set(path, known);
    return { file: known.settled?.file, againIn };
  }
}
