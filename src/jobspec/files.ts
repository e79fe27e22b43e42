/** The files that functions such as `file` may read, and a record of what was read of them. */
import { hashOf } from "../model/ids.ts";
import type { JobFiles } from "../model/job-files.ts";

export type { JobFiles };

/**
 * Asks each question once, however often a job asks it, and remembers the answer: a job that was made of other answers is
 * another job.
 */
export class RecordedFiles implements JobFiles {
  /** By question; equal records are equal answers. */
  readonly answers: Record<string, string> = {};
  readonly directory?: string;
  readonly #files: JobFiles;
  readonly #known = new Map<string, unknown>();

  constructor(files: JobFiles) {
    this.#files = files;
    if (files.directory !== undefined) this.directory = files.directory;
  }

  get any(): boolean {
    return this.#known.size > 0;
  }

  read(path: string): ReturnType<JobFiles["read"]> {
    return this.#once(`read ${path}`, () => this.#files.read(path), hashOfRead);
  }

  exists(path: string): boolean {
    return this.#once(`exists ${path}`, () => this.#files.exists(path), String);
  }

  list(): readonly string[] {
    return this.#once(
      "list",
      () => this.#files.list(),
      (paths) => hashOf(paths, 64),
    );
  }

  #once<T>(question: string, ask: () => T, record: (answer: T) => string): T {
    if (this.#known.has(question)) return this.#known.get(question) as T;
    const answer = ask();
    this.#known.set(question, answer);
    this.answers[question] = record(answer);
    return answer;
  }
}

function hashOfRead(answer: ReturnType<JobFiles["read"]>): string {
  return hashOf("bytes" in answer ? Buffer.from(answer.bytes).toString("base64") : answer, 64);
}
