/** Which jobs cannot have the static ports they ask for: who has one keeps it, and of several that come for it none gets it. Pure. */
import type { Diagnostic, RelatedPlace } from "../model/diagnostic.ts";
import type { StaticPort } from "../model/static-port.ts";

/** What one job asks for on this host. */
export interface PortClaim {
  readonly job: string;
  readonly path: string;
  readonly wants: readonly StaticPort[];
  /** What its version that is followed until now has; nothing for one that comes anew. */
  readonly has: ReadonlySet<number>;
  /** What that version asks for: it goes on if the new one is refused. */
  readonly before: readonly StaticPort[];
}

export interface PortClash {
  readonly claim: PortClaim;
  readonly port: StaticPort;
  readonly other: { readonly claim: PortClaim; readonly port: StaticPort };
}

/** The refused, by job. One that is refused falls back to its version before, which may be in the way of others again. */
export function portClashes(claims: readonly PortClaim[]): ReadonlyMap<string, PortClash> {
  const refused = new Map<string, PortClash>();
  for (let known = -1; known < refused.size;) {
    known = refused.size;
    for (const clash of clashesNow(claims, refused))
      if (!refused.has(clash.claim.job)) refused.set(clash.claim.job, clash);
  }
  return refused;
}

interface Bid {
  readonly claim: PortClaim;
  readonly port: StaticPort;
}

function clashesNow(claims: readonly PortClaim[], refused: ReadonlyMap<string, PortClash>): readonly PortClash[] {
  const bids = new Map<number, Bid[]>();
  for (const claim of claims) {
    for (const port of refused.has(claim.job) ? claim.before : claim.wants)
      bids.set(port.port, [...(bids.get(port.port) ?? []), { claim, port }]);
  }
  return [...bids.values()].flatMap((all) => {
    const holder = all.find(({ claim, port }) => claim.has.has(port.port));
    return all.flatMap((bid): readonly PortClash[] => {
      const other = holder ?? all.find(({ claim }) => claim.job !== bid.claim.job);
      const isRefused = other !== undefined && other.claim.job !== bid.claim.job && !bid.claim.has.has(bid.port.port);
      return isRefused ? [{ ...bid, other }] : [];
    });
  });
}

/** For the file of the refused job: what it asks for, and where the other one does. */
export function clashDiagnostic({ claim, port, other }: PortClash): Diagnostic {
  const { line, column, snippet } = port.place ?? { line: 1, column: 1 };
  const verb = other.claim.has.has(port.port) ? "is taken by" : "is also asked for by";
  const related = relatedPlace(other);
  return {
    severity: "error",
    file: claim.path,
    line,
    column,
    summary: `The static port ${port.port} ${verb} the job "${other.claim.job}" (${other.claim.path})`,
    detail: "One host has each port only once: choose another, or take static out. What runs stays as it is.",
    ...(snippet === undefined ? {} : { snippet }),
    ...(related === undefined ? {} : { related }),
  };
}

function relatedPlace({ claim, port }: Bid): RelatedPlace | undefined {
  if (port.place === undefined) return undefined;
  return { file: claim.path, ...port.place, summary: `the group "${port.group}" asks for it here` };
}

/** The same in one sentence, for the status. */
export function clashReason({ claim, port, other }: PortClash): string {
  const verb = other.claim.has.has(port.port) ? "has" : "asks for too";
  return `${claim.path} asks for the static port ${port.port}, which the job ${other.claim.job} (${other.claim.path}) ${verb}`;
}
