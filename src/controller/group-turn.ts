/** One turn on one task group: observe, plan, apply, and then settle, retry or look again later. */
import { hashOf } from "../model/ids.ts";
import type { Millis } from "../model/job.ts";
import { CALL_LIMIT, type Settings } from "../model/settings.ts";
import type { GroupStatus } from "../model/status.ts";
import { PortFailure } from "../ports/failure.ts";
import type { Observer } from "../ports/observer.ts";
import type { Prober } from "../ports/prober.ts";
import type { Random } from "../ports/time.ts";
import type { WorkQueue } from "../queue/work-queue.ts";
import type { Tools } from "../reconcilers/apply.ts";
import { isPull } from "../reconcilers/apply.ts";
import type { AllocMemory } from "../reconcilers/view.ts";
import type { Board } from "./board.ts";
import type { Desired, GroupInput, GroupPlan, Lane } from "./group.ts";
import { type LaneFailure, runLanes } from "./lanes.ts";
import { look } from "./looking.ts";
import { lookupsOf } from "./lookups.ts";
import { planGroup } from "./plan.ts";
import type { Pulls } from "./pulls.ts";
import { freshAfter, type Informers, markNow, type Mark, observedGroup, portsInUse } from "./stores.ts";

export interface TurnParts {
  readonly settings: Settings;
  readonly tools: Tools;
  readonly prober: Prober;
  readonly pulls: Pulls;
  readonly informers: Informers;
  readonly queue: () => WorkQueue;
  readonly board: Board;
  readonly observer: Observer;
  readonly random: Random;
  readonly desired: (job: string, group: string) => Desired;
  /** Called when a group of a job is whole. */
  readonly onWhole: (job: string) => void;
  /** Why groups cannot be started yet. */
  readonly ground: () => string | undefined;
  /** When this process started. */
  readonly startedAt: Millis;
  readonly signal: AbortSignal;
}

/** What a key remembers between its turns; all of it may be lost. */
interface Trace {
  memory: ReadonlyMap<string, AllocMemory>;
  /** What must be read again before the next plan. */
  mark: Mark | undefined;
  /** Until when a call with an unknown outcome may still take effect. */
  doubtUntil: Millis;
  /** What the last turn did, if all of it succeeded. */
  lastSteps: string;
}

export class GroupTurns {
  readonly #parts: TurnParts;
  readonly #traces = new Map<string, Trace>();
  /** The process before this one may have left calls in flight. */
  inherits = true;

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  /** Some call may still take effect. */
  get inDoubt(): boolean {
    const now = this.#parts.tools.clock.now();
    return [...this.#traces.values()].some(({ doubtUntil }) => doubtUntil > now);
  }

  /** What a key remembers of its allocations. */
  memory(key: string): ReadonlyMap<string, AllocMemory> {
    return this.#traces.get(key)?.memory ?? new Map();
  }

  /** Settle, retry and recheck are three different things, decided here and nowhere else. */
  async turn(key: string, job: string, group: string): Promise<void> {
    const { tools, observer, queue } = this.#parts;
    const began = tools.clock.now();
    const trace = this.#trace(key);
    const doubt = trace.doubtUntil - began;
    if (doubt > 0) {
      queue().addAfter(key, doubt);
      return;
    }
    if (trace.doubtUntil > 0) this.#lookAfresh(trace);
    const outcome = await this.#reconcile(key, job, group, trace);
    if (outcome.result === "failed") queue().retry(key);
    else queue().forget(key);
    if (outcome.result === "acted") queue().add(key);
    if (outcome.recheck !== undefined) queue().addAfter(key, outcome.recheck);
    observer({ kind: "reconciled", key, result: outcome.result, steps: outcome.steps, ms: tools.clock.now() - began });
  }

  /** What was in doubt has happened by now, or never will: only a reading that begins from here on shows which. */
  #lookAfresh(trace: Trace): void {
    trace.doubtUntil = 0;
    trace.mark = markNow(this.#parts.informers);
  }

  async #reconcile(key: string, job: string, group: string, trace: Trace): Promise<Outcome> {
    const { informers, board } = this.#parts;
    try {
      if (trace.mark !== undefined) await freshAfter(informers, trace.mark);
      trace.mark = undefined;
      const input = await this.#input(key, job, group, trace);
      const wait = this.#inheritedWait(input);
      const plan = planGroup(input);
      this.#publish(key, input, plan);
      if (wait > 0 && plan.lanes.length > 0) {
        trace.doubtUntil = input.now + wait;
        return { result: "waiting", steps: 0, recheck: wait };
      }
      return await this.#act(key, trace, plan);
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      this.#publishFailure(key, board.group(key), error.message);
      return { result: "failed", steps: 0 };
    }
  }

