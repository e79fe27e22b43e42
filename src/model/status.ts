/** What the controller says about the world: the read side that CLI, API, page and metrics show. */
import type { Diagnostic } from "./diagnostic.ts";
import type { Millis } from "./job.ts";

/** Phases of a service instance, in the order of its life. */
export const PHASES = [
  "absent",
  "provisioning",
  "identified",
  "registered",
  "proxied",
  "serving",
  "degraded",
  "draining",
  "leaving",
] as const;

export type Phase = (typeof PHASES)[number];

export interface TaskStatus {
  readonly name: string;
  readonly state: "absent" | "created" | "running" | "exited" | "failed";
  readonly restarts: number;
  readonly startedAt?: Millis;
  readonly exitCode?: number;
}

export interface ServiceStatus {
  readonly name: string;
  readonly phase: Phase;
  /** host:port at which others reach it: the sidecar's for a mesh service. */
  readonly address?: string;
}

export interface AllocStatus {
  readonly id: string;
  readonly index: number;
  /** running: all is as it should be; pending: on its way up; degraded: was up, is being repaired; stopping; failed. */
  readonly state: "pending" | "running" | "degraded" | "stopping" | "failed";
  /** What is waited for, in one sentence; "" when running. */
  readonly reason: string;
  readonly since: Millis;
  readonly services: readonly ServiceStatus[];
  readonly tasks: readonly TaskStatus[];
  readonly ports: Readonly<Record<string, number>>;
}

export interface GroupStatus {
  readonly job: string;
  readonly group: string;
  /** Allocations wanted; 0 when the group is going away. */
  readonly desired: number;
  /** Short hash of what is wanted; "" when it is going away. */
  readonly revision: string;
  readonly state: "running" | "pending" | "degraded" | "stopping" | "failed" | "frozen";
  readonly reason: string;
  readonly allocs: readonly AllocStatus[];
  /** Last failed step, cleared when the group settles. */
  readonly lastError?: { readonly at: Millis; readonly message: string };
}

/** One watched file. */
export interface FileStatus {
  readonly path: string;
  readonly job?: string;
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

export interface JobStatus {
  readonly id: string;
  readonly file?: string;
  /** The version that runs is not the file's newest: the file is broken or held. */
  readonly stale: boolean;
  /** Why the file is not followed, if so. */
  readonly held?: string;
  /** elsewhere: it is not placed on this node; stopped: by order, and nothing of it is left. */
  readonly state: GroupStatus["state"] | "elsewhere" | "stopped";
  readonly groups: readonly GroupStatus[];
}

/** A statement about the whole agent that should hold. */
export interface Condition {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
  readonly since: Millis;
  /** It holds, and yet the message is worth knowing. */
  readonly note?: true;
}

/** What a look found of a condition; how long it has been so is the board's to say. */
export type Finding = Omit<Condition, "since">;

export interface AgentStatus {
  readonly instance: string;
  readonly node: string;
  readonly version: string;
  readonly conditions: readonly Condition[];
  readonly files: readonly FileStatus[];
  readonly jobs: readonly JobStatus[];
}
