/** The last look at the jobs that files declare, before any is followed: what cannot be had beside the others is refused. Pure. */
import type { Job } from "../model/job.ts";
import { type StaticPort, staticPortsOf } from "../model/static-port.ts";
import type { FileState, JobsContext, JobsState, WantedJob } from "./jobs.ts";
import { clashDiagnostic, clashReason, type PortClaim, type PortClash, portClashes } from "./static-ports.ts";

interface Wanted {
  readonly jobs: ReadonlyMap<string, WantedJob>;
  readonly files: ReadonlyMap<string, FileState>;
}

/** A refused job goes on as it was, with the reason; one that was not there is not begun. Its file says where it clashes. */
export function admit(
  wanted: Wanted,
  state: JobsState,
  ports: ReadonlyMap<string, readonly StaticPort[]>,
  context: Pick<JobsContext, "isPlaced">,
): Wanted {
  const refused = portClashes(claimsOf(wanted.jobs, state, ports, context));
  if (refused.size === 0) return wanted;
  const jobs = [...wanted.jobs].flatMap(([id, job]): [string, WantedJob][] => {
    const clash = refused.get(id);
    if (clash === undefined) return [[id, job]];
    const before = state.jobs.get(id);
    return before === undefined ? [] : [[id, held(before, clash)]];
  });
  const clashes = new Map([...refused.values()].map((clash) => [clash.claim.path, clash]));
  const files = [...wanted.files].map(([path, file]): [string, FileState] => [path, told(file, clashes.get(path))]);
  return { jobs: new Map(jobs), files: new Map(files) };
}

function claimsOf(
  jobs: Wanted["jobs"],
  state: JobsState,
  ports: ReadonlyMap<string, readonly StaticPort[]>,
  { isPlaced = () => true }: Pick<JobsContext, "isPlaced">,
): readonly PortClaim[] {
  const runs = (wanted: WantedJob): boolean => state.stopped.get(wanted.job.id) !== wanted.hash && isPlaced(wanted.job);
  return [...jobs.values()].filter(runs).map(({ job, path }): PortClaim => {
    const old = state.jobs.get(job.id);
    const before = old !== undefined && runs(old) ? placed(old.job, ports.get(old.path)) : [];
    return {
      job: job.id,
      path,
      wants: placed(job, ports.get(path)),
      has: new Set(before.map(({ port }) => port)),
      before,
    };
  });
}

/** With the places that its file has now, where they are those of this version. */
function placed(job: Job, known: readonly StaticPort[] = []): readonly StaticPort[] {
  return staticPortsOf(job).map((own) => {
    const found = known.find(
      ({ port, group, label }) => [port, group, label].join() === [own.port, own.group, own.label].join(),
    );
    return found ?? own;
  });
}

function held({ job, path, hash }: WantedJob, clash: PortClash): WantedJob {
  return { job, path, hash, held: `${clashReason(clash)}; the version before goes on` };
}

function told(file: FileState, clash: PortClash | undefined): FileState {
  if (clash === undefined) return file;
  return { ...file, diagnostics: [...file.diagnostics, clashDiagnostic(clash)], refused: clashReason(clash) };
}
