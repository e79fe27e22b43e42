/** Keeps the wanted jobs: digests readings of the directory one after another, and writes down each version before it is acted on. */
import { groupKey } from "../model/keys.ts";
import { canonicalJson } from "../model/ids.ts";
import type { Job } from "../model/job.ts";
import type { DirectoryReading, StateStore } from "../ports/files.ts";
import type { Observer } from "../ports/observer.ts";
import type { Clock } from "../ports/time.ts";
import type { Desired } from "./group.ts";
import {
  type FileState,
  type JobsState,
  nextJobs,
  type ParsedFile,
  restoredJobs,
  type WantedJob,
  wishFor,
} from "./jobs.ts";

export interface JobsKeeperOptions {
  readonly state: StateStore;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly pruneDelay: number;
  /** An empty directory is obeyed even though this process saw no files in it. */
  readonly trustEmpty: boolean;
  readonly parse: (path: string, text: string) => ParsedFile;
  /** Called with the keys of groups whose wish changed. */
  readonly onChange: (keys: readonly string[]) => void;
  /** Asks for another reading after `ms`. */
  readonly lookAgain: (ms: number) => void;
  /** Reports whether the state directory could be written. */
  readonly onState: (error: string | undefined) => void;
}

type Write = () => Promise<void>;

const JOBS = "jobs";
const STOPPED = "stopped";

export class JobsKeeper {
  readonly #options: JobsKeeperOptions;
  #state: JobsState = restoredJobs([], new Map());
  #reading: DirectoryReading | undefined;
  #digesting: Promise<void> = Promise.resolve();
  /** Content hashes of the documents in the state directory, by job. */
  readonly #kept = { jobs: new Map<string, string>(), stopped: new Map<string, string>() };
  /** Results of parsing by path, for the content they belong to. */
  readonly #parsed = new Map<string, { readonly hash: string; readonly result: ParsedFile }>();

  constructor(options: JobsKeeperOptions) {
    this.#options = options;
  }

  get state(): JobsState {
    return this.#state;
  }

  /** The last good versions and the orders of an earlier process. */
  async restore(): Promise<void> {
    const { state, observer } = this.#options;
    const onBad = (name: string, error: string): void =>
      observer({ kind: "problem", message: `state of ${name} cannot be read: ${error}` });
    const jobs = [...(await state.load(JOBS, onBad)).values()].filter(isWantedJob);
    const stopped = [...(await state.load(STOPPED, onBad))].flatMap(([id, hash]): [string, string][] =>
      typeof hash === "string" ? [[id, hash]] : [],
    );
    for (const { job, hash } of jobs) this.#kept.jobs.set(job.id, hash);
    for (const [id, hash] of stopped) this.#kept.stopped.set(id, hash);
    this.#state = { ...restoredJobs(jobs, new Map(stopped)), seenFiles: this.#options.trustEmpty };
  }

  /** Readings are digested in order; resolves when this one has been. */
  digest(reading: DirectoryReading): Promise<void> {
    this.#reading = reading;
    this.#digesting = this.#digesting.then(() => this.#digest(reading));
    return this.#digesting;
  }

  /** The operator's order to stop a job; it holds until the job's file changes. Resolves with whether the job was known. */
  async stop(id: string): Promise<boolean> {
    const known = this.#state.jobs.has(id);
    const adopt = async (): Promise<void> => {
      const hash = this.#state.jobs.get(id)?.hash ?? "";
      await this.#adopt({ ...this.#state, stopped: new Map([...this.#state.stopped, [id, hash]]) });
    };
    this.#digesting = this.#digesting.then(adopt);
    await this.#digesting;
    return known;
  }

  desired(job: string, group: string): Desired {
    const wish = wishFor(this.#state, job);
    if (wish.kind !== "run") return wish;
    const found = wish.job.groups.find(({ name }) => name === group);
    return found === undefined ? { kind: "remove" } : { kind: "run", job: wish.job, group: found };
  }

  /** Keys of every group of every wanted job. */
  keys(): readonly string[] {
    return [...this.#state.jobs.values()].flatMap(({ job }) => keysOf(job));
  }

  async #digest(reading: DirectoryReading): Promise<void> {
    const { clock, pruneDelay, lookAgain } = this.#options;
    const now = clock.now();
    const next = nextJobs(this.#state, reading, {
      now,
      pruneDelay,
      parse: (path, text) => this.#parse(reading, path, text),
    });
    await this.#adopt(next);
    if (next.again !== undefined && reading === this.#reading) lookAgain(Math.max(0, next.again - now));
  }

  async #adopt(next: JobsState): Promise<void> {
    const before = this.#state;
    await this.#write(next);
    this.#state = next;
    this.#announce(before.files, next.files);
    this.#options.onChange(changedKeys(before, next));
  }

