/** Intentions: which service may reach which, and the mark that says for whose sake Remora allowed it. */
import { createHash } from "node:crypto";

/** Who reaches whom, by service name. */
export interface Pair {
  readonly source: string;
  readonly destination: string;
}

export interface Intention extends Pair {
  /** `allow` or `deny`; "" where permissions (layer 7) decide. */
  readonly action: string;
  /**
   * For whose sake Remora allowed it. Absent on what is not Remora's: it carries no mark, or has permissions, which Remora
   * never gives and so never takes away.
   */
  readonly owners?: readonly string[];
  /** By which the API before Consul 1.9 names it. */
  readonly id?: string;
}

/** One owner in a mark is a job on a node under an instance: `<job>:<agent>`, each a short hash, for a mark is short. */
export function ownerOf(job: string, agent: string): string {
  return `${shortHash([job], 4)}:${agent}`;
}

/** Whose part of a mark it is: all datacenters of a federation share their intentions, and may name their nodes alike. */
export interface AgentIdentity {
  readonly instance: string;
  readonly node: string;
  readonly datacenter: string;
}

/** How an agent is called in marks. 36 bits: among 1000 of them two agree with a chance of 1 in 140,000. */
export function agentOf({ instance, node, datacenter }: AgentIdentity): string {
  return shortHash([instance, node, datacenter], 6);
}

export function isOwnedBy(owner: string, agent: string): boolean {
  return owner.endsWith(`:${agent}`);
}

function shortHash(parts: readonly string[], length: number): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, length);
}

/** What a description says besides the mark. */
export const INTENTION_TEXT = "Allowed by Remora for upstreams in job files";

/** Consul takes no longer description, and no longer value of Meta. */
const LIMIT = 512;
const MARK = /\[remora ([^[\]]*)\]/;

/** The mark's words, sorted, equal jobs together: `<job>:<agent>,<agent> <job>:<agent>`. */
export function writeOwners(owners: readonly string[]): string {
  const jobs = new Map<string, string[]>();
  const unknown: string[] = [];
  for (const owner of [...new Set(owners)].sort()) {
    const [, job, agent] = /^([^:,]+):([^:,]+)$/.exec(owner) ?? [];
    if (job === undefined || agent === undefined) unknown.push(owner);
    else jobs.set(job, [...(jobs.get(job) ?? []), agent]);
  }
  return [...[...jobs].map(([job, agents]) => `${job}:${agents.join(",")}`), ...unknown].join(" ");
}

/** The reverse. A word that is none of today's stays an owner as it is, so that nobody's is ever dropped. */
export function readOwners(words: string): readonly string[] {
  const owners = words.split(/\s+/).flatMap((word): readonly string[] => {
    const [, job, agents] = /^([^:,]+):([^:,]+(?:,[^:,]+)*)$/.exec(word) ?? [];
    if (job === undefined || agents === undefined) return word === "" ? [] : [word];
    return agents.split(",").map((agent) => `${job}:${agent}`);
  });
  return [...new Set(owners)].sort();
}

/** A description with the mark. */
export function describeOwners(owners: readonly string[]): string {
  return `${INTENTION_TEXT} [remora ${writeOwners(owners)}]`;
}

/** The owners whom a description names, whatever else it says; undefined if it has no mark. */
export function describedOwners(description: string): readonly string[] | undefined {
  const words = MARK.exec(description)?.[1];
  return words === undefined ? undefined : readOwners(words);
}

function fits(owners: readonly string[]): boolean {
  return describeOwners(owners).length <= LIMIT;
}

/** What is to be done about one pair. */
export type IntentionChange =
  | { readonly kind: "none" }
  | { readonly kind: "delete" }
  /** It is to be there, allowed, with exactly these owners. */
  | { readonly kind: "put"; readonly owners: readonly string[] };

/**
 * What makes an agent's part of a mark exactly `mine`, with every other owner as it is. What is not marked stays as it is. Into a
 * mark that is full only as many of `mine` go as fit: the others use the pair unmarked, and enter when there is room.
 */
export function changeOf(there: Intention | undefined, agent: string, mine: readonly string[]): IntentionChange {
  if (there !== undefined && there.owners === undefined) return { kind: "none" };
  const before = there?.owners ?? [];
  const isDenied = there?.action !== "allow" && mine.length > 0;
  if (!isDenied && isExactly(before, agent, mine)) return { kind: "none" };
  const owners = fitting(before, agent, mine);
  if (owners.length === 0) return { kind: before.length === 0 ? "none" : "delete" };
  return writeOwners(owners) === writeOwners(before) && !isDenied ? { kind: "none" } : { kind: "put", owners };
}

/** Some of `mine` has no room in the mark of what is there. */
export function isCrowded(there: Intention | undefined, agent: string, mine: readonly string[]): boolean {
  if (there !== undefined && there.owners === undefined) return false;
  const before = there?.owners ?? [];
  if (isExactly(before, agent, mine)) return false;
  const after = new Set(fitting(before, agent, mine));
  return mine.some((owner) => !after.has(owner));
}

/** The agent's part of the mark is this. Most are, at most times, so this goes before all that is dear. */
function isExactly(owners: readonly string[], agent: string, mine: readonly string[]): boolean {
  const ours = owners.filter((owner) => isOwnedBy(owner, agent));
  return ours.length === mine.length && mine.every((owner) => ours.includes(owner));
}

/** All other agents' owners, and as many of `mine` as there is room for. */
function fitting(before: readonly string[], agent: string, mine: readonly string[]): readonly string[] {
  const others = before.filter((owner) => !isOwnedBy(owner, agent));
  let kept = [...new Set(mine)].sort();
  while (kept.length > 0 && !fits([...others, ...kept])) kept = kept.slice(0, -1);
  return [...others, ...kept].sort();
}

/** Equal pairs have equal keys. */
export function pairKey({ source, destination }: Pair): string {
  return JSON.stringify([source, destination]);
}
