/** What the files say, as the simulation wrote them: each job's last good version, and when it last came to mean another thing. */
import { parseJobFile } from "../../src/jobspec/parse.ts";
import type { Job, Millis } from "../../src/model/job.ts";
import { canonicalJson } from "../../src/model/ids.ts";
import { revisionHash } from "./truth.ts";
import type { World } from "./world.ts";

const FLICKER_EVERY: Millis = 30_000;

export class Wishes {
  readonly #world: World;
  readonly #lastGood = new Map<string, Job>();
  readonly #changedAt = new Map<string, Millis>();
  readonly #flickered = new Map<string, Millis>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Writes a good file. */
  put(id: string, text: string): void {
    const { job, diagnostics } = parseJobFile(pathOf(id), text);
    if (job === undefined) throw new Error(`not a good job file: ${JSON.stringify(diagnostics)}\n${text}`);
    const before = this.#lastGood.get(id);
    if (before === undefined || this.#essence(before) !== this.#essence(job)) this.#changed(id);
    this.#lastGood.set(id, job);
    this.#world.directory.write(pathOf(id), text);
  }

  remove(id: string): void {
    this.#changed(id);
    this.#lastGood.delete(id);
    this.#world.directory.remove(pathOf(id));
  }

  /** Spoils the file: what runs is to stay. */
  spoil(id: string): void {
    const text = this.#world.directory.files.get(pathOf(id));
    if (text !== undefined) this.#world.directory.write(pathOf(id), text.slice(0, -3));
  }

  /** The file is gone for a moment, as when an editor replaces it: that means nothing. */
  async flicker(id: string, ms: Millis): Promise<void> {
    const { directory, clock } = this.#world;
    const text = directory.files.get(pathOf(id));
    const last = this.#flickered.get(id);
    // Gone twice in a row may look, to readings that fail in between, like gone all the time.
    if (text === undefined || (last !== undefined && clock.now() - last < FLICKER_EVERY)) return;
    this.#flickered.set(id, clock.now());
    directory.remove(pathOf(id));
    await clock.sleep(ms);
    if (this.#lastGood.has(id) && !directory.files.has(pathOf(id))) directory.write(pathOf(id), text);
  }

  get ids(): readonly string[] {
    return [...this.#lastGood.keys()];
  }

  /** What is wanted of a job, also while its file is spoilt. */
  job(id: string): Job | undefined {
    return this.#lastGood.get(id);
  }

  /** When it came to want other allocations than before. */
  changedAt(id: string): Millis {
    return this.#changedAt.get(id) ?? 0;
  }

  #changed(id: string): void {
    this.#changedAt.set(id, this.#world.clock.now());
  }

  #essence(job: Job): string {
    return canonicalJson(job.groups.map((group) => [group.name, group.count, revisionHash(this.#world, job, group)]));
  }
}

export function pathOf(id: string): string {
  return `${id}.nomad.hcl`;
}
