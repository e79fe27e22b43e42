/** What `remora plan` asks and is told: how each job would change, and what that costs what runs. */
import type { Diagnostic } from "./diagnostic.ts";
import type { Cost } from "./fields/field.ts";
import type { Job } from "./job.ts";
import type { FileStatus } from "./status.ts";
import type { StaticPort } from "./static-port.ts";

/** One job file as the asker read it; all of them are good. */
export interface PlannedFile {
  readonly path: string;
  /** SHA-256 of the content. */
  readonly hash: string;
  /** Stands for all that the job was made of besides that; absent when there was nothing. */
  readonly inputs?: string;
  readonly job: Job;
  readonly ports?: readonly StaticPort[];
  /** Warnings only. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface PlanRequest {
  /** Of the asker: jobs of another version may mean something else. */
  readonly version: string;
  /** Absent: the agent's own directory as it stands. */
  readonly files?: readonly PlannedFile[];
  /** The files are a whole directory: what is not among them goes. */
  readonly whole: boolean;
  /** Texts that are not to be shown. */
  readonly sensitive: readonly string[];
}

export interface Plan {
  /** Anything would be done, or is different. */
  readonly changes: boolean;
  readonly jobs: readonly JobPlan[];
  /** The agent's own files that have something to say; only if its own directory was asked for. */
  readonly files: readonly FileStatus[];
}

export type PlanResult =
  | { readonly outcome: "planned"; readonly plan: Plan }
  /** The agent cannot tell now; the message says why. */
  | { readonly outcome: "refused"; readonly message: string };

export interface JobPlan {
  readonly id: string;
  readonly file?: string;
  /** hold: it is not followed; what runs goes on. */
  readonly action: "none" | "create" | "change" | "stop" | "hold";
  /** Why it is held, stopped by order, or not placed here. */
  readonly reason?: string;
  /** Fields of the job itself. */
  readonly fields: readonly FieldChange[];
  readonly groups: readonly GroupPlan[];
}

export interface GroupPlan {
  readonly group: string;
  readonly cost: GroupCost;
  /** Static ports that the new allocation cannot have before the old one has left; only for stop-first. */
  readonly ports?: readonly number[];
  readonly allocations: AllocationCounts;
  readonly fields: readonly FieldChange[];
  /** What the fields do not say. */
  readonly reason?: string;
}

export type GroupCost = "nothing" | "in place" | "replace (start-first)" | "replace (stop-first)" | "create" | "stop";

/** How many allocations: each is counted once. */
export interface AllocationCounts {
  readonly create: number;
  /** They run on. */
  readonly keep: number;
  readonly replace: number;
  readonly stop: number;
}

export interface FieldChange {
  /** From the job or its group inwards, as people write it. */
  readonly path: readonly string[];
  readonly change: "added" | "removed" | "changed";
  /** As in a job file; absent for a block. */
  readonly before?: string;
  readonly after?: string;
  /** What this change alone costs. */
  readonly cost: Cost;
}

/** Stands for a value that came from a sensitive variable. */
export const SENSITIVE = "(sensitive)";
