/** What a table of cases for the rules is made of, and the smallest jobs around a fragment. */
import { groupText, jobText, serviceText, taskText } from "../support.ts";

/** A file with § before the place where its one error is, and the error's sentence. */
export type Refused = readonly [text: string, summary: string];

export interface Cases {
  readonly refused: readonly Refused[];
  readonly allowed: readonly string[];
  /** What Nomad accepts, and is refused here on purpose. */
  readonly stricter?: readonly Refused[];
  /** What Nomad's server does not survive. */
  readonly crashes?: readonly Refused[];
}

/** Lines in a block, each with its own line end. */
export function block(head: string, ...lines: readonly string[]): string {
  return [`${head} {`, ...lines, "}"].join("\n");
}

const TASK = block('task "t"', 'driver = "docker"', block("config", 'image = "i"'));

export const job = (...lines: readonly string[]): string => jobText(TASK, lines.join("\n"));
export const system = (...lines: readonly string[]): string => jobText([...lines, TASK].join("\n"), 'type = "system"');
export const group = (...lines: readonly string[]): string => groupText(lines.join("\n"));
export const task = (...lines: readonly string[]): string => taskText(lines.join("\n"));
export const service = (...lines: readonly string[]): string => serviceText(lines.join("\n"));
