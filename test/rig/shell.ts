/** Other programs: run one to its end, or start one that outlives this process. */
import { execFile, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end; resolves with its stdout, rejects with the command and the last lines it printed. */
export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((done, fail) => {
    execFile(file, [...args], { ...options, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error === null) return done(stdout);
      const said = lastLines(stderr.trim() === "" ? stdout : stderr);
      fail(new Error(`${[file, ...args].join(" ")} failed: ${said === "" ? error.message : said}`, { cause: error }));
    });
  });
}

/** Whether a program can be started at all. */
export async function exists(program: string): Promise<boolean> {
  return run("/bin/sh", ["-c", 'command -v "$0"', program]).then(
    () => true,
    () => false,
  );
}

export interface StartOptions extends RunOptions {
  /** Where its output goes, for its owner to read. */
  readonly log: string;
}

/** Starts a program that outlives this process; resolves with its pid once it has started. */
export function startDetached(file: string, args: readonly string[], options: StartOptions): Promise<number> {
  return start(file, args, options, true);
}

/** Starts a program that ends with this process, however this process ends; resolves with its pid. */
export function startBound(file: string, args: readonly string[], options: StartOptions): Promise<number> {
  return start("setpriv", ["--pdeathsig", "KILL", file, ...args], options, false);
}

function start(file: string, args: readonly string[], options: StartOptions, detached: boolean): Promise<number> {
  const { log, ...rest } = options;
  const output = openSync(log, "a", 0o600);
  const child = spawn(file, [...args], { ...rest, detached, stdio: ["ignore", output, output] });
  closeSync(output);
  return new Promise((done, fail) => {
    child.once("error", (error) => fail(new Error(`${file} did not start: ${error.message}`, { cause: error })));
    child.once("spawn", () => {
      child.unref();
      done(child.pid ?? 0);
    });
  });
}

/** The last lines of a program's output. */
export function lastLines(text: string, count = 8): string {
  return text.trim().split("\n").slice(-count).join("\n");
}
