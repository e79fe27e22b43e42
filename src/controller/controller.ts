/** The controller: informers wake keys, the queue hands them out, each turn brings one group nearer to what is wanted. */
import { setMaxListeners } from "node:events";
import { changedGroups } from "../informers/diff.ts";
import type { Informer } from "../informers/informer.ts";
import { GROUND_KEY, parseKey, PREFLIGHT_KEY } from "../model/keys.ts";
import type { Plan, PlanRequest } from "../model/plan.ts";
import { rightsFor } from "../model/policy.ts";
import type { Settings } from "../model/settings.ts";
import type { AgentStatus, Condition } from "../model/status.ts";
import type { DirectoryReading, JobDirectory, StateStore } from "../ports/files.ts";
import type { Mesh } from "../ports/mesh.ts";
import type { Observer } from "../ports/observer.ts";
import type { Prober } from "../ports/prober.ts";
import type { Runtime } from "../ports/runtime.ts";
import type { Source } from "../ports/source.ts";
import type { Clock, Random } from "../ports/time.ts";
import { WorkQueue } from "../queue/work-queue.ts";
import { Board } from "./board.ts";
import { directoryInformer, followedFinding } from "./directory-informer.ts";
import type { Desired } from "./group.ts";
import { GroundTurns } from "./ground-turn.ts";
import { GroupTurns } from "./group-turn.ts";
import { IntentionTurns } from "./intention-turn.ts";
import { JobsKeeper } from "./jobs-keeper.ts";
import type { ParsedFile } from "./jobs.ts";
import { notPlaced } from "./placement.ts";
import { noteCleanStop, wasStoppedCleanly } from "./clean-stop.ts";
import { sceneOf } from "./plan-scene.ts";
import { planJobs } from "./planning.ts";
import { PreflightTurns } from "./preflight-turn.ts";
import { Pulls } from "./pulls.ts";
import { changedInRuntime, type Informers, observedKeys, portsInUse } from "./stores.ts";
import { watchedInformer } from "./watched.ts";

export interface ControllerOptions {
  readonly settings: Settings;
  readonly version: string;
  readonly runtime: Runtime;
  readonly mesh: Mesh;
  readonly prober: Prober;
  readonly directory: JobDirectory;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly parse: (path: string, text: string) => ParsedFile;
  /** Called when the settings may have to be found out anew. */
  readonly onOutdated?: () => void;
  /** Everything this instance owns is to go: an empty directory is obeyed at once, and no ground is laid. */
  readonly purge?: boolean;
}

/** The first back-off after a failed turn, and the longest. */
const BACKOFF = { base: 200, cap: 30_000 };

