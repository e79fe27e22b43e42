/** The watched directory of job files, on a real file system. */
import type { Millis } from "../../model/job.ts";
import { PortFailure } from "../../ports/failure.ts";
import type { DirectoryReading, JobDirectory, JobFile } from "../../ports/files.ts";
import type { Clock } from "../../ports/time.ts";
import { Bell } from "./bell.ts";
import { mapLimited } from "../concurrency.ts";
import { KnownFiles } from "./known.ts";
import { scanDirectory, Unlistable } from "./scan.ts";
import type { Scan } from "./scan.ts";
import { linkHolders, WatchSet } from "./watch.ts";
import type { Watched } from "./watch.ts";

/** A burst of events within this time is one hint. */
const COALESCE: Millis = 10;
/** How often a directory that cannot be watched is looked for. */
const POLL: Millis = 1_000;
const READS_AT_ONCE = 16;

export interface DirectoryOptions {
  readonly clock: Clock;
}

/**
 * `list` walks the whole directory, but reads only files that changed and have settled (see settling.ts).
 * `changes` is for one subscriber at a time: the watches are its own, and a listing keeps them in step.
 */
export function jobDirectory(root: string, options: DirectoryOptions): JobDirectory {
  return new WatchedDirectory(root, options.clock);
}

class WatchedDirectory implements JobDirectory {
  readonly #root: string;
  readonly #clock: Clock;
  readonly #known = new KnownFiles();
  /** Present while somebody is subscribed. */
  #subscription: Subscription | undefined;

  constructor(root: string, clock: Clock) {
    this.#root = root;
    this.#clock = clock;
  }

  async list(signal: AbortSignal): Promise<DirectoryReading> {
    if (signal.aborted) throw aborted(this.#root);
    const now = this.#clock.now();
    try {
      const scan = await scanDirectory(this.#root);
      await this.#subscription?.follow(scan);
      return { ok: true, device: scan.device, files: await this.#filesOf(scan, now) };
    } catch (error) {
      if (!(error instanceof Unlistable)) throw error;
      this.#subscription?.lose();
      return { ok: false, error: error.message };
    }
  }

  async *changes(signal: AbortSignal): AsyncGenerator<void> {
    const subscription = new Subscription(this.#root, this.#clock, this.#known);
    this.#subscription = subscription;
    try {
      await subscription.look();
      while (!signal.aborted) {
        yield;
        await subscription.next(signal);
      }
    } finally {
      if (this.#subscription === subscription) this.#subscription = undefined;
      subscription.close();
    }
  }

  async #filesOf(scan: Scan, now: Millis): Promise<readonly JobFile[]> {
    const shown = await mapLimited(scan.entries, READS_AT_ONCE, (entry) => this.#known.show(entry, now));
    this.#known.retain(new Set(scan.entries.map((entry) => entry.path)), now);
    const waits = shown.map(({ againIn }) => againIn).filter((wait) => wait > 0);
    if (waits.length > 0) this.#subscription?.ringIn(Math.min(...waits));
    return shown.flatMap(({ file }) => (file === undefined ? [] : [file]));
  }
}

/** The watches behind one run of `changes`. */
class Subscription {
  readonly #root: string;
  readonly #clock: Clock;
  readonly #bell = new Bell();
  readonly #watches: WatchSet;
  #alarm = new AbortController();
  #failure: unknown;

  constructor(root: string, clock: Clock, known: KnownFiles) {
    this.#root = root;
    this.#clock = clock;
    this.#watches = new WatchSet((absolute, event) => {
      known.note(absolute, event);
      this.#bell.ring();
    });
  }

  /** Watches what is there now; false if the directory cannot be listed. Throws if it cannot be watched. */
  async look(): Promise<boolean> {
    try {
      await this.follow(await scanDirectory(this.#root));
    } catch (error) {
      if (!(error instanceof Unlistable)) throw error;
      return false;
    }
    this.#throwFailure();
    return true;
  }

  /** Watches the directories of a scan. A watch that is new calls for another look: it has missed what came before it. */
  async follow(scan: Scan): Promise<void> {
    const wanted = new Map<string, Watched>(await linkHolders(this.#root));
    for (const [path, id] of scan.directories) wanted.set(path, { id });
    try {
      if (this.#watches.sync(wanted)) this.#bell.ring();
    } catch (error) {
      this.#failure = error;
      this.#bell.ring();
    }
  }

  /** The directory cannot be listed, so its watches may be those of a deleted one: from now on it is looked for. */
  lose(): void {
    if (this.#watches.size === 0) return;
    this.#watches.close();
    this.#bell.ring();
  }

  /** Returns when it is time to look again. */
  async next(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !(await this.#bell.rung(signal, this.#patience()))) {
      if (await this.look()) break;
    }
    await this.#clock.sleep(COALESCE, signal);
    this.#bell.reset();
    this.#throwFailure();
  }

  ringIn(delay: Millis): void {
    this.#alarm.abort();
    const alarm = new AbortController();
    this.#alarm = alarm;
    void this.#clock.sleep(delay, alarm.signal).then(() => {
      if (!alarm.signal.aborted) this.#bell.ring();
    });
  }

  close(): void {
    this.#alarm.abort();
    this.#watches.close();
  }

  /** Without a watch, nobody rings. */
  #patience(): { readonly clock: Clock; readonly ms: Millis } | undefined {
    return this.#watches.size > 0 ? undefined : { clock: this.#clock, ms: POLL };
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

function aborted(root: string): PortFailure {
  return new PortFailure({
    code: "aborted",
    call: `files: list ${root}`,
    message: "was stopped",
    effect: "none",
    retry: "backoff",
  });
}
