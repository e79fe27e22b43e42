/**
 * The self-test: a container on the network of the groups reaches a published port, and does not reach another container
 * directly. It makes two containers, so it is made only when what it depends on is not what it last passed on: also an agent
 * that starts over a settled world makes none.
 */
import type { Container } from "../model/container.ts";
import { hashOf } from "../model/ids.ts";
import type { Millis } from "../model/job.ts";
import { PREFLIGHT_KEY } from "../model/keys.ts";
import type { Settings } from "../model/settings.ts";
import type { Step } from "../model/step.ts";
import { PortFailure } from "../ports/failure.ts";
import type { StateStore } from "../ports/files.ts";
import type { Observer } from "../ports/observer.ts";
import type { EngineInfo, RuntimeReading } from "../ports/runtime.ts";
import type { Random } from "../ports/time.ts";
import type { Informer } from "../informers/informer.ts";
import type { Tools } from "../reconcilers/apply.ts";
import { pick } from "../reconcilers/ports.ts";
import { type ProbeSpecs, probeSpecs } from "../reconcilers/probes.ts";
import { type LanesResult, runLanes } from "./lanes.ts";
import { lookFrom } from "./probing.ts";
import type { Pulls } from "./pulls.ts";
import { NOT_YET, PASSED, type Verdict } from "./verdict.ts";

export interface SelfTestParts {
  readonly settings: Settings;
  readonly tools: Tools;
  readonly runtime: Pick<Informer<RuntimeReading>, "reading" | "mark" | "freshAfter">;
  readonly state: StateStore;
  readonly pulls: Pulls;
  readonly observer: Observer;
  readonly random: Random;
  /** Host ports of all allocations. */
  readonly portsInUse: () => ReadonlySet<number>;
  /** Why groups cannot be started; undefined if they can. */
  readonly ground: () => string | undefined;
  readonly signal: AbortSignal;
  /** The agent is about to end: looking stops at once, while what is being made is made and removed. */
  readonly leaving: AbortSignal;
}

/** The time from one test to the next: it doubles as long as it is not passed, whether it could be made or not. */
const PACE: Millis = 20_000;
const PACE_CAP: Millis = 300_000;
/** So many ports in a row that cannot be published are not taken by chance; until then another is tried at once. */
const TRIES = 3;

const [KIND, NAME] = ["agent", "self-test"];

export class SelfTest {
  readonly #parts: SelfTestParts;
  #verdict: Verdict = NOT_YET;
  /** What it depended on when it was passed; undefined = look into the state directory, "" = never mind what is kept there. */
  #passedOn: string | undefined;
  /** The state directory says so too. */
  #isKept = true;
  #mark: number | undefined;
  #pace = PACE;
  #notBefore: Millis = 0;
  #refusals = 0;

  constructor(parts: SelfTestParts) {
    this.#parts = parts;
  }

  /** The engine was away: it may be another one, or have been set up anew. */
  forget(): void {
    this.#passedOn = "";
    this.#notBefore = 0;
    this.#pace = PACE;
  }

