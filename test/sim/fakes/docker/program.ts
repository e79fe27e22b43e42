/** What runs in a fake container: programs that listen, wait and exit, and commands that answer at once. */
import type { ContainerSpec } from "../../../../src/model/container.ts";
import type { Millis } from "../../../../src/model/job.ts";

/** What a program can do and see. */
export interface FakeProcess {
  readonly spec: ContainerSpec;
  /** Aborted when the container ends, by whatever cause. */
  readonly ended: AbortSignal;
  /** By the world's clock; resolves at once when the container has ended. */
  sleep(ms: Millis): Promise<void>;
  /** Binds a TCP port in the container's namespace. An IPv4 address, or `::` for all of both families. */
  listen(port: number, address?: string): void;
  unlisten(port: number): void;
  exit(code: number): void;
  /** Takes signals (without `SIG`) other than KILL from now on; without a handler they end the container with 128 + n. */
  onSignal(handler: (name: string) => void): void;
  /** The text of a file in a mounted volume or the container's own files. */
  read(path: string): string | undefined;
}

/** Begins when the container starts. A rejection is a mistake in the test, not an exit. */
export type Program = (process: FakeProcess) => void | Promise<void>;

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
}

/** Answers an exec; undefined leaves it to the built-in commands. */
export type Command = (process: FakeProcess, argv: readonly string[]) => CommandResult | undefined;

export interface FakeImage {
  /** Absent: runs until it gets a signal. */
  readonly program?: Program;
  readonly command?: Command;
  readonly stopSignal?: string;
}

/** signal(7), those a container is likely to get. */
const SIGNALS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  TERM: 15,
};

/** `SIGTERM`, `term` and `15` are all TERM; undefined for what is no signal. */
export function signalName(text: string): string | undefined {
  const name = text.toUpperCase().replace(/^SIG/, "");
  if (name in SIGNALS) return name;
  return Object.keys(SIGNALS).find((known) => String(SIGNALS[known]) === name);
}

/** The exit code of a process that a signal ended. */
export function exitCodeOf(signal: string): number {
  return 128 + (SIGNALS[signal] ?? 0);
}
