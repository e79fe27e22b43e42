/** One turn on the intentions of all who reach one service; the informer that watches intentions belongs to it. */
import { Informer } from "../informers/informer.ts";
import { hashOf } from "../model/ids.ts";
import { agentOf, type Intention, isOwnedBy } from "../model/intention.ts";
import { intentionsKey } from "../model/keys.ts";
import { isSame } from "../model/same.ts";
import { CALL_LIMIT, type Settings } from "../model/settings.ts";
import { PortFailure } from "../ports/failure.ts";
import type { Observer } from "../ports/observer.ts";
import type { Random } from "../ports/time.ts";
import type { WorkQueue } from "../queue/work-queue.ts";
import type { Tools } from "../reconcilers/apply.ts";
import { type IntentionPlan, planIntentions } from "../reconcilers/intention.ts";
import type { Board } from "./board.ts";
import type { JobsState } from "./jobs.ts";
import { type LaneFailure, runLanes } from "./lanes.ts";
import { type Informers, observedJobs } from "./stores.ts";
import { upstreamsOf } from "./upstreams.ts";

export interface IntentionParts {
  readonly settings: Settings;
  readonly tools: Tools;
  readonly queue: () => WorkQueue;
  readonly board: Board;
  readonly observer: Observer;
  readonly random: Random;
  readonly informers: Informers;
  readonly jobs: () => JobsState;
  /** Everything has been read: what is not known to be needed before may be needed all the same. */
  readonly synced: () => boolean;
  readonly signal: AbortSignal;
}

/** What a destination remembers between its turns; all of it may be lost. */
interface Trace {
  mark: number | undefined;
  /** Until when a call with an unknown outcome may still take effect. */
  doubtUntil: number;
  /** What the last turn did, if all of it succeeded, and how often that was no different from the time before. */
  lastSteps: string;
  repeats: number;
  /** Why the last turn failed. */
  failure: string | undefined;
}

/** Agents that write one mark at a time have sorted it out by then. */
const REPEATS = 5;
const UNSEEN = "an intention was written, but is not there as it was written; trying again later";

export class IntentionTurns {
  readonly #parts: IntentionParts;
  readonly #informer: Informer<readonly Intention[]>;
  readonly #traces = new Map<string, Trace>();
  /** Why the intentions could not be read at last. */
  #unread: string | undefined;
  #planned: { readonly from: readonly unknown[]; readonly plan: IntentionPlan } | undefined;

  constructor(parts: IntentionParts) {
    this.#parts = parts;
    this.#informer = this.#makeInformer();
  }

  /** Watches until aborted. Never throws. */
  run(): Promise<void> {
    return this.#informer.run(this.#parts.signal);
  }

