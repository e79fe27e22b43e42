/** Keys of the work queue: what is reconciled as one. */

export type WorkKey =
  | { readonly kind: "group"; readonly job: string; readonly group: string }
  /** The network and the relay of this instance. */
  | { readonly kind: "ground" }
  /** The intentions of all who reach one service. */
  | { readonly kind: "intentions"; readonly destination: string }
  /** What Consul, Docker and this host must be like for the rest to work. */
  | { readonly kind: "preflight" };

export const GROUND_KEY = "ground";
export const PREFLIGHT_KEY = "preflight";

/** The key of a task group. Job and group names may hold any character but "/" is escaped. */
export function groupKey(job: string, group: string): string {
  return `group/${encodeURIComponent(job)}/${encodeURIComponent(group)}`;
}

export function intentionsKey(destination: string): string {
  return `intentions/${encodeURIComponent(destination)}`;
}

/** The reverse of the above; throws on text that is no key, which is a defect. */
export function parseKey(key: string): WorkKey {
  if (key === GROUND_KEY) return { kind: "ground" };
  if (key === PREFLIGHT_KEY) return { kind: "preflight" };
  const [kind, job, group] = key.split("/");
  if (kind === "intentions" && job !== undefined) return { kind, destination: decodeURIComponent(job) };
  if (kind !== "group" || job === undefined || group === undefined) throw new Error(`not a work key: ${key}`);
  return { kind, job: decodeURIComponent(job), group: decodeURIComponent(group) };
}
