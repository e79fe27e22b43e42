/** What a job file is read with, and what reading it gives. */
import type { JobFiles } from "./files.ts";
import type { Body } from "./tree.ts";
import type { GivenVariables } from "./variables/given.ts";

export interface ParseOptions {
  /** Values from flags, var files and the environment, in order of precedence; none unless given. */
  readonly variables?: GivenVariables;
  /** For functions such as `file`; without it they are refused. */
  readonly files?: JobFiles;
  /**
   * A flag or a var file sets a variable that this file does not declare: an error where one file is read, nothing where many
   * files share one set of values. "ignore" unless given.
   */
  readonly undeclared?: "error" | "ignore";
}

/** The options with their defaults. */
export interface ReadOptions {
  readonly given: GivenVariables;
  readonly undeclared: "error" | "ignore";
  readonly files: JobFiles | undefined;
  /** Takes the texts that come from sensitive variables, as they are found. */
  readonly sensitive: Set<string>;
}

/** A file that has been read, before its schema is applied. */
export interface Tree {
  readonly body: Body;
  /** The values from outside that were meant for variables of this file. */
  readonly given: GivenVariables;
}