  /** Gives a turn to each destination where something is due, or was when it failed. */
  wake(add: (key: string) => void = (key) => this.#parts.queue().add(key)): void {
    const plan = this.#plan();
    if (plan === undefined) return;
    const due = plan.steps.map(({ pair }) => pair.destination);
    for (const destination of new Set([...due, ...this.#traces.keys()])) add(intentionsKey(destination));
    this.#say(plan);
  }

  /** Settle, retry and look again, as for a group. */
  async turn(key: string, destination: string): Promise<void> {
    const { tools, queue, observer } = this.#parts;
    const began = tools.clock.now();
    const trace = this.#trace(destination);
    const doubt = trace.doubtUntil - began;
    if (doubt > 0) return queue().addAfter(key, doubt);
    if (trace.doubtUntil > 0) trace.mark = this.#informer.mark();
    trace.doubtUntil = 0;
    const { result, steps } = await this.#reconcile(key, destination, trace);
    if (result === "failed") queue().retry(key);
    else queue().forget(key);
    if (result === "acted") queue().add(key);
    if (result === "settled") this.#traces.delete(destination);
    this.#say(this.#plan());
    observer({ kind: "reconciled", key, result, steps, ms: tools.clock.now() - began });
  }

  async #reconcile(key: string, destination: string, trace: Trace): Promise<Outcome> {
    const { tools, observer, signal } = this.#parts;
    try {
      if (trace.mark !== undefined) await this.#informer.freshAfter(trace.mark);
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      trace.failure = error.message;
      return { result: "failed", steps: 0 };
    }
    trace.mark = undefined;
    const due = this.#plan()?.steps.filter(({ pair }) => pair.destination === destination) ?? [];
    if (due.length === 0) return { result: "settled", steps: 0 };
    const lanes = due.map((step) => ({ alloc: "", steps: [step] }));
    const { touched, failures } = await runLanes(key, lanes, tools, observer, signal);
    if (touched.size > 0) trace.mark = this.#informer.mark();
    return { result: this.#judge(trace, hashOf(lanes), failures), steps: due.length };
  }

  /** Done again right after it was done: another agent wrote at the same time, or it changes nothing. No reason to hurry. */
  #judge(trace: Trace, done: string, failures: readonly LaneFailure[]): Outcome["result"] {
    const [failure] = failures;
    if (failures.some(({ inDoubt }) => inDoubt)) trace.doubtUntil = this.#parts.tools.clock.now() + CALL_LIMIT;
    const isRepeated = done === trace.lastSteps;
    trace.repeats = isRepeated ? trace.repeats + 1 : 0;
    trace.failure = failure?.message ?? (trace.repeats < REPEATS ? undefined : UNSEEN);
    trace.lastSteps = failure === undefined ? done : "";
    return failure !== undefined || isRepeated ? "failed" : "acted";
  }

  /** Made once for as long as nothing it is made from changes: each of the many destinations asks for it. */
  #plan(): IntentionPlan | undefined {
    const { informers, jobs, synced, settings } = this.#parts;
    const intentions = this.#informer.reading;
    if (intentions === undefined || !synced()) return undefined;
    const { runtime, registrations, tokens } = informers;
    const from = [intentions, jobs(), runtime.reading, registrations.reading, tokens.reading];
    if (this.#planned?.from.every((part, index) => part === from[index]) === true) return this.#planned.plan;
    const known = { jobs: jobs(), registrations: registrations.reading ?? [], present: observedJobs(informers) };
    const plan = planIntentions({ ...upstreamsOf({ ...known, settings }), intentions });
    this.#planned = { from, plan };
    return plan;
  }

  #say(plan: IntentionPlan | undefined): void {
    const failures = [...this.#traces.values()].flatMap(({ failure }) => failure ?? []);
    const reason = this.#unread ?? failures[0];
    const crowd = plan?.crowded.map(({ source, destination }) => `${source} -> ${destination}`) ?? [];
    const note = crowd.length === 0 ? "" : `; too many need ${crowd.join(", ")} to be named in its mark, which is full`;
    const message = reason ?? `upstreams are allowed${note}`;
    this.#parts.board.setCondition("intentions", reason === undefined, message);
  }

  #trace(destination: string): Trace {
    const known = this.#traces.get(destination);
    if (known !== undefined) return known;
    const made: Trace = { mark: undefined, doubtUntil: 0, lastSteps: "", repeats: 0, failure: undefined };
    this.#traces.set(destination, made);
    return made;
  }

  #makeInformer(): Informer<readonly Intention[]> {
    const { settings, tools, observer, random } = this.#parts;
    const agent = agentOf(settings);
    return new Informer({
      name: "intentions",
      source: tools.mesh.intentions,
      count: (all) => all.length,
      changed: (before, after) => {
        const held = after.filter(({ owners = [] }) => owners.some((owner) => isOwnedBy(owner, agent)));
        observer({ kind: "intentions", held: held.length });
        return isSame(before, after) ? [] : ["intentions"];
      },
      onReading: () => {
        this.#unread = undefined;
        this.wake();
      },
      clock: tools.clock,
      random,
      observer: (event) => {
        if (event.kind === "list-failed") {
          this.#unread = `the intentions cannot be read: ${event.error}`;
          this.#say(undefined);
        }
        observer(event);
      },
      resync: settings.resync,
    });
  }
}

interface Outcome {
  readonly result: "settled" | "acted" | "failed";
  readonly steps: number;
}
