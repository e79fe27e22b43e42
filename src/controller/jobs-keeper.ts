/** Keeps the wanted jobs: digests readings of the directory one after another, and writes down each version before it is acted on. */
import { groupKey } from "../model/keys.ts";
import type { Job } from "../model/job.ts";
import { isSame } from "../model/same.ts";
import type { DirectoryReading, StateStore } from "../ports/files.ts";
import type { Observer } from "../ports/observer.ts";
import type { Clock } from "../ports/time.ts";
import type { Desired } from "./group.ts";
import { StableVersions } from "./stable.ts";
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
  /** The job runs on this host. */
  readonly isPlaced: (job: Job) => boolean;
  /** Called with the keys of groups whose wish changed. */
  readonly onChange: (keys: readonly string[]) => void;
  /** Asks for another reading after `ms`. */
  readonly lookAgain: (ms: number) => void;
  /** Reports whether the state directory could be written. */
  readonly onState: (error: string | undefined) => void;
}

/** One document of the state directory; equal versions are equal contents. */
interface Document {
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly value: unknown;
}

const JOBS = "jobs";
const STOPPED = "stopped";

export class JobsKeeper {
  readonly #options: JobsKeeperOptions;
  #state: JobsState = restoredJobs([], new Map());
  #reading: DirectoryReading | undefined;
  #digesting: Promise<void> = Promise.resolve();
  /** The documents that are in the state directory. */
  readonly #kept = new Map<string, Document>();
  readonly #stable: StableVersions;
  /** Results of parsing by path, for the content they belong to. */
  readonly #parsed = new Map<string, { readonly hash: string; readonly result: ParsedFile }>();

  constructor(options: JobsKeeperOptions) {
    this.#options = options;
    this.#stable = new StableVersions(options.state);
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
    await this.#stable.restore(onBad);
    this.#state = { ...restoredJobs(jobs, new Map(stopped)), seenFiles: this.#options.trustEmpty };
    for (const [key, document] of documentsOf(this.#state)) this.#kept.set(key, document);
  }

  /** Readings are digested in order; resolves when this one has been. */
  digest(reading: DirectoryReading): Promise<void> {
    this.#reading = reading;
    this.#digesting = this.#digesting.then(() => this.#digest(reading));
    return this.#digesting;
  }

  /** The operator's order to stop a job; it holds until the job's file changes. Rejects, and does nothing, if it cannot be written down. */
  async stop(id: string): Promise<void> {
    const order = this.#digesting.then(async () => {
      const hash = this.#state.jobs.get(id)?.hash ?? "";
      await this.#save(keyOf(STOPPED, id), { kind: STOPPED, name: id, version: hash, value: hash });
      await this.#adopt({ ...this.#state, stopped: new Map([...this.#state.stopped, [id, hash]]) });
    });
    this.#digesting = order.catch(() => undefined);
    await order;
    // Another job may have what this one wanted.
    this.#options.lookAgain(0);
  }

