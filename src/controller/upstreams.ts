/** Which service has to reach which: the upstreams of the jobs that are wanted here, and of all that is here still. Pure. */
import { agentOf, ownerOf, pairKey } from "../model/intention.ts";
import type { Pair } from "../model/intention.ts";
import type { Job, Upstream } from "../model/job.ts";
import type { Registration } from "../model/registration.ts";
import type { Settings } from "../model/settings.ts";
import type { IntentionView, Need } from "../reconcilers/intention.ts";
import { type JobsState, wishFor } from "./jobs.ts";
import { notPlaced } from "./placement.ts";

export interface UpstreamsInput {
  readonly jobs: JobsState;
  readonly registrations: readonly Registration[];
  /** Jobs of which anything exists here. */
  readonly present: ReadonlySet<string>;
  readonly settings: Settings;
}

/**
 * What runs needs its upstreams as it is registered, also when its job wants others by now, or is on its way out. A job that is
 * going keeps what it has until nothing of it is left, and so does one of which it is not known what is wanted.
 */
export function upstreamsOf(input: UpstreamsInput): Omit<IntentionView, "intentions"> {
  const { jobs, present, settings } = input;
  const agent = agentOf(settings);
  const known = new Set([...jobs.jobs.keys(), ...jobs.removed.keys(), ...jobs.stopped.keys(), ...present]);
  const staying = new Set([...known].filter((id) => isStaying(input, id)).map((id) => ownerOf(id, agent)));
  const names = new Set([...known].map((id) => ownerOf(id, agent)));
  const isHeld = jobs.distrust !== undefined;
  return {
    agent,
    needs: joined([...wantedPairs(input), ...registeredPairs(input.registrations)], agent),
    stays: (owner) => staying.has(owner) || (isHeld && !names.has(owner)),
  };
}

interface Use {
  readonly job: string;
  readonly pair: Pair;
}

/** The job as it is to run here; undefined if it is not. */
function wantedJob({ jobs, settings }: UpstreamsInput, id: string): Job | undefined {
  const wish = wishFor(jobs, id);
  return wish.kind === "run" && notPlaced(wish.job, settings) === undefined ? wish.job : undefined;
}

function isStaying(input: UpstreamsInput, id: string): boolean {
  if (wishFor(input.jobs, id).kind === "frozen") return true;
  return wantedJob(input, id) === undefined && input.present.has(id);
}

/** Before the first registration: who starts finds the way open. */
function wantedPairs(input: UpstreamsInput): readonly Use[] {
  const jobs = [...input.jobs.jobs.keys()].flatMap((id) => wantedJob(input, id) ?? []);
  return jobs.flatMap((job) => pairsOf(job).map((pair) => ({ job: job.id, pair })));
}

/** A name that is only known at run time is that of the registration. */
function pairsOf({ groups }: Job): readonly Pair[] {
  const services = groups.filter(({ count }) => count > 0).flatMap((group) => group.services);
  const pairs = services.flatMap(({ name, connect }) =>
    destinationsOf(connect?.sidecarService.proxy.upstreams).map((destination) => ({ source: name, destination })),
  );
  return pairs.filter(({ source, destination }) => !`${source}${destination}`.includes("${"));
}

function registeredPairs(registrations: readonly Registration[]): readonly Use[] {
  return registrations.flatMap(({ kind, name, ref, proxy }): readonly Use[] => {
    if (kind !== "connect-proxy" || ref === undefined) return [];
    const source = name.replace(/-sidecar-proxy$/, "");
    const destinations = destinationsOf(proxy?.upstreams);
    return destinations.map((destination) => ({ job: ref.job, pair: { source, destination } }));
  });
}

/** A pair has no namespace, so the same name in another namespace is a service that nobody asked for. */
function destinationsOf(
  upstreams: readonly Pick<Upstream, "destinationName" | "destinationNamespace">[] = [],
): readonly string[] {
  const near = upstreams.filter(({ destinationNamespace }) => ["", "default"].includes(destinationNamespace));
  return near.map(({ destinationName }) => destinationName);
}

function joined(uses: readonly Use[], agent: string): readonly Need[] {
  const needs = new Map<string, Need>();
  for (const { job, pair } of uses) {
    const key = pairKey(pair);
    const owners = new Set([...(needs.get(key)?.owners ?? []), ownerOf(job, agent)]);
    needs.set(key, { pair, owners: [...owners].sort() });
  }
  return [...needs.values()];
}
