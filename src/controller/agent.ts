/** The agent: finds out who and where it is, for as long as that takes, and then runs the controller. */
import type { Millis } from "../model/job.ts";
import type { PlanRequest, PlanResult } from "../model/plan.ts";
import { isSame } from "../model/same.ts";
import type { Settings } from "../model/settings.ts";
import type { AgentStatus, Condition, Finding } from "../model/status.ts";
import { PortFailure } from "../ports/failure.ts";
import type { Observer } from "../ports/observer.ts";
import type { Clock, Random } from "../ports/time.ts";
import { Controller, type ControllerOptions } from "./controller.ts";

export interface AgentOptions {
  readonly instance: string;
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  /** Rejects with a PortFailure while Docker or Consul cannot be asked, or say what will not do. */
  readonly discover: (signal: AbortSignal) => Promise<Settings>;
  /** What there is to say of Docker and Consul while they do not let the settings be found out. */
  readonly examine: (signal: AbortSignal) => Promise<readonly Finding[]>;
  readonly parts: (settings: Settings) => ControllerOptions;
}

const PAUSE: Millis = 500;
const PAUSE_CAP: Millis = 10_000;

export class Agent {
  readonly #options: AgentOptions;
  #controller: Controller | undefined;
  /** Why it has not begun yet. */
  #waiting: Condition;
  /** What it found meanwhile. */
  readonly #found = new Map<string, Condition>();

  constructor(options: AgentOptions) {
    this.#options = options;
    const since = options.clock.now();
    this.#waiting = { name: "settings", ok: false, message: "Docker and Consul have not answered yet", since };
  }

  /** Runs until aborted. Never gives up: what cannot be found out now may be later, and what changes is found out anew. */
  async run(signal: AbortSignal): Promise<void> {
    let next: Settings | undefined;
    while (!signal.aborted) {
      const settings: Settings | undefined = next ?? (await this.#settle(signal));
      if (settings === undefined) return;
      const { version, observer } = this.#options;
      observer({ kind: "started", version, node: settings.node, instance: settings.instance });
      next = await this.#live(settings, signal);
    }
  }

  /** One controller, until it is told to end, or the settings are others: those. What it started goes on without it. */
  async #live(settings: Settings, signal: AbortSignal): Promise<Settings | undefined> {
    const over = new AbortController();
    const end = (): void => over.abort();
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    let next: Settings | undefined;
    let isAsking = false;
    const ask = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      next = await this.#otherThan(settings, over.signal);
      isAsking = false;
      if (next !== undefined) end();
    };
    this.#controller = new Controller({ ...this.#options.parts(settings), onOutdated: () => void ask() });
    await this.#controller.run(over.signal);
    signal.removeEventListener("abort", end);
    return next;
  }

  /** The settings as they are found out now, if they are others. What cannot be found out is told by its own condition. */
  async #otherThan(settings: Settings, signal: AbortSignal): Promise<Settings | undefined> {
    try {
      const now = await this.#options.discover(signal);
      return isSame(now, settings) ? undefined : now;
    } catch (error) {
      if (!(error instanceof PortFailure))
        this.#options.observer({ kind: "problem", message: `the settings cannot be found out anew: ${String(error)}` });
      return undefined;
    }
  }

  status(): AgentStatus {
    const { instance, version } = this.#options;
    if (this.#controller !== undefined) return this.#controller.status();
    return { instance, node: "", version, conditions: this.#conditions(), files: [], jobs: [] };
  }

  /** Conditions that keep the agent from being ready. */
  failing(): readonly Condition[] {
    if (this.#controller === undefined) return this.#conditions().filter(({ ok }) => !ok);
    const failing = this.#controller.conditions.filter(({ ok }) => !ok);
    if (failing.length > 0 || this.#controller.synced) return failing;
    const message = "the containers, services, tokens and job files have not all been read yet";
    return [{ ...this.#waiting, name: "synced", message }];
  }

  /** The operator's order over the control socket. */
  async stopJob(
    id: string,
  ): Promise<{ readonly outcome: "stopping" | "unknown" | "refused"; readonly message: string }> {
    if (this.#controller === undefined) return { outcome: "refused", message: this.#waiting.message };
    const known = await this.#controller.stopJob(id).catch((error: unknown) => error);
    if (known instanceof Error)
      return { outcome: "refused", message: `the order cannot be written down: ${known.message}` };
    if (known !== true) return { outcome: "unknown", message: `there is no job ${id} here` };
    return { outcome: "stopping", message: `${id} is being stopped; it stays so until its file changes` };
  }

  /** The operator's question what other job files would change. */
  plan({ version, ...request }: PlanRequest): PlanResult {
    if (version !== this.#options.version)
      return {
        outcome: "refused",
        message: `the agent is Remora ${this.#options.version} and you ask with ${version}: use the agent's own version`,
      };
    const plan = this.#controller?.plan(request);
    if (plan !== undefined) return { outcome: "planned", plan };
    const message = this.failing()[0]?.message ?? this.#waiting.message;
    return { outcome: "refused", message: `the agent does not know yet what runs: ${message}` };
  }

  #conditions(): readonly Condition[] {
    return [this.#waiting, ...this.#found.values()];
  }

  async #examine(signal: AbortSignal): Promise<void> {
    const { examine, observer, clock } = this.#options;
    const findings = await examine(signal);
    if (signal.aborted) return;
    for (const finding of findings) {
      const before = this.#found.get(finding.name);
      const since = before?.ok === finding.ok ? before.since : clock.now();
      this.#found.set(finding.name, { ...finding, since });
      observer({ kind: "condition", ...finding });
    }
  }

  async #settle(signal: AbortSignal): Promise<Settings | undefined> {
    const { clock, random, discover, observer } = this.#options;
    for (let pause = PAUSE; !signal.aborted; pause = Math.min(PAUSE_CAP, pause * 2)) {
      try {
        const settings = await discover(signal);
        observer({
          kind: "condition",
          name: "settings",
          ok: true,
          message: "Docker and Consul told who and where it is",
        });
        return settings;
      } catch (error) {
        if (!(error instanceof PortFailure)) throw error;
        this.#waiting = { ...this.#waiting, message: error.message };
        observer({ kind: "condition", name: "settings", ok: false, message: error.message });
        await this.#examine(signal);
        await clock.sleep(pause * (0.5 + 0.5 * random()), signal);
      }
    }
    return undefined;
  }
}
