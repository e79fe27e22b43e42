/** Colours for a terminal (SGR, ECMA-48 §8.3.117); plain text for everything else. */
import type { Io } from "./io.ts";

const CODES = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const;

export type Colour = keyof typeof CODES;
export type Paint = (colour: Colour, text: string) => string;

/** Whoever sets NO_COLOR to anything, or reads through a pipe, gets none. */
export function paintFor({ stdout, env }: Pick<Io, "stdout" | "env">): Paint {
  const isPlain = !stdout.terminal || (env["NO_COLOR"] ?? "") !== "";
  return isPlain ? (_, text) => text : (colour, text) => `\u001B[${CODES[colour]}m${text}\u001B[0m`;
}
