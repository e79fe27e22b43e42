/** Where a job runs: for now, on this node or not. Remora does not schedule. */
import type { Job } from "../model/job.ts";
import type { Settings } from "../model/settings.ts";

/** Why a job is not placed here, in one sentence; undefined if it is. A datacenter may be a pattern with `*`. */
export function notPlaced({ datacenters }: Job, { datacenter }: Pick<Settings, "datacenter">): string | undefined {
  if (datacenters.some((pattern) => matches(pattern, datacenter))) return undefined;
  return `not placed here: its datacenters (${datacenters.join(", ")}) do not include ${datacenter}`;
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
