/** The watched directory of job files, and the state directory. */
import type { Source } from "./source.ts";

/** One candidate file. Hidden, swap, backup and half-written files never show. */
export interface JobFile {
  /** Relative to the directory, with forward slashes. */
  readonly path: string;
  /** SHA-256 of the content, hex; "" if it could not be read. */
  readonly hash: string;
  readonly text?: string;
  /** Why it could not be read. */
  readonly error?: string;
}

export type DirectoryReading =
  | { readonly ok: true; readonly device: string; readonly files: readonly JobFile[] }
  /** The directory itself could not be listed: "could not look" never means "is empty". */
  | { readonly ok: false; readonly error: string };

export type JobDirectory = Source<DirectoryReading>;

/** Small named documents that survive the process. Each write is atomic and durable before it resolves. */
export interface StateStore {
  /** All documents of a kind by name; a document that cannot be read or parsed is left out and reported through `onBad`. */
  load(kind: string, onBad: (name: string, error: string) => void): Promise<ReadonlyMap<string, unknown>>;
  save(kind: string, name: string, value: unknown): Promise<void>;
  remove(kind: string, name: string): Promise<void>;
}