  async #input(key: string, job: string, group: string, trace: Trace): Promise<GroupInput> {
    const { settings, tools, informers, board, random, signal, prober, pulls } = this.#parts;
    const observed = observedGroup(informers, job, group);
    const base = {
      desired: this.#parts.desired(job, group),
      observed,
      memory: trace.memory,
      settings,
      now: tools.clock.now(),
    };
    const seen = await look(lookupsOf(base), { runtime: tools.runtime, prober, pulls }, signal);
    return {
      ...base,
      ...seen,
      job,
      group,
      takenPorts: portsInUse(informers),
      ground: this.#parts.ground(),
      before: board.group(key),
      now: tools.clock.now(),
      random,
    };
  }

  /** A new process inherits its predecessor's calls in flight: it only observes what is younger than such a call may be old. */
  #inheritedWait({ observed, now }: GroupInput): Millis {
    const { startedAt } = this.#parts;
    if (!this.inherits) return 0;
    const left = startedAt + CALL_LIMIT - now;
    if (left <= 0) return 0;
    const born = [...observed.containers, ...observed.tokens].map(({ createdAt }) => createdAt);
    return born.some((at) => at > startedAt - CALL_LIMIT && at < startedAt) ? left : 0;
  }

  async #act(key: string, trace: Trace, plan: GroupPlan): Promise<Outcome> {
    const { informers, tools, observer, signal, pulls } = this.#parts;
    for (const step of plan.lanes.flatMap(({ steps }) => steps).filter(isPull)) pulls.want(step.image, key);
    const lanes = plan.lanes.map(withoutPulls).filter(({ steps }) => steps.length > 0);
    const steps = lanes.reduce((sum, lane) => sum + lane.steps.length, 0);
    const recheck = plan.recheck === undefined ? {} : { recheck: plan.recheck };
    if (steps === 0) {
      trace.memory = plan.memory;
      trace.lastSteps = "";
      return { result: plan.recheck === undefined ? "settled" : "waiting", steps, ...recheck };
    }
    const { touched, failures } = await runLanes(key, lanes, tools, observer, signal);
    const now = markNow(informers);
    const untouched = { runtime: -1, registrations: -1, tokens: -1 };
    const sources = [...touched].filter((source) => source !== "intentions");
    trace.mark = { ...untouched, ...Object.fromEntries(sources.map((source) => [source, now[source]])) };
    trace.memory = keepFailed(trace.memory, plan.memory, failures);
    if (failures.some(({ inDoubt }) => inDoubt)) trace.doubtUntil = tools.clock.now() + CALL_LIMIT;
    for (const { missingImage } of failures) if (missingImage !== undefined) pulls.want(missingImage, key);
    const [failure] = failures;
    if (failure !== undefined) {
      this.#publishFailure(key, plan.status, failure.message, failure.alloc);
      return { result: "failed", steps };
    }
    // Steps that are due again right after they succeeded do not do what they should: that is no reason to hurry.
    const done = hashOf(lanes);
    const isRepeated = done === trace.lastSteps;
    trace.lastSteps = done;
    if (!isRepeated) return { result: "acted", steps, ...recheck };
    const [step] = lanes.flatMap((lane) => lane.steps);
    this.#publishFailure(
      key,
      plan.status,
      `${step?.kind ?? ""} succeeded, but changed nothing that can be seen; trying again later`,
    );
    return { result: "failed", steps };
  }

  #publish(key: string, input: GroupInput, plan: GroupPlan): void {
    const { board } = this.#parts;
    const isGone = input.desired.kind !== "run" && plan.status.allocs.length === 0;
    if (isGone) this.#traces.delete(key);
    const { lastError } = input.before ?? {};
    const isWell = plan.lanes.length === 0 && plan.status.state === "running";
    const kept = isWell || lastError === undefined ? {} : { lastError };
    board.setGroup(key, isGone ? undefined : { ...plan.status, ...kept });
    if (isWell && input.desired.kind === "run") this.#parts.onWhole(input.job);
  }

  /** What failed is what is waited for, until a turn says otherwise. */
  #publishFailure(key: string, status: GroupStatus | undefined, message: string, failed?: string): void {
    if (status === undefined) return;
    const at = this.#parts.tools.clock.now();
    const allocs = status.allocs.map((alloc) => (alloc.id === failed ? { ...alloc, reason: message } : alloc));
    this.#parts.board.setGroup(key, { ...status, reason: message, allocs, lastError: { at, message } });
  }

  #trace(key: string): Trace {
    const known = this.#traces.get(key);
    if (known !== undefined) return known;
    const made: Trace = { memory: new Map(), mark: undefined, doubtUntil: 0, lastSteps: "" };
    this.#traces.set(key, made);
    return made;
  }
}

interface Outcome {
  readonly result: "settled" | "acted" | "waiting" | "failed";
  readonly steps: number;
  readonly recheck?: Millis;
}

function withoutPulls({ alloc, steps }: Lane): Lane {
  return { alloc, steps: steps.filter((step) => !isPull(step)) };
}

/** An allocation whose steps failed remembers what it did before: a signal that was not sent starts no clock. */
function keepFailed(
  before: ReadonlyMap<string, AllocMemory>,
  after: ReadonlyMap<string, AllocMemory>,
  failures: readonly LaneFailure[],
): ReadonlyMap<string, AllocMemory> {
  const failed = new Set(failures.map(({ alloc }) => alloc));
  return new Map(
    [...after].flatMap(([alloc, memory]): [string, AllocMemory][] => {
      if (!failed.has(alloc)) return [[alloc, memory]];
      const old = before.get(alloc);
      return old === undefined ? [] : [[alloc, old]];
    }),
  );
}
