/** One run: the world and the controller on it, every invariant at every step, and in the end peace, until all is as the files say. */
import { createHash } from "node:crypto";
import type { Millis } from "../../src/model/job.ts";
import { Foreign } from "./foreign.ts";
import { departsInOrder } from "./invariants/departure.ts";
import { leavesForeignAlone } from "./invariants/foreign.ts";
import { leavesHealthyAlone } from "./invariants/healthy.ts";
import type { Invariant } from "./invariants/invariant.ts";
import { keepsOrder } from "./invariants/order.ts";
import { rotatesOnlyWhatServes } from "./invariants/rotation.ts";
import { confinesSecrets } from "./invariants/secrets.ts";
import { oneTurnAtATime } from "./invariants/turns.ts";
import { differences } from "./truth.ts";
import { Wishes } from "./wishes.ts";
import { World } from "./world.ts";

/** How long after the last fault everything is as the files say: back-off, hints that never come again, restart policies. */
const CONVERGED_WITHIN: Millis = 60_000;
/** Looking whether all is as the files say is dear. */
const LOOK_EVERY: Millis = 100;
/** How long nothing at all is written then. */
const QUIET_FOR: Millis = 60_000;

export class Run {
  readonly world: World;
  readonly wishes: Wishes;
  readonly foreign: Foreign;
  readonly failures: string[] = [];
  readonly log: (line: string) => void;
  steps = 0;
  calmSince: Millis | undefined;
  readonly #began: Millis;
  readonly #invariants: readonly Invariant[];
  readonly #hash = createHash("sha256");

  constructor(
    options: Pick<
      World["options"],
      "chance" | "acls" | "stocked" | "intentions" | "proxy" | "catalogDelay" | "director"
    >,
    onLine: (line: string) => void,
  ) {
    this.log = (line) => {
      const text = `${String(this.world.clock.now() - this.#began).padStart(7)} ${line}`;
      this.#hash.update(text);
      onLine(text);
    };
    this.world = new World({
      ...options,
      onLine: this.log,
      onEffect: (effect) => {
        for (const invariant of this.#invariants) invariant.onEffect?.(effect);
      },
      onEvent: (event) => {
        if (event.kind === "step") this.log(`step ${event.step} ${event.subject} ${event.error ?? ""}`);
        for (const invariant of this.#invariants) invariant.onEvent?.(event);
      },
    });
    this.#began = this.world.clock.now();
    this.wishes = new Wishes(this.world);
    this.foreign = new Foreign(this.world);
    const report = (violation: string): void => this.fail(violation);
    this.#invariants = [
      leavesForeignAlone(this.foreign, report),
      leavesHealthyAlone(this.world, this.wishes, report),
      oneTurnAtATime(this.world, report),
      confinesSecrets(this.world, report),
      keepsOrder(this.world, report),
      departsInOrder(this.world, report),
      rotatesOnlyWhatServes(this.world, () => this.calmSince, report),
    ];
  }

  get hash(): string {
    return this.#hash.copy().digest("hex").slice(0, 16);
  }

  get hasFailed(): boolean {
    return this.failures.length > 0;
  }

  fail(why: string): void {
    if (this.failures.includes(why)) return;
    this.log(`FAILED: ${why}`);
    this.failures.push(why);
  }

  /** Lets time pass until then, or until something is violated, or `isOver`. */
  async until(end: Millis, isOver: () => boolean = () => false): Promise<boolean> {
    while (!this.hasFailed && !isOver()) {
      if (!(await this.world.clock.step(end))) return isOver();
      this.steps += 1;
      for (const invariant of this.#invariants) invariant.onStep?.();
    }
    return isOver();
  }

  async pass(ms: Millis): Promise<void> {
    await this.until(this.world.clock.now() + ms);
  }

  /** Lets time pass until everything is as the files say; also ends when the controller dies. */
  async settles(): Promise<void> {
    const { world } = this;
    const end = world.clock.now() + CONVERGED_WITHIN;
    while (world.clock.now() < end) {
      if (!world.isAlive || this.hasFailed || differences(world).length === 0) return;
      await this.pass(LOOK_EVERY);
    }
    for (const difference of differences(world)) this.fail(`not at rest: ${difference}`);
  }

  /** From now on nothing goes wrong: it comes to rest, stays there, and a new process finds nothing to do. */
  async comesToRest(quietFor: Millis = QUIET_FOR): Promise<Millis> {
    const { world } = this;
    const began = world.clock.now();
    this.calmSince = began;
    await this.settles();
    const rest = world.clock.now() - began;
    this.log("at rest");
    if (!this.hasFailed) await this.#isQuiet("after it came to rest", quietFor);
    if (!this.hasFailed) {
      world.kill();
      world.start();
      await this.#isQuiet("after a restart at rest", quietFor);
    }
    return rest;
  }

  /** A last repair of its own status may still be under way; then there is silence. */
  async #isQuiet(when: string, quietFor: Millis): Promise<void> {
    const { world } = this;
    await this.pass(quietFor / 2);
    const before = world.writes;
    await this.pass(quietFor);
    if (this.hasFailed) return;
    if (world.writes !== before) this.fail(`${world.writes - before} writes ${when}`);
    for (const difference of differences(world)) this.fail(`${when}: ${difference}`);
    for (const job of world.controller?.status().jobs ?? [])
      if (job.state !== "running") this.fail(`${when}: the status of ${job.id} is ${job.state}`);
  }
}
