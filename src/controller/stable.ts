/** The last version of each job that was whole: what its allocations are repaired to while a newer version gets nowhere. */
import type { Job } from "../model/job.ts";
import type { StateStore } from "../ports/files.ts";

const KIND = "stable";

interface Version {
  /** Content hash of the file. */
  readonly hash: string;
  readonly job: Job;
}

export class StableVersions {
  readonly #state: StateStore;
  readonly #versions = new Map<string, Version>();
  /** Hashes of the versions that are in the state directory, by job. */
  readonly #kept = new Map<string, string>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  async restore(onBad: (name: string, error: string) => void): Promise<void> {
    for (const [id, value] of await this.#state.load(KIND, onBad)) {
      if (!isVersion(value)) continue;
      this.#versions.set(id, value);
      this.#kept.set(id, value.hash);
    }
  }

  /** The version that was whole before the one with this hash; undefined if there was none, or if it is that one. */
  before(id: string, hash: string): Job | undefined {
    const version = this.#versions.get(id);
    return version === undefined || version.hash === hash ? undefined : version.job;
  }

  /** This very version is remembered and written down. */
  isNoted(id: string, hash: string): boolean {
    return this.#kept.get(id) === hash;
  }

  /** Remembered at once, and written down; rejects if that failed. */
  async note(hash: string, job: Job): Promise<void> {
    this.#versions.set(job.id, { hash, job });
    await this.#state.save(KIND, job.id, { hash, job });
    this.#kept.set(job.id, hash);
  }

  /** Forgets all other jobs. Rejects if a document could not be removed; it is tried again next time. */
  async keepOnly(ids: ReadonlyMap<string, unknown>): Promise<void> {
    for (const id of this.#versions.keys()) {
      if (ids.has(id)) continue;
      await this.#state.remove(KIND, id);
      this.#versions.delete(id);
      this.#kept.delete(id);
    }
  }
}

function isVersion(value: unknown): value is Version {
  if (typeof value !== "object" || value === null) return false;
  const { hash, job } = value as Partial<Version>;
  return typeof hash === "string" && typeof job?.id === "string" && Array.isArray(job.groups);
}