export class Controller {
  readonly #options: ControllerOptions;
  readonly #board: Board;
  readonly #queue: WorkQueue;
  readonly #jobs: JobsKeeper;
  readonly #informers: Informers;
  readonly #directory: Informer<DirectoryReading>;
  readonly #ground: GroundTurns;
  readonly #groups: GroupTurns;
  /** Only if the operator leaves intentions to Remora. */
  readonly #intentions: IntentionTurns | undefined;
  readonly #preflight: PreflightTurns;
  readonly #pulls: Pulls;
  readonly #stop = new AbortController();
  /** Aborted when turns are to end, and before `#stop`: for what need not be done to its end. */
  readonly #leave = new AbortController();
  #digested = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
    const { settings, version, runtime, mesh, prober, clock, random, observer } = options;
    const { instance, node } = settings;
    const { signal } = this.#stop;
    // Every call in hand listens to it; Node would warn at the eleventh.
    setMaxListeners(0, signal);
    const queue = (): WorkQueue => this.#queue;
    const tools = { runtime, mesh, clock };
    this.#board = new Board({
      instance,
      node,
      version,
      now: () => clock.now(),
      observer,
      notPlaced: (job) => notPlaced(job, settings),
    });
    this.#informers = this.#makeInformers();
    this.#directory = directoryInformer(options, (reading) => void this.#digest(reading));
    this.#jobs = this.#makeJobs();
    this.#pulls = new Pulls({ runtime, clock, random, signal, wake: (key, after) => queue().addAfter(key, after) });
    this.#queue = new WorkQueue({
      clock,
      random,
      observer,
      workers: settings.workers,
      backoff: BACKOFF,
      handle: (key) => this.#handle(key),
      onDefect: (key, error) =>
        observer({ kind: "problem", message: `defect in the turn of ${key}: ${describe(error)}` }),
    });
    const common = { settings, tools, queue, board: this.#board, observer, pulls: this.#pulls, signal };
    const onReady = (): void => {
      this.#addAll();
      queue().addNow(PREFLIGHT_KEY);
    };
    this.#ground = new GroundTurns({ ...common, runtime: this.#informers.runtime, onReady });
    this.#preflight = new PreflightTurns({
      ...common,
      rights: rightsFor(settings),
      runtime: this.#informers.runtime,
      state: options.state,
      random,
      leaving: this.#leave.signal,
      portsInUse: () => portsInUse(this.#informers),
      ground: () => this.#ground.reason,
      onOutdated: () => options.onOutdated?.(),
    });
    this.#groups = new GroupTurns({
      ...common,
      prober,
      informers: this.#informers,
      random,
      desired: (job, group) => this.#desired(job, group),
      onWhole: (job) => this.#noteWhole(job),
      ground: () => this.#ground.reason,
      startedAt: clock.now(),
    });
    const known = { informers: this.#informers, jobs: () => this.#jobs.state, synced: () => this.synced };
    const isOn = settings.intentions === "upstreams";
    this.#intentions = isOn ? new IntentionTurns({ ...common, ...known, random }) : undefined;
  }

  /** Runs until aborted; then ends its turns and leaves everything as it is. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, settings, state } = this.#options;
    await this.#jobs.restore();
    this.#groups.inherits = !(await wasStoppedCleanly(state));
    const { runtime, registrations, tokens } = this.#informers;
    const running = [runtime, registrations, tokens, this.#directory].map((informer) =>
      informer.run(this.#stop.signal),
    );
    const watching = this.#intentions?.run();
    this.#queue.add(PREFLIGHT_KEY);
    while (!signal.aborted) {
      await clock.sleep(settings.resync, signal);
      this.#addAll();
    }
    this.#leave.abort();
    await this.#queue.shutDown();
    this.#stop.abort();
    await Promise.all([...running, watching, this.#pulls.settled()]);
    if (!this.#groups.inDoubt) await noteCleanStop(state);
  }

  status(): AgentStatus {
    return this.#board.status(this.#jobs.state);
  }

  get conditions(): readonly Condition[] {
    return this.#board.conditions;
  }

  /** All sources have been read. */
  get synced(): boolean {
    const { runtime, registrations, tokens } = this.#informers;
    return this.#digested && [runtime, registrations, tokens].every(({ reading }) => reading !== undefined);
  }

  /** Nothing of this instance's groups is left, and nothing waits. */
  get isBare(): boolean {
    return this.synced && observedKeys(this.#informers).size === 0 && this.#queue.idle;
  }

  /** Stops a job until its file changes. Resolves with whether the job was known; rejects if the order cannot be written down. */
  async stopJob(id: string): Promise<boolean> {
    if (!this.status().jobs.some((job) => job.id === id)) return false;
    await this.#jobs.stop(id);
    this.#addAll();
    return true;
  }

  /** What other job files would change; undefined until everything has been read. */
  plan(request: Omit<PlanRequest, "version">): Plan | undefined {
    if (!this.synced) return undefined;
    const { settings, clock } = this.#options;
    const known = { informers: this.#informers, jobs: this.#jobs, groups: this.#groups };
    return planJobs(sceneOf({ settings, now: clock.now(), ...known }), request);
  }

  setCondition(name: string, ok: boolean, message: string): void {
    this.#board.setCondition(name, ok, message);
  }

  #desired(job: string, group: string): Desired {
    const desired = this.#jobs.desired(job, group);
    const isElsewhere = desired.kind === "run" && notPlaced(desired.job, this.#options.settings) !== undefined;
    return isElsewhere ? { kind: "remove" } : desired;
  }

  /** A job is whole when all its groups are. */
  #noteWhole(id: string): void {
    const job = this.#jobs.state.jobs.get(id)?.job;
    if (job !== undefined && this.#board.isWhole(job)) void this.#jobs.noteWhole(id);
  }

  async #handle(key: string): Promise<void> {
    const what = parseKey(key);
    // It tells why sources cannot be read, so it does not wait for them.
    if (what.kind === "preflight") return this.#options.purge === true ? undefined : this.#preflight.turn();
    if (!this.synced) return;
    if (what.kind === "intentions") await this.#intentions?.turn(key, what.destination);
    else if (what.kind === "ground") await (this.#options.purge === true ? undefined : this.#ground.turn());
    else await this.#groups.turn(key, what.job, what.group);
  }

  #addAll(add: (key: string) => void = (key) => this.#queue.add(key)): void {
    if (!this.synced) return;
    for (const key of new Set([GROUND_KEY, ...this.#jobs.keys(), ...observedKeys(this.#informers)])) add(key);
    this.#intentions?.wake(add);
  }

  #makeInformers(): Informers {
    const { runtime, mesh } = this.#options;
    return {
      runtime: this.#informer("containers", runtime, {
        count: ({ containers }) => containers.length,
        changed: changedInRuntime,
      }),
      registrations: this.#informer("registrations", mesh.registrations, {
        count: (entries) => entries.length,
        changed: (before, after) => changedGroups(before, after, ({ id }) => id),
      }),
      tokens: this.#informer("tokens", mesh.tokens, {
        count: (tokens) => tokens.length,
        changed: (before, after) => {
          this.#options.observer({ kind: "tokens", live: after.length });
          return changedGroups(before, after, ({ accessor }) => accessor);
        },
      }),
    };
  }

  #informer<T>(
    name: string,
    source: Source<T>,
    how: {
      readonly count: (reading: T) => number;
      readonly changed: (before: T | undefined, after: T) => readonly string[];
    },
  ): Informer<T> {
    const { clock, random, observer, settings } = this.#options;
    const onReading = (keys: readonly string[], isNews: boolean): boolean => {
      if (isNews) this.#addAll((key) => this.#queue.addNow(key));
      for (const key of keys) this.#queue.add(key);
      if (keys.length > 0) this.#intentions?.wake();
      return !this.synced;
    };
    const onTurn = (): void => this.#preflight.changed();
    const onGone = (): void => (name === "containers" ? this.#preflight.engineGone() : undefined);
    const common = { clock, random, observer, resync: settings.resync, board: this.#board };
    return watchedInformer({ ...common, name, source, ...how, onReading, onTurn, onGone });
  }

  async #digest(reading: DirectoryReading): Promise<void> {
    await this.#jobs.digest(reading);
    const isFrozen = this.status().jobs.some(({ state }) => state === "frozen");
    this.#board.find(followedFinding(this.#jobs.state, isFrozen));
    if (this.#digested) return;
    this.#digested = true;
    this.#addAll();
  }

  #makeJobs(): JobsKeeper {
    const { state, clock, observer, settings, parse, purge = false } = this.#options;
    return new JobsKeeper({
      state,
      clock,
      observer,
      pruneDelay: purge ? 0 : settings.pruneDelay,
      trustEmpty: purge,
      parse,
      isPlaced: (job) => notPlaced(job, settings) === undefined,
      onChange: (keys) => {
        for (const key of keys) this.#queue.addNow(key);
        this.#intentions?.wake();
      },
      lookAgain: (ms) => void clock.sleep(ms, this.#stop.signal).then(() => this.#directory.poke()),
      onState: (error) =>
        this.#board.setCondition("state", error === undefined, error ?? "the state directory can be written"),
    });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
