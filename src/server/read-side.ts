/** What the HTTP API asks of the agent: everything it can show, and what is not for everybody. */
import type { PlanRequest, PlanResult } from "../model/plan.ts";
import type { AgentStatus, Condition } from "../model/status.ts";

export interface ReadSide {
  /** A picture as of now; cheap, never throws. */
  readonly status: () => AgentStatus;
  readonly metrics: () => Promise<string>;
  /** Content type of the metrics. */
  readonly metricsType: string;
  /** Whether the process itself works, whatever Docker and Consul do: what a liveness probe may kill for. */
  readonly live: () => boolean;
  /** Ready iff nothing fails. */
  readonly failing: () => readonly Condition[];
}

export interface ControlSide {
  readonly stopJob: (id: string) => Promise<StopResult>;
  /** Changes nothing, but shows values of job files. */
  readonly plan: (request: PlanRequest) => PlanResult;
}

export type StopResult =
  | { readonly outcome: "stopping"; readonly message: string }
  /** There is no such job here. */
  | { readonly outcome: "unknown"; readonly message: string }
  /** The order cannot be taken now, e.g. because it cannot be kept in the state directory; the message says why. */
  | { readonly outcome: "refused"; readonly message: string };
