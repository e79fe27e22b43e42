/** The files that functions such as `file` may read, and a record of what was read of them. */
import { hashOf } from "../model/ids.ts";
import type { JobFiles } from "../model/job-files.ts";

export type { JobFiles };

/** Passes everything on, and remembers every answer: a job that was made of other answers is another job. */
export class RecordedFiles implements JobFiles {
  /** By question; equal records are equal answers. */
  readonly answers: Record<string, string> = {};
  readonly directory?: string;
  readonly #files: JobFiles;

  constructor(files: JobFiles) {
    this.#files = files;
    if (files.directory !== undefined) this.directory = files.directory;
  }

  get any(): boolean {
    return Object.keys(this.answers).length > 0;
  }

  read(path: string): ReturnType<JobFiles["read"]> {
    const answer = this.#files.read(path);
    this.answers[`read ${path}`] = hashOf(
      "bytes" in answer ? Buffer.from(answer.bytes).toString("base64") : answer,
      64,
    );
    return answer;
  }

  exists(path: string): boolean {
    const answer = this.#files.exists(path);
    this.answers[`exists ${path}`] = String(answer);
    return answer;
  }

  list(): readonly string[] {
    const answer = this.#files.list();
    this.answers["list"] = hashOf(answer, 64);
    return answer;
  }
}
