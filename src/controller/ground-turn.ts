/** One turn on what all groups stand on: the network and the relay. */
import { CALL_LIMIT, type Settings } from "../model/settings.ts";
import type { RuntimeReading } from "../ports/runtime.ts";
import { PortFailure } from "../ports/failure.ts";
import type { Observer } from "../ports/observer.ts";
import type { Informer } from "../informers/informer.ts";
import { GROUND_KEY } from "../model/keys.ts";
import type { WorkQueue } from "../queue/work-queue.ts";
import { isPull, type Tools } from "../reconcilers/apply.ts";
import { planGround } from "../reconcilers/ground.ts";
import type { Board } from "./board.ts";
import { runLanes } from "./lanes.ts";
import type { Pulls } from "./pulls.ts";

export interface GroundParts {
  readonly settings: Settings;
  readonly tools: Tools;
  readonly runtime: Informer<RuntimeReading>;
  readonly queue: () => WorkQueue;
  readonly board: Board;
  readonly observer: Observer;
  readonly pulls: Pulls;
  /** Called when groups may be started that could not be before. */
  readonly onReady: () => void;
  readonly signal: AbortSignal;
}

export class GroundTurns {
  readonly #parts: GroundParts;
  #reason: string | undefined = "the network has not been looked at yet";
  #mark: number | undefined;
  #doubtUntil = 0;

  constructor(parts: GroundParts) {
    this.#parts = parts;
  }

  /** Why groups cannot be started; undefined if they can. */
  get reason(): string | undefined {
    return this.#reason;
  }

  async turn(): Promise<void> {
    const { queue, tools } = this.#parts;
    const doubt = this.#doubtUntil - tools.clock.now();
    if (doubt > 0) {
      queue().addAfter(GROUND_KEY, doubt);
      return;
    }
    if (this.#doubtUntil > 0) this.#mark = this.#parts.runtime.mark();
    this.#doubtUntil = 0;
    try {
      await this.#reconcile();
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      this.#say(error.message, this.#reason !== undefined);
      queue().retry(GROUND_KEY);
    }
  }

  async #reconcile(): Promise<void> {
    const { runtime, tools, settings, signal, queue, pulls, observer } = this.#parts;
    if (this.#mark !== undefined) await runtime.freshAfter(this.#mark);
    this.#mark = undefined;
    const network = await tools.runtime.network(settings.network, signal);
    const relays = (runtime.reading?.containers ?? []).filter(({ role }) => role === "relay");
    const missingImage = relays.length > 0 ? undefined : await this.#missingImage();
    const due = planGround({ network, relays, missingImage }, settings);
    this.#say(due.waiting, due.waiting !== undefined);
    for (const step of due.steps.filter(isPull)) pulls.want(step.image, GROUND_KEY);
    const lane = { alloc: "", steps: due.steps.filter((step) => !isPull(step)) };
    if (lane.steps.length > 0) {
      const { failures } = await runLanes(GROUND_KEY, [lane], tools, observer, signal);
      this.#mark = runtime.mark();
      if (failures.some(({ inDoubt }) => inDoubt)) this.#doubtUntil = tools.clock.now() + CALL_LIMIT;
      const [failure] = failures;
      if (failure !== undefined) {
        this.#say(failure.message, true);
        queue().retry(GROUND_KEY);
        return;
      }
      queue().add(GROUND_KEY);
    }
    queue().forget(GROUND_KEY);
    if (due.recheck !== undefined) queue().addAfter(GROUND_KEY, due.recheck);
  }

  async #missingImage(): Promise<string | undefined> {
    const { tools, settings, pulls, signal } = this.#parts;
    const image = settings.images.remora;
    return (await tools.runtime.hasImage(image, signal)) ? undefined : pulls.describe(image);
  }

  #say(reason: string | undefined, holdsGroups: boolean): void {
    const before = this.#reason;
    this.#reason = holdsGroups ? reason : undefined;
    this.#parts.board.setCondition("ground", reason === undefined, reason ?? "the network and the relay are there");
    if (before !== undefined && this.#reason === undefined) this.#parts.onReady();
  }
}
