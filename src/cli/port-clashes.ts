/** Files of one directory whose jobs ask for the same static port: checked as the agent would, on a host where nothing runs yet. */
import { notPlaced } from "../controller/placement.ts";
import { clashDiagnostic, portClashes } from "../controller/static-ports.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Job } from "../model/job.ts";
import { type StaticPort, staticPortsOf } from "../model/static-port.ts";

export interface Declared {
  readonly path: string;
  readonly job: Job;
  readonly ports?: readonly StaticPort[] | undefined;
}

/** Which datacenter a host is in is not known here: jobs that share none never meet. */
export function clashesAmong(declared: readonly Declared[]): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const datacenter of new Set(declared.flatMap(({ job }) => job.datacenters))) {
    const here = declared.filter(({ job }) => notPlaced(job, { datacenter }) === undefined);
    const claims = here.map(({ path, job, ports }) => {
      return { job: job.id, path, wants: ports ?? staticPortsOf(job), has: new Set<number>(), before: [] };
    });
    for (const [id, clash] of portClashes(claims)) if (!found.has(id)) found.set(id, clashDiagnostic(clash));
  }
  return [...found.values()];
}
