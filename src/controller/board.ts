/** The status board: what the last turns said, joined into the status of the agent. */
import type { Observer } from "../ports/observer.ts";
import type { Job, Millis } from "../model/job.ts";
import { groupKey } from "../model/keys.ts";
import { revisionOf } from "../model/revision.ts";
import { isSame } from "../model/same.ts";
import type { Settings } from "../model/settings.ts";
import type { AgentStatus, Condition, FileStatus, Finding, GroupStatus, JobStatus } from "../model/status.ts";
import type { FileState, JobsState } from "./jobs.ts";

export interface BoardOptions {
  readonly instance: string;
  readonly node: string;
  readonly version: string;
  readonly now: () => Millis;
  readonly observer: Observer;
  /** Why a job does not run on this node. */
  readonly notPlaced: (job: Job) => string | undefined;
}

export class Board {
  readonly #options: BoardOptions;
  readonly #groups = new Map<string, GroupStatus>();
  readonly #conditions = new Map<string, Condition>();

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  group(key: string): GroupStatus | undefined {
    return this.#groups.get(key);
  }

  /** undefined: the group is gone. */
  setGroup(key: string, status: GroupStatus | undefined): void {
    const before = this.#groups.get(key);
    if (status === undefined) this.#groups.delete(key);
    else this.#groups.set(key, status);
    if (isSame(before, status)) return;
    this.#options.observer({ kind: "status", key, status });
    this.#announcePhases(key, before, status);
  }

  /** Every group of the job runs as its present version says: what was told of another version does not count. */
  isWhole(job: Job): boolean {
    return job.groups.every((group) => {
      const status = this.#groups.get(groupKey(job.id, group.name));
      // What runs may have been made with the other proxy.
      const hashes = PROXIES.map((proxy) => revisionOf(job, group, { proxy }).hash);
      return status?.state === "running" && hashes.includes(status.revision) && status.desired === group.count;
    });
  }

  setCondition(name: string, ok: boolean, message: string): void {
    this.find({ name, ok, message });
  }

  find(finding: Finding): void {
    const { name, ok, message } = finding;
    const before = this.#conditions.get(name);
    if (before?.ok === ok && before.message === message) return;
    const since = before?.ok === ok ? before.since : this.#options.now();
    this.#conditions.set(name, { ...finding, since });
    this.#options.observer({ kind: "condition", ...finding });
  }

  get conditions(): readonly Condition[] {
    return [...this.#conditions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  status(jobs: JobsState): AgentStatus {
    const { instance, node, version } = this.#options;
    const files = [...jobs.files.values()].map(fileStatus);
    const told = new Map<string, GroupStatus[]>([...jobs.jobs.keys()].map((id) => [id, []]));
    for (const group of this.#groups.values()) {
      const known = told.get(group.job);
      if (known === undefined) told.set(group.job, [group]);
      else known.push(group);
    }
    return {
      instance,
      node,
      version,
      conditions: this.conditions,
      files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
      jobs: [...told.keys()].sort().map((id) => this.#job(id, told.get(id) ?? [], jobs)),
    };
  }

  #job(id: string, groups: readonly GroupStatus[], { jobs, stopped }: JobsState): JobStatus {
    const wanted = jobs.get(id);
    const worst = WORST_FIRST.find((state) => groups.some((group) => group.state === state));
    const elsewhere = wanted === undefined ? undefined : this.#options.notPlaced(wanted.job);
    const isStopped = stopped.has(id);
    const held = isStopped ? STOPPED : (wanted?.held ?? elsewhere);
    const unseen = isStopped ? "stopped" : elsewhere === undefined ? "pending" : "elsewhere";
    return {
      id,
      ...(wanted === undefined ? {} : { file: wanted.path }),
      stale: wanted?.held !== undefined,
      ...(held === undefined ? {} : { held }),
      state: wanted !== undefined && groups.length === 0 ? unseen : (worst ?? "running"),
      groups: groups.toSorted((a, b) => (a.group < b.group ? -1 : 1)),
    };
  }

  #announcePhases(key: string, before: GroupStatus | undefined, status: GroupStatus | undefined): void {
    for (const alloc of status?.allocs ?? []) {
      const old = before?.allocs.find(({ id }) => id === alloc.id);
      for (const { name, phase } of alloc.services) {
        const from = old?.services.find((service) => service.name === name)?.phase ?? "absent";
        if (from !== phase)
          this.#options.observer({ kind: "phase", key, alloc: alloc.id, service: name, from, to: phase });
      }
    }
  }
}

export function fileStatus({ path, job, diagnostics }: FileState): FileStatus {
  const ok = !diagnostics.some(({ severity }) => severity === "error");
  return { path, ...(job === undefined ? {} : { job }), ok, diagnostics };
}

export const STOPPED = "stopped by remora job stop, until its file changes";

const PROXIES: readonly Settings["proxy"][] = ["envoy", "consul"];

const WORST_FIRST: readonly GroupStatus["state"][] = ["failed", "frozen", "degraded", "pending", "stopping", "running"];
