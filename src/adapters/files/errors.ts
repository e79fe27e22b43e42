/** Turns what the file system throws into sentences. */

/** The code of a system error (`ENOENT`), or "". */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "is not a directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ELOOP: "is a symbolic link that leads nowhere but to itself",
  EIO: "the disk reports an I/O error",
  EMFILE: "too many open files in this process",
  ENFILE: "too many open files on this host",
  ENOSPC: "no space left",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
};

/** What went wrong, without the path (which the caller names) and without a full stop. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error);
  const sentence = SENTENCES[code];
  if (sentence !== undefined) return sentence;
  if (code !== "") return `the system says ${code}`;
  return error instanceof Error ? error.message : String(error);
}
