/** What a command sees of its surroundings, so that tests can give it others. */
import { createInterface } from "node:readline/promises";

export interface Output {
  readonly write: (text: string) => void;
  /** Whether a person looks at it. */
  readonly terminal: boolean;
}

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Asks a person and returns the answer; absent where there is nobody to ask. */
  readonly ask?: (question: string) => Promise<string>;
  /** Aborted when the process is told to end (SIGTERM, SIGINT). */
  readonly signal: AbortSignal;
}

/** The process' own surroundings. Who makes the signal from SIGTERM and SIGINT is the caller. */
export function processIo(signal: AbortSignal): Io {
  const output = (stream: NodeJS.WriteStream): Output => ({
    write: (text) => void stream.write(text),
    terminal: stream.isTTY,
  });
  const base = { env: process.env, stdout: output(process.stdout), stderr: output(process.stderr), signal };
  return process.stdin.isTTY && process.stderr.isTTY ? { ...base, ask: (question) => ask(question, signal) } : base;
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await prompt.question(question, { signal });
  } finally {
    prompt.close();
  }
}
