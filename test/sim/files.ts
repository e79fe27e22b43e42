/** The watched directory and the state directory, in memory. */
import { createHash } from "node:crypto";
import { Hints } from "../../src/adapters/hints.ts";
import type { DirectoryReading, JobDirectory, StateStore } from "../../src/ports/files.ts";

export class FakeDirectory implements JobDirectory {
  readonly files = new Map<string, string>();
  #isAway = false;
  readonly #watchers = new Set<Hints>();

  write(path: string, text: string): void {
    this.files.set(path, text);
    this.#notify();
  }

  remove(path: string): void {
    this.files.delete(path);
    this.#notify();
  }

  /** The file system goes: an empty directory of another device is seen in its place until it is back. */
  setAway(isAway: boolean): void {
    this.#isAway = isAway;
    this.#notify();
  }

  async list(): Promise<DirectoryReading> {
    if (this.#isAway) return { ok: true, device: "another", files: [] };
    const files = [...this.files].map(([path, text]) => ({
      path,
      text,
      hash: contentHash(text),
    }));
    return { ok: true, device: "1", files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  }

  async *changes(signal: AbortSignal): AsyncGenerator<void> {
    const hints = new Hints();
    const stop = (): void => hints.end();
    signal.addEventListener("abort", stop, { once: true });
    this.#watchers.add(hints);
    hints.notify();
    if (signal.aborted) stop();
    try {
      yield* hints.read();
    } finally {
      this.#watchers.delete(hints);
      signal.removeEventListener("abort", stop);
    }
  }

  #notify(): void {
    for (const hints of this.#watchers) hints.notify();
  }
}

/** Outlives every controller. Values are kept as text, as files keep them. */
export class FakeState implements StateStore {
  readonly #documents = new Map<string, Map<string, string>>();

  async load(kind: string): Promise<ReadonlyMap<string, unknown>> {
    const found = this.#documents.get(kind) ?? new Map<string, string>();
    return new Map([...found].map(([name, text]) => [name, JSON.parse(text) as unknown]));
  }

  async save(kind: string, name: string, value: unknown): Promise<void> {
    const kept = this.#documents.get(kind) ?? new Map<string, string>();
    this.#documents.set(kind, kept.set(name, JSON.stringify(value)));
  }

  async remove(kind: string, name: string): Promise<void> {
    this.#documents.get(kind)?.delete(name);
  }

  /** The volume was lost. */
  clear(): void {
    this.#documents.clear();
  }
}

/** As the real directory tells it. */
export function contentHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