  /** All groups of a job are whole in its present version. What could not be written is tried again with the next call. */
  async noteWhole(id: string): Promise<void> {
    const wanted = this.#state.jobs.get(id);
    if (wanted === undefined || this.#stable.isNoted(id, wanted.hash)) return;
    await this.#report([() => this.#stable.note(wanted.hash, wanted.job)]);
  }

  /** Texts that come from sensitive variables of the files as they are now. */
  get sensitive(): ReadonlySet<string> {
    return new Set([...this.#parsed.values()].flatMap(({ result }) => [...(result.sensitive ?? [])]));
  }

  /** The version of a job that was whole before the present one, if that was another. */
  before(job: string): Job | undefined {
    return this.#stable.before(job, this.#state.jobs.get(job)?.hash ?? "");
  }

  desired(job: string, group: string): Desired {
    const wish = wishFor(this.#state, job);
    if (wish.kind !== "run") return wish;
    const found = wish.job.groups.find(({ name }) => name === group);
    if (found === undefined) return { kind: "remove" };
    const before = this.before(job);
    const old = before?.groups.find(({ name }) => name === group);
    const stable = before === undefined || old === undefined ? {} : { stable: { job: before, group: old } };
    return { kind: "run", job: wish.job, group: found, ...stable };
  }

  /** Keys of every group of every wanted job. */
  keys(): readonly string[] {
    return [...this.#state.jobs.values()].flatMap(({ job }) => keysOf(job));
  }

  async #digest(reading: DirectoryReading): Promise<void> {
    const { clock, pruneDelay, isPlaced, lookAgain } = this.#options;
    const now = clock.now();
    const hashes = new Map(reading.ok ? reading.files.map(({ path, hash }) => [path, hash]) : []);
    const next = nextJobs(this.#state, reading, {
      now,
      pruneDelay,
      isPlaced,
      parse: (path, text) => this.#parse(path, text, hashes.get(path) ?? ""),
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

  #parse(path: string, text: string, hash: string): ParsedFile {
    const known = this.#parsed.get(path);
    if (known !== undefined && known.hash === hash && known.result.readsFiles !== true) return known.result;
    const result = this.#options.parse(path, text);
    this.#parsed.set(path, { hash, result });
    return result;
  }

  /** What could not be written is tried again with the next reading. */
  async #write(next: JobsState): Promise<void> {
    const wanted = documentsOf(next);
    const changed = [...wanted].filter(([key, { version }]) => this.#kept.get(key)?.version !== version);
    const gone = [...this.#kept].filter(([key]) => !wanted.has(key));
    const writes = [
      ...changed.map(
        ([key, document]) =>
          () =>
            this.#save(key, document),
      ),
      ...gone.map(
        ([key, document]) =>
          () =>
            this.#remove(key, document),
      ),
      () => this.#stable.keepOnly(next.jobs),
    ];
    await this.#report(writes);
  }

  /** Tries all of them, and tells whether any failed. */
  async #report(writes: readonly (() => Promise<void>)[]): Promise<void> {
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

  async #save(key: string, document: Document): Promise<void> {
    await this.#options.state.save(document.kind, document.name, document.value);
    this.#kept.set(key, document);
  }

  async #remove(key: string, { kind, name }: Document): Promise<void> {
    await this.#options.state.remove(kind, name);
    this.#kept.delete(key);
  }

  #announce(before: ReadonlyMap<string, FileState>, next: ReadonlyMap<string, FileState>): void {
    const { observer } = this.#options;
    for (const [path, file] of next) {
      if (isSame(before.get(path), file)) continue;
      const isBad = file.diagnostics.some(({ severity }) => severity === "error");
      if (isBad || file.job === undefined) observer({ kind: "file-bad", path, diagnostics: file.diagnostics });
      else observer({ kind: "file-good", path, job: file.job, warnings: file.diagnostics });
    }
    for (const path of before.keys()) if (!next.has(path)) observer({ kind: "file-gone", path });
  }
}

/** What the state directory is to hold, by key. */
function documentsOf({ jobs, stopped }: JobsState): ReadonlyMap<string, Document> {
  const documents = [
    ...[...jobs].map(([name, { job, path, hash }]) => ({
      kind: JOBS,
      name,
      version: hash,
      value: { job, path, hash },
    })),
    ...[...stopped].map(([name, hash]) => ({ kind: STOPPED, name, version: hash, value: hash })),
  ];
  return new Map(documents.map((document) => [keyOf(document.kind, document.name), document]));
}

function keyOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}

function keysOf(job: Job): readonly string[] {
  return job.groups.map(({ name }) => groupKey(job.id, name));
}

/** Groups of jobs that came, went, changed, or were told to stop. */
function changedKeys(before: JobsState, next: JobsState): readonly string[] {
  const ids = new Set([...before.jobs.keys(), ...next.jobs.keys(), ...before.stopped.keys(), ...next.stopped.keys()]);
  const changed = [...ids].filter((id) => !isSame(wishFor(before, id), wishFor(next, id)));
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
