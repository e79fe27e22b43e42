/** From readings of the watched directory to the jobs that are wanted: what is uncertain is held, never dropped. Pure. */
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Job, Millis } from "../model/job.ts";
import type { StaticPort } from "../model/static-port.ts";
import type { DirectoryReading, JobFile } from "../ports/files.ts";
import { admit } from "./admission.ts";

/** A job as it is wanted now. */
export interface WantedJob {
  readonly job: Job;
  /** File it was last read from, relative to the directory. */
  readonly path: string;
  /** Hash of that file's content, and of what else went into the job, as it was when it was good. */
  readonly hash: string;
  /** Why the file is not followed at the moment; absent if it is. */
  readonly held?: string;
  /** Since when no file declares it. */
  readonly missingSince?: Millis;
  /** A broken file that came as its own file went: it may be this job's new one. */
  readonly suspect?: string;
}

export interface FileState {
  readonly path: string;
  readonly hash: string;
  /** The job it declares, or declared when it was last good. */
  readonly job?: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Why the job cannot be had beside the others, though the file itself is good. */
  readonly refused?: string;
}

export interface JobsState {
  readonly jobs: ReadonlyMap<string, WantedJob>;
  readonly files: ReadonlyMap<string, FileState>;
  /** st_dev of the directory as this process last saw it. */
  readonly device?: string;
  /** This process has seen files in the directory on that device. */
  readonly seenFiles: boolean;
  /** The directory could not be listed. */
  readonly unreadable: boolean;
  /** Why nothing that is not in the directory may be stopped; absent if it may. */
  readonly distrust?: string;
  /**
   * Jobs whose files this process saw go for good, with the broken files that were there already then: a file that is broken
   * since long says nothing about them, one that came later might.
   */
  readonly removed: ReadonlyMap<string, ReadonlySet<string>>;
  /** Jobs that were told to stop, with the content hash of the file that still declares them ("" = none did). */
  readonly stopped: ReadonlyMap<string, string>;
  /** When to look again: a file that is missing is believed to be gone then. */
  readonly again?: Millis;
}

export interface ParsedFile {
  readonly job?: Job;
  /** The static ports of the job, with their places. */
  readonly ports?: readonly StaticPort[];
  readonly diagnostics: readonly Diagnostic[];
  /** Stands for all that it was made of besides its text; absent when there was nothing. */
  readonly inputs?: string;
  /** Texts that come from sensitive variables. */
  readonly sensitive?: ReadonlySet<string>;
  /** Files beside it were looked at: the same text may read differently next time. */
  readonly readsFiles?: true;
}

export interface JobsContext {
  readonly now: Millis;
  readonly pruneDelay: Millis;
  /** Never throws; a job is there iff no diagnostic is an error. */
  readonly parse: (path: string, text: string) => ParsedFile;
  /** The job runs on this host; all do if absent. */
  readonly isPlaced?: (job: Job) => boolean;
}

/** What a new process knows before it has read the directory: the last good version of each job. */
export function restoredJobs(jobs: readonly WantedJob[], stopped: ReadonlyMap<string, string>): JobsState {
  return {
    jobs: new Map(jobs.map((wanted) => [wanted.job.id, wanted])),
    files: new Map(),
    seenFiles: false,
    unreadable: false,
    removed: new Map(),
    distrust: "the directory has not been read yet",
    stopped,
  };
}

/** The next state after a reading. The same state comes back for the same reading. */
export function nextJobs(state: JobsState, reading: DirectoryReading, context: JobsContext): JobsState {
  if (!reading.ok) return { ...holdAll(state, `the job directory cannot be read: ${reading.error}`), unreadable: true };
  const isSame = state.device === undefined || state.device === reading.device;
  if (reading.files.length === 0 && !(isSame && state.seenFiles)) {
    const reason = isSame
      ? "the job directory was empty when Remora started"
      : "another file system is mounted at the job directory, and it is empty";
    return holdAll(state, `${reason}: put the files back, or stop jobs with remora job stop NAME`);
  }
  return fromFiles(state, reading.device, reading.files, context);
}

