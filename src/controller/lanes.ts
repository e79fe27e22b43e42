/** Carrying out lanes of steps: each in order, all side by side, each stopping at its first failure. */
import { seenIn, type Step, subjectOf } from "../model/step.ts";
import { type FailureCode, PortFailure } from "../ports/failure.ts";
import type { Observer } from "../ports/observer.ts";
import { applyStep, type Tools } from "../reconcilers/apply.ts";
import type { Lane } from "./group.ts";

export interface LanesResult {
  /** Sources that must be read again before the next plan. */
  readonly touched: ReadonlySet<ReturnType<typeof seenIn>>;
  readonly failures: readonly LaneFailure[];
}

export interface LaneFailure {
  readonly alloc: string;
  readonly code: FailureCode;
  readonly message: string;
  /** The step may have happened all the same, or may still happen. */
  readonly inDoubt: boolean;
  /** The image that the step's container needs, if it is not here. */
  readonly missingImage?: string;
}

export async function runLanes(
  key: string,
  lanes: readonly Lane[],
  tools: Tools,
  observer: Observer,
  signal: AbortSignal,
): Promise<LanesResult> {
  const touched = new Set<ReturnType<typeof seenIn>>();
  const failures = await Promise.all(
    lanes.map(async ({ alloc, steps }): Promise<LaneFailure | undefined> => {
      for (const step of steps) {
        const failure = await runStep(key, step, tools, observer, signal);
        if (failure === undefined || failure.inDoubt || !isSingleWrite(step)) touched.add(seenIn(step));
        if (failure !== undefined) return { alloc, ...failure };
      }
      return undefined;
    }),
  );
  return { touched, failures: failures.filter((failure) => failure !== undefined) };
}

/** Steps of one writing call: one that surely failed has changed nothing, so what was read before still holds. */
function isSingleWrite({ kind }: Step): boolean {
  return ["register", "deregister", "enable-maintenance", "delete-token", "hold-intention"].includes(kind);
}

async function runStep(
  key: string,
  step: Step,
  tools: Tools,
  observer: Observer,
  signal: AbortSignal,
): Promise<Omit<LaneFailure, "alloc"> | undefined> {
  const began = tools.clock.now();
  const event = { kind: "step", key, step: step.kind, subject: subjectOf(step) } as const;
  try {
    await applyStep(step, tools, signal);
    observer({ ...event, ms: tools.clock.now() - began });
    if (step.kind === "mint-token") observer({ kind: "token-minted", service: step.token.service });
    if (step.kind === "delete-token") observer({ kind: "token-deleted" });
    return undefined;
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    observer({ ...event, ms: tools.clock.now() - began, error: error.message });
    const image =
      error.code === "image-missing" && "spec" in step && "image" in step.spec ? step.spec.image : undefined;
    const missing = image === undefined ? {} : { missingImage: image };
    return { code: error.code, message: error.message, inDoubt: error.effect === "unknown", ...missing };
  }
}