  /** Why there is no verdict, or what it is; `again`: when to come back. Throws PortFailure when the engine could not be looked at. */
  async turn(engine: EngineInfo): Promise<{ readonly verdict: Verdict; readonly again?: Millis }> {
    const { runtime, tools, ground } = this.#parts;
    if (this.#mark !== undefined) await runtime.freshAfter(this.#mark);
    this.#mark = undefined;
    const containers = runtime.reading?.containers;
    if (containers === undefined) return { verdict: this.#verdict };
    if (!(await this.#removes(containers.filter(({ role }) => role === "probe")))) return this.#soon();
    const waits = ground();
    if (waits !== undefined) return { verdict: { kind: "waiting", why: waits } };
    const standsOn = await this.#standsOn(engine, containers);
    this.#passedOn ??= await this.#kept();
    if (standsOn === this.#passedOn) {
      if (!this.#isKept) await this.#keep(standsOn);
      return { verdict: (this.#verdict = PASSED) };
    }
    const wait = this.#notBefore - tools.clock.now();
    if (wait > 0) return { verdict: this.#verdict, again: wait };
    return this.#test(standsOn);
  }

  #soon(): { readonly verdict: Verdict; readonly again: Millis } {
    return { verdict: this.#verdict, again: 1_000 };
  }

  /** All that its outcome depends on, as far as it can be seen. The relay is started again when the engine is. */
  async #standsOn(engine: EngineInfo, containers: readonly Container[]): Promise<string> {
    const { settings, tools, leaving } = this.#parts;
    const network = await tools.runtime.network(settings.network, leaving);
    const { version, filtersBridges } = engine;
    const started = Math.max(0, ...containers.map(({ role, startedAt = 0 }) => (role === "relay" ? startedAt : 0)));
    const { advertise, images } = settings;
    const bridge = { id: network?.id, gateway: network?.gateway, isolated: network?.isolated };
    return hashOf({ version, filtersBridges, started, bridge, advertise, image: images.infra });
  }

  async #test(standsOn: string): Promise<{ readonly verdict: Verdict; readonly again?: Millis }> {
    const { settings, tools, pulls, portsInUse, random, leaving } = this.#parts;
    const image = settings.images.infra;
    if (!(await tools.runtime.hasImage(image, leaving))) {
      pulls.want(image, PREFLIGHT_KEY);
      return { verdict: { kind: "waiting", why: pulls.describe(image) } };
    }
    const port = pick(settings.portRange, portsInUse(), random);
    if (port === undefined) return { verdict: { kind: "failed", why: "every port of --port-range is in use" } };
    if (leaving.aborted) return { verdict: this.#verdict };
    const verdict = await this.#tried(probeSpecs(settings, port), port);
    if (leaving.aborted && verdict !== PASSED) return { verdict: this.#verdict };
    this.#verdict = verdict;
    const isPassed = verdict === PASSED;
    this.#passedOn = isPassed ? standsOn : "";
    if (isPassed) await this.#keep(standsOn);
    if (verdict.kind === "waiting") return { verdict, again: 0 };
    const pause = isPassed ? PACE : this.#pace;
    this.#notBefore = tools.clock.now() + pause;
    this.#pace = isPassed ? PACE : Math.min(PACE_CAP, this.#pace * 2);
    return isPassed ? { verdict } : { verdict, again: pause };
  }

  /** Whatever becomes of it, the containers are removed; what that leaves is removed by a later turn. */
  async #tried(specs: ProbeSpecs, port: number): Promise<Verdict> {
    const { settings, tools, leaving } = this.#parts;
    try {
      const { failures } = await this.#run([specs.listener, specs.caller].map((spec) => ({ kind: "run-probe", spec })));
      const [failure] = failures;
      if (failure?.code === "port-taken") return this.#refused(failure.message);
      if (failure !== undefined) return { kind: "failed", why: failure.message };
      this.#refusals = 0;
      return await lookFrom(specs, { ...tools, address: settings.advertise, port }, leaving);
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      return { kind: "failed", why: error.message };
    } finally {
      await this.#removes([specs.listener, specs.caller].map(({ name }) => ({ id: name, name })));
    }
  }

  #refused(why: string): Verdict {
    this.#refusals += 1;
    if (this.#refusals < TRIES) return { kind: "waiting", why };
    return { kind: "unpublished", why };
  }

  /** Whether all of them are gone. */
  async #removes(containers: readonly Pick<Container, "id" | "name">[]): Promise<boolean> {
    if (containers.length === 0) return true;
    const steps = containers.map(({ id, name }): Step => ({ kind: "remove-container", container: id, name }));
    const { failures } = await this.#run(steps);
    return failures.length === 0;
  }

  /** Side by side. */
  async #run(steps: readonly Step[]): Promise<LanesResult> {
    const { tools, observer, signal, runtime } = this.#parts;
    const lanes = steps.map((step) => ({ alloc: "", steps: [step] }));
    const result = await runLanes(PREFLIGHT_KEY, lanes, tools, observer, signal);
    this.#mark = runtime.mark();
    return result;
  }

  async #kept(): Promise<string> {
    const kept = (await this.#parts.state.load(KIND, () => undefined)).get(NAME);
    return typeof kept === "string" ? kept : "";
  }

  /** What cannot be kept now is kept by a later turn; if it never can, the next agent makes the test once more. */
  async #keep(standsOn: string): Promise<void> {
    try {
      await this.#parts.state.save(KIND, NAME, standsOn);
      this.#isKept = true;
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      this.#isKept = false;
    }
  }
}