  #parse(reading: DirectoryReading, path: string, text: string): ParsedFile {
    const hash = reading.ok ? (reading.files.find((file) => file.path === path)?.hash ?? "") : "";
    const known = this.#parsed.get(path);
    if (known !== undefined && known.hash === hash) return known.result;
    const result = this.#options.parse(path, text);
    this.#parsed.set(path, { hash, result });
    return result;
  }

  /** What could not be written is tried again with the next reading. */
  async #write(next: JobsState): Promise<void> {
    const writes = [...this.#jobWrites(next), ...this.#stoppedWrites(next)];
    if (writes.length === 0) return;
    let failure: string | undefined;
    for (const write of writes) {
      try {
        await write();
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
      }
    }
    this.#options.onState(failure);
  }

  #jobWrites({ jobs }: JobsState): readonly Write[] {
    const { state } = this.#options;
    const kept = this.#kept.jobs;
    const changed = [...jobs].filter(([id, { hash }]) => kept.get(id) !== hash);
    const gone = [...kept.keys()].filter((id) => !jobs.has(id));
    return [
      ...changed.map(([id, { job, path, hash }]) => async () => {
        await state.save(JOBS, id, { job, path, hash });
        kept.set(id, hash);
      }),
      ...gone.map((id) => async () => {
        await state.remove(JOBS, id);
        kept.delete(id);
      }),
    ];
  }

  #stoppedWrites({ stopped }: JobsState): readonly Write[] {
    const { state } = this.#options;
    const kept = this.#kept.stopped;
    const ordered = [...stopped].filter(([id, hash]) => kept.get(id) !== hash);
    const lifted = [...kept.keys()].filter((id) => !stopped.has(id));
    return [
      ...ordered.map(([id, hash]) => async () => {
        await state.save(STOPPED, id, hash);
        kept.set(id, hash);
      }),
      ...lifted.map((id) => async () => {
        await state.remove(STOPPED, id);
        kept.delete(id);
      }),
    ];
  }

  #announce(before: ReadonlyMap<string, FileState>, next: ReadonlyMap<string, FileState>): void {
    const { observer } = this.#options;
    for (const [path, file] of next) {
      if (canonicalJson(before.get(path)) === canonicalJson(file)) continue;
      const isBad = file.diagnostics.some(({ severity }) => severity === "error");
      if (isBad || file.job === undefined) observer({ kind: "file-bad", path, diagnostics: file.diagnostics });
      else observer({ kind: "file-good", path, job: file.job, warnings: file.diagnostics });
    }
    for (const path of before.keys()) if (!next.has(path)) observer({ kind: "file-gone", path });
  }
}

function keysOf(job: Job): readonly string[] {
  return job.groups.map(({ name }) => groupKey(job.id, name));
}

/** Groups of jobs that came, went, changed, or were told to stop. */
function changedKeys(before: JobsState, next: JobsState): readonly string[] {
  const ids = new Set([...before.jobs.keys(), ...next.jobs.keys(), ...before.stopped.keys(), ...next.stopped.keys()]);
  const changed = [...ids].filter((id) => canonicalJson(wishFor(before, id)) !== canonicalJson(wishFor(next, id)));
  const jobs = changed.flatMap((id) => [before.jobs.get(id), next.jobs.get(id)]);
  return [...new Set(jobs.flatMap((wanted) => (wanted === undefined ? [] : keysOf(wanted.job))))];
}

function isWantedJob(value: unknown): value is WantedJob {
  if (typeof value !== "object" || value === null) return false;
  const { job, path, hash } = value as Partial<WantedJob>;
  return (
    typeof path === "string" && typeof hash === "string" && Array.isArray(job?.groups) && typeof job.id === "string"
  );
}
