/** The one table from a phase to what is due in it. */
import type { Phase } from "../model/status.ts";

/** The reconcilers by the kind of thing they own, in the order in which they act on an allocation. */
export type Concern = "namespace" | "token" | "registration" | "sidecar" | "task" | "drain" | "removal";

export const DUE: Readonly<Record<Phase, readonly Concern[]>> = {
  absent: ["namespace", "token"],
  provisioning: ["namespace", "token"],
  identified: ["registration"],
  registered: ["token", "registration", "sidecar"],
  proxied: ["token", "registration", "sidecar", "task"],
  serving: ["token", "registration"],
  degraded: ["namespace", "token", "registration", "sidecar", "task"],
  draining: ["drain"],
  leaving: ["removal"],
};

/** A living group without services has allocations and no chart. */
export const DUE_WITHOUT_SERVICE: readonly Concern[] = ["namespace", "registration", "task"];
