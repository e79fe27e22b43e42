/** What a job file may read while it is parsed: the files beside it. */

/** Paths are relative to the directory of the job file, with forward slashes and no `.` or `..`; nothing outside is reachable. */
export interface JobFiles {
  /** Absolute, for `abspath`; absent where it means nothing to the reader. */
  readonly directory?: string;
  read(path: string): { readonly bytes: Uint8Array } | { readonly error: string };
  /** Is there a regular file? */
  exists(path: string): boolean;
  /** All regular files, those of folders too. */
  list(): readonly string[];
}