/** Nothing stops, nothing starts; status says why. What was missing must be missing for the whole prune delay again. */
function holdAll(state: JobsState, held: string): JobsState {
  const jobs = new Map([...state.jobs].map(([id, wanted]) => [id, { ...withoutMissing(wanted), held }]));
  const { again: _, ...rest } = state;
  return { ...rest, jobs, unreadable: false, distrust: held };
}

function withoutMissing(wanted: WantedJob): WantedJob {
  const { missingSince: _, ...rest } = wanted;
  return rest;
}

function fromFiles(state: JobsState, device: string, found: readonly JobFile[], context: JobsContext): JobsState {
  const parsed = found.map((file) => readFile(state, file, context));
  const clashes = duplicates(parsed);
  const declared = new Map(parsed.map(({ file }) => [file.path, withClash(file, clashes)]));
  const known = new Map<string, WantedJob>();
  for (const { file, job } of parsed) {
    if (job !== undefined && !clashes.has(job.id)) known.set(job.id, { job, path: file.path, hash: file.hash });
  }
  for (const [id, wanted] of state.jobs) {
    const scene = { files: declared, clashes, before: state.files };
    const kept = known.has(id) ? undefined : keep(id, wanted, scene, context);
    if (kept !== undefined) known.set(id, kept);
  }
  const ports = new Map(parsed.map(({ file, ports: found }) => [file.path, found ?? []]));
  const { jobs, files } = admit({ jobs: known, files: declared }, state, ports, context);
  const broken = new Set([...files.values()].filter(isNameless).map(({ path }) => path));
  const gone = [...state.jobs.keys()].map((id): [string, ReadonlySet<string>] => [id, broken]);
  const removed = new Map([...gone, ...state.removed].filter(([id]) => !jobs.has(id)));
  const stopped = new Map([...state.stopped].filter(([id, hash]) => isStillStopped(jobs.get(id), hash)));
  const missing = [...jobs.values()].flatMap(({ missingSince }) => (missingSince === undefined ? [] : [missingSince]));
  const [nameless] = broken;
  return {
    jobs,
    files,
    device,
    seenFiles: true,
    unreadable: false,
    removed,
    stopped,
    ...(nameless === undefined ? {} : { distrust: `${nameless} is broken, and it is not known which job it declares` }),
    ...(missing.length === 0 ? {} : { again: Math.min(...missing) + context.pruneDelay }),
  };
}

interface ReadFile {
  readonly file: FileState;
  readonly job?: Job;
  readonly ports?: readonly StaticPort[];
}

function readFile(state: JobsState, { path, hash, text, error }: JobFile, { parse }: JobsContext): ReadFile {
  const old = state.files.get(path);
  const before = old?.job ?? [...state.jobs.values()].find((wanted) => wanted.path === path)?.job.id;
  const known = before === undefined ? {} : { job: before };
  if (text === undefined) {
    const summary = error ?? "the file cannot be read";
    return {
      file: { path, hash, ...known, diagnostics: [{ severity: "error", file: path, line: 1, column: 1, summary }] },
    };
  }
  const { job, ports = [], diagnostics, inputs } = parse(path, text);
  const version = inputs === undefined ? hash : `${hash}+${inputs}`;
  if (job === undefined) return { file: { path, hash: version, ...known, diagnostics } };
  return { file: { path, hash: version, job: job.id, diagnostics }, job, ports };
}

