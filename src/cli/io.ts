/** What a command sees of its surroundings, so that tests can give it others. */
import { createInterface } from "node:readline/promises";
import { UserError } from "./user-error.ts";

/** Bytes; more than any command can use. */
const MAX_INPUT = 16 * 1024 * 1024;

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
  /** The whole standard input. Throws a UserError if it is no UTF-8 text, or no text of a bearable length. */
  readonly input: () => Promise<string>;
  /** Aborted when the process is told to end (SIGTERM, SIGINT). */
  readonly signal: AbortSignal;
}

/** The process' own surroundings. Who makes the signal from SIGTERM and SIGINT is the caller. */
export function processIo(signal: AbortSignal): Io {
  const output = (stream: NodeJS.WriteStream): Output => ({
    write: (text) => void stream.write(text),
    terminal: stream.isTTY,
  });
  const input = (): Promise<string> => readText(process.stdin);
  const base = { env: process.env, stdout: output(process.stdout), stderr: output(process.stderr), input, signal };
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

async function readText(stream: AsyncIterable<string | Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    length += bytes.length;
    if (length > MAX_INPUT) throw new UserError("The standard input is longer than 16 MiB");
    chunks.push(bytes);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new UserError("The standard input is not UTF-8 text", { cause: error });
  }
}
