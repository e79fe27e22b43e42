/** The program `remora`, run to its end. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { root } from "../../rig/paths.ts";

/** How the bundled program is started. */
export const program: readonly string[] = [process.execPath, join(root, "dist/remora")];

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the program; whatever its exit code, that is an answer. */
export function remora(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const [file = "", ...before] = program;
  return new Promise((done, fail) => {
    execFile(file, [...before, ...args], { env, timeout: 60_000, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") done({ code, stdout, stderr });
      else fail(new Error(`remora ${args.join(" ")} did not end by itself: ${stderr}`, { cause: error }));
    });
  });
}
