/** A watched directory played out on paper: files are put and taken, and the wanted jobs follow. */
import {
  type JobsState,
  type JobWish,
  nextJobs,
  type ParsedFile,
  restoredJobs,
  wishFor,
} from "../../../src/controller/jobs.ts";
import type { Job } from "../../../src/model/job.ts";
import type { DirectoryReading } from "../../../src/ports/files.ts";
import { aGroup, aJob, anError, aPort, NOW } from "../../support/builders.ts";

export const PRUNE_DELAY = 2_000;

/** A file's text is `job NAME VERSION`, then the static ports it wants, then `!` if it is warned of; any other text is broken. */
export function parseText(path: string, text: string): ParsedFile {
  const [, id, version, ports = "", warned] = /^job (\S+) (\S+)((?: \d+)*)( !)?$/.exec(text) ?? [];
  if (id === undefined || version === undefined) return { diagnostics: [anError("it is no job", path)] };
  const wanted = ports.split(" ").filter((port) => port !== "");
  const network = {
    mode: "bridge",
    ports: wanted.map((port) => aPort({ label: `p${port}`, static: Number(port) })),
  } as const;
  const diagnostics =
    warned === undefined ? [] : [{ ...anError("it has no effect", path), severity: "warning" } as const];
  return { job: aJob({ id, name: version, groups: [aGroup({ network })] }), diagnostics };
}

export class PaperDirectory {
  now = NOW;
  device = "disk-1";
  /** Jobs that do not run on this host. */
  readonly elsewhere = new Set<string>();
  state: JobsState;
  readonly #files = new Map<string, string | undefined>();

  /** Jobs that an earlier process has left in the state directory, as `job NAME VERSION` by path. */
  constructor(remembered: Readonly<Record<string, string>> = {}, stopped: Readonly<Record<string, string>> = {}) {
    const jobs = Object.entries(remembered).flatMap(([path, text]) => {
      const { job } = parseText(path, text);
      return job === undefined ? [] : [{ job, path, hash: `hash of ${text}` }];
    });
    this.state = restoredJobs(jobs, new Map(Object.entries(stopped)));
  }

  put(path: string, text: string): this {
    this.#files.set(path, text);
    return this;
  }

  /** The file is there, but cannot be read. */
  spoil(path: string): this {
    this.#files.set(path, undefined);
    return this;
  }

  take(path: string): this {
    this.#files.delete(path);
    return this;
  }

  reading(): DirectoryReading {
    const files = [...this.#files].map(([path, text]) =>
      text === undefined ? { path, hash: "", error: "permission denied" } : { path, hash: `hash of ${text}`, text },
    );
    return { ok: true, device: this.device, files };
  }

  /** Reads the directory as it is now, or fails to. */
  read(reading: DirectoryReading = this.reading()): this {
    const isPlaced = ({ id }: Job): boolean => !this.elsewhere.has(id);
    const context = { now: this.now, pruneDelay: PRUNE_DELAY, parse: parseText, isPlaced };
    this.state = nextJobs(this.state, reading, context);
    return this;
  }

  fail(error = "permission denied"): this {
    return this.read({ ok: false, error });
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  /** The order of `remora job stop`. */
  stop(id: string): this {
    const hash = this.state.jobs.get(id)?.hash ?? "";
    this.state = { ...this.state, stopped: new Map([...this.state.stopped, [id, hash]]) };
    return this;
  }

  /** `run VERSION`, with the reason if its file is not followed; `remove`; or `frozen` with the reason. */
  wish(id: string): string {
    return told(wishFor(this.state, id));
  }

  errorsOf(path: string): readonly string[] {
    return (this.state.files.get(path)?.diagnostics ?? []).map(({ summary }) => summary);
  }
}

function told(wish: JobWish): string {
  if (wish.kind === "run") return `run ${wish.job.name}${wish.held === undefined ? "" : `, ${wish.held}`}`;
  return wish.kind === "frozen" ? `frozen: ${wish.reason}` : wish.kind;
}
