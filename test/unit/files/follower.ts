/** Does what the informer does with a directory: looks at every hint, and keeps every reading. */
import { setTimeout as delay } from "node:timers/promises";
import { jobDirectory } from "../../../src/adapters/files/directory.ts";
import { systemClock } from "../../../src/adapters/system.ts";
import { canonicalJson } from "../../../src/model/ids.ts";
import type { DirectoryReading, JobDirectory, JobFile } from "../../../src/ports/files.ts";
import { until } from "../../rig/wait.ts";

export interface Follower {
  readonly directory: JobDirectory;
  readonly readings: readonly DirectoryReading[];
  /** Waits for a reading with exactly these texts by path (or errors, as `!error`). */
  shows(expected: Readonly<Record<string, string>>): Promise<void>;
  /** Waits for a reading that says the directory could not be listed. */
  fails(): Promise<string>;
  /** Every text a path has had in any reading, in order, each once in a row; "absent" where it was not listed. */
  history(path: string): readonly string[];
  stop(): Promise<void>;
}

export function follow(root: string): Follower {
  const directory = jobDirectory(root, { clock: systemClock });
  const readings: DirectoryReading[] = [];
  const end = new AbortController();
  const running = (async () => {
    for await (const _ of directory.changes(end.signal)) readings.push(await directory.list(end.signal));
  })();
  return {
    directory,
    readings,
    shows: async (expected) => {
      const want = canonicalJson(expected);
      let got = "";
      await until(
        async () => {
          got = canonicalJson(textsOf(readings.at(-1)));
          return got === want;
        },
        { what: `a reading of ${want}`, timeoutMs: 8_000, everyMs: 5 },
      ).catch((error: unknown) => {
        throw new Error(`the last reading is ${got}`, { cause: error });
      });
    },
    fails: () =>
      until(
        async () => {
          const last = readings.at(-1);
          return last?.ok === false ? last.error : undefined;
        },
        { what: "a failed reading", timeoutMs: 8_000, everyMs: 5 },
      ),
    history: (path) => historyOf(readings, path),
    stop: async () => {
      end.abort();
      await running;
    },
  };
}

/** The pace of a slow writer. Nothing is awaited by it. */
export const writersPause = (ms: number): Promise<void> => delay(ms);

export function textsOf(reading: DirectoryReading | undefined): Record<string, string> {
  if (reading === undefined || !reading.ok) return { "?": "no listing" };
  return Object.fromEntries(reading.files.map((file) => [file.path, said(file)]));
}

function said(file: JobFile): string {
  return file.error === undefined ? (file.text ?? "") : `!${file.error}`;
}

function historyOf(readings: readonly DirectoryReading[], path: string): readonly string[] {
  const all = readings.map((reading) => textsOf(reading)[path] ?? "absent");
  return all.filter((text, index) => text !== all[index - 1]);
}