/** Jobs that more than one file declares, with the files. */
function duplicates(parsed: readonly ReadFile[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>();
  for (const { file, job } of parsed) {
    if (job !== undefined) paths.set(job.id, [...(paths.get(job.id) ?? []), file.path]);
  }
  return new Map([...paths].filter(([, files]) => files.length > 1));
}

function withClash(file: FileState, clashes: ReadonlyMap<string, readonly string[]>): FileState {
  const others = (clashes.get(file.job ?? "") ?? []).filter((path) => path !== file.path);
  if (others.length === 0) return file;
  const summary = `The job "${file.job}" is also declared in ${others.join(", ")}`;
  const detail = "What runs stays as it is until only one file declares the job.";
  return {
    ...file,
    diagnostics: [...file.diagnostics, { severity: "error", file: file.path, line: 1, column: 1, summary, detail }],
  };
}

interface Scene {
  readonly files: ReadonlyMap<string, FileState>;
  readonly clashes: ReadonlyMap<string, readonly string[]>;
  /** The files of the reading before. */
  readonly before: ReadonlyMap<string, FileState>;
}

/**
 * A job that no good file declares: kept while files clash over it, while a file that declared it when last good is broken (not
 * only the one it was last read from), and for the prune delay when its file went.
 */
function keep(
  id: string,
  wanted: WantedJob,
  { files, clashes, before }: Scene,
  { now, pruneDelay }: JobsContext,
): WantedJob | undefined {
  const { missingSince, held: _, suspect: old, ...rest } = wanted;
  if (clashes.has(id)) return { ...rest, held: `${clashes.get(id)?.join(" and ")} both declare it` };
  const broken = [...files.values()].find(({ job, diagnostics }) => job === id && diagnostics.some(isError));
  if (broken !== undefined) return { ...rest, held: `${broken.path} is broken; the last good version runs` };
  const fresh = [...files.values()].find((each) => isNameless(each) && !before.has(each.path))?.path;
  const suspect = missingSince === undefined ? (old ?? fresh) : undefined;
  const suspected = suspect === undefined ? undefined : files.get(suspect);
  if (suspect !== undefined && suspected !== undefined && isNameless(suspected))
    return { ...rest, suspect, held: `${suspect} is broken and came as ${wanted.path} went: it may be this job's` };
  const since = missingSince ?? now;
  return now - since >= pruneDelay ? undefined : { ...rest, missingSince: since };
}

/** The order to stop a job holds until its file changes; without a file it holds as long as the job is remembered. */
function isStillStopped(wanted: WantedJob | undefined, hash: string): boolean {
  return wanted === undefined ? hash === "" : wanted.hash === hash;
}

/** It is broken, and never told which job it declares. */
function isNameless({ job, diagnostics }: FileState): boolean {
  return job === undefined && diagnostics.some(isError);
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

/** What is to become of one job. */
export type JobWish =
  | { readonly kind: "run"; readonly job: Job; readonly held?: string }
  | { readonly kind: "remove" }
  | { readonly kind: "frozen"; readonly reason: string };

/** A job of which things run, but of which no version is known: removed if no file can mean it, else left alone. */
export function wishFor(state: JobsState, id: string): JobWish {
  const wanted = state.jobs.get(id);
  if (state.stopped.has(id) || isRemoved(state, id)) return { kind: "remove" };
  if (wanted?.missingSince !== undefined)
    return {
      kind: "frozen",
      reason: `its file ${wanted.path} is gone; it is stopped unless the file comes back at once`,
    };
  if (wanted !== undefined)
    return { kind: "run", job: wanted.job, ...(wanted.held === undefined ? {} : { held: wanted.held }) };
  const reason = undecided(state, id) ?? state.distrust;
  return reason === undefined ? { kind: "remove" } : { kind: "frozen", reason };
}

/** Its file went for good, and no broken one has come since. */
function isRemoved({ removed, files }: JobsState, id: string): boolean {
  const old = removed.get(id);
  return old !== undefined && [...files.values()].every((file) => !isNameless(file) || old.has(file.path));
}

/** Why no version of a job is known that some file declares; undefined if none does. */
function undecided({ files }: JobsState, id: string): string | undefined {
  const [file, ...others] = [...files.values()].filter(({ job }) => job === id);
  if (file === undefined) return undefined;
  if (others.length > 0) return `${[file, ...others].map(({ path }) => path).join(" and ")} both declare it`;
  return file.refused ?? `${file.path} is broken, and its last good version is lost`;
}
