/** Which entries of a job directory count: the five extensions, and nothing that editors, shells and syncers leave behind. */

/** What a job file may end in. */
export const JOB_EXTENSIONS = [".nomad", ".hcl", ".yaml", ".yml", ".json"] as const;

/** Editors' and tools' leftovers, for directories too: `jobs.bak/` must not run every job twice. */
const LEFTOVERS = [
  // Hidden: `.git`, vim's `.a.nomad.swp`, Emacs' `.#a.nomad`, a config map's `..data` (reached through the links to it).
  /^\./,
  // Emacs' auto-save, backups, vim's swap files and its probe for a writable directory.
  /^#.*#$/,
  /~$/,
  /\.(swp|swx|swo|tmp|temp|bak|orig|part)$/i,
  /^4913$/,
];

/** Whether an entry is none of our business, file or directory. */
export function isLeftover(name: string): boolean {
  return LEFTOVERS.some((pattern) => pattern.test(name));
}

/** Whether a file of this name is a job file. */
export function isJobFileName(name: string): boolean {
  return !isLeftover(name) && JOB_EXTENSIONS.some((extension) => name.endsWith(extension));
}

/** Whether a file of this name is a job file in HCL, by its name. */
export function isHclFileName(name: string): boolean {
  return !isLeftover(name) && [".nomad", ".hcl"].some((extension) => name.endsWith(extension));
}
