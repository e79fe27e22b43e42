/** One turn on what the rest relies on: Consul, Remora's own token, Docker, and how containers reach each other. */
import type { Millis } from "../model/job.ts";
import { PREFLIGHT_KEY } from "../model/keys.ts";
import type { Right } from "../model/policy.ts";
import type { Finding } from "../model/status.ts";
import { PortFailure } from "../ports/failure.ts";
import { isSame } from "../model/same.ts";
import type { Mesh, MeshInfo } from "../ports/mesh.ts";
import type { Runtime } from "../ports/runtime.ts";
import type { WorkQueue } from "../queue/work-queue.ts";
import type { Board } from "./board.ts";
import { type Asked, type Facts, isOutdated, judge } from "./preflight.ts";
import { SelfTest, type SelfTestParts } from "./self-test.ts";
import { verdictFindings } from "./verdict.ts";

export interface PreflightParts extends SelfTestParts {
  readonly rights: readonly Right[];
  readonly queue: () => WorkQueue;
  readonly board: Board;
  /** Called when what the settings were found out from is no more as it was. */
  readonly onOutdated: () => void;
}

/** How often it is looked at when all is well and nothing seems to have changed: these are four questions that change nothing. */
const RESYNC: Millis = 60_000;

/** Asks all of them; none of the answers can fail. */
export async function lookAround(
  { runtime, mesh }: { readonly runtime: Pick<Runtime, "info">; readonly mesh: Pick<Mesh, "info" | "lacks"> },
  rights: readonly Right[],
  signal: AbortSignal,
): Promise<Facts> {
  const [consul, lacking, engine] = await Promise.all([
    asked(mesh.info(signal)),
    asked(mesh.lacks(rights, signal)),
    asked(runtime.info(signal)),
  ]);
  return { consul, lacking, engine };
}

async function asked<T>(question: Promise<T>): Promise<Asked<T>> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof PortFailure) return error;
    throw error;
  }
}

export class PreflightTurns {
  readonly #parts: PreflightParts;
  readonly #selfTest: SelfTest;
  /** What Consul said of itself when it was first asked. */
  #first: MeshInfo | undefined;

  constructor(parts: PreflightParts) {
    this.#parts = parts;
    this.#selfTest = new SelfTest(parts);
  }

  /** Something is told of as away or back: all is looked at. */
  changed(): void {
    this.#parts.queue().addNow(PREFLIGHT_KEY);
  }

  /** Nobody answers for the engine. */
  engineGone(): void {
    this.#selfTest.forget();
  }

  async turn(): Promise<void> {
    const { tools, settings, rights, queue, leaving } = this.#parts;
    const facts = await lookAround(tools, rights, leaving);
    if (leaving.aborted) return;
    const findings = judge(facts, settings);
    const isWell = this.#find(findings);
    if (isOutdated(findings) || this.#isNews(facts.consul)) this.#parts.onOutdated();
    const { isDone, again } = await this.#test(facts.engine);
    if (isWell && isDone) queue().forget(PREFLIGHT_KEY);
    else queue().retry(PREFLIGHT_KEY);
    if (again !== undefined && again > 0) queue().addAfter(PREFLIGHT_KEY, again);
    queue().addAfter(PREFLIGHT_KEY, RESYNC);
  }

  /** The agent says something else of itself than at first: its version, its ports, the Envoys it supports, its address. */
  #isNews(consul: Facts["consul"]): boolean {
    if (consul instanceof PortFailure) return false;
    this.#first ??= consul;
    return !isSame(consul, this.#first);
  }

  /** What could not be looked at is as it was; that it could not is the condition of Docker. */
  async #test(engine: Facts["engine"]): Promise<{ readonly isDone: boolean; readonly again?: Millis }> {
    if (engine instanceof PortFailure) return { isDone: false };
    try {
      const { verdict, again } = await this.#selfTest.turn(engine);
      const isWell = this.#find(verdictFindings(verdict, this.#parts.settings));
      return { isDone: isWell && again !== 0, ...(again === undefined ? {} : { again }) };
    } catch (error) {
      if (error instanceof PortFailure) return { isDone: false };
      throw error;
    }
  }

  #find(findings: readonly Finding[]): boolean {
    for (const finding of findings) this.#parts.board.find(finding);
    return findings.every(({ ok }) => ok);
  }
}
