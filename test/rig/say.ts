/** Lines for the human who waits: one line for each thing that takes time. */
const started = performance.now();

/** Prints one line with the seconds since this process began. */
export function say(text: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  process.stdout.write(`[${seconds}s] ${text}\n`);
}

/** Prints text as it is. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** An error's own sentence, whatever was thrown. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
