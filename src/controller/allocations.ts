/** Which allocations there are, and which of them are the ones that should be. */
import type { Container, Volume } from "../model/container.ts";
import { allocId } from "../model/ids.ts";
import type { Job, Millis, ReschedulePolicy, TaskGroup } from "../model/job.ts";
import { LABEL } from "../model/labels.ts";
import type { Registration, Token } from "../model/registration.ts";
import { revisionFromLabel, type Revision } from "../model/revision.ts";
import type { Settings } from "../model/settings.ts";
import { isDraining } from "../reconcilers/drain.ts";
import type { AllocMemory, AllocObserved } from "../reconcilers/view.ts";

/** Everything owned that is marked with one job and group. */
export interface GroupObserved {
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
  readonly registrations: readonly Registration[];
  readonly tokens: readonly Token[];
}

type Ref = AllocObserved["ref"];

interface Builder {
  ref: Ref;
  infra?: Container;
  sidecars: Map<string, Container>;
  tasks: Map<string, Container>;
  volumes: Volume[];
  registrations: Map<string, Registration>;
  tokens: Token[];
}

/** The observed objects sorted by allocation. */
export function collectAllocs(observed: GroupObserved): ReadonlyMap<string, AllocObserved> {
  const allocs = new Map<string, Builder>();
  const of = (ref: Ref): Builder => {
    const known = allocs.get(ref.alloc);
    if (known !== undefined) return known;
    const made: Builder = {
      ref,
      sidecars: new Map(),
      tasks: new Map(),
      volumes: [],
      registrations: new Map(),
      tokens: [],
    };
    allocs.set(ref.alloc, made);
    return made;
  };
  for (const container of observed.containers)
    if (container.ref !== undefined) addContainer(of(container.ref), container);
  for (const volume of observed.volumes) if (volume.ref !== undefined) of(volume.ref).volumes.push(volume);
  for (const entry of observed.registrations)
    if (entry.ref !== undefined) of(entry.ref).registrations.set(entry.id, entry);
  for (const token of observed.tokens) of(token.ref).tokens.push(token);
  return allocs;
}

function addContainer(alloc: Builder, container: Container): void {
  const { role, labels } = container;
  if (role === "infra") alloc.infra = container;
  else if (role === "sidecar") alloc.sidecars.set(labels[LABEL.service] ?? container.name, container);
  else alloc.tasks.set(labels[LABEL.task] ?? container.name, container);
}

/** Any container of an allocation; each carries the common labels. */
function anyMember(alloc: AllocObserved): Container | undefined {
  return alloc.infra ?? [...alloc.sidecars.values(), ...alloc.tasks.values()][0];
}

export function memberLabel(alloc: AllocObserved, label: string): string | undefined {
  return anyMember(alloc)?.labels[label];
}

/** What an allocation was made from: the whole spec of the infra container, else the hash that each member carries. */
function revisionHash(alloc: AllocObserved): string | undefined {
  const spec = alloc.infra?.labels[LABEL.spec];
  return spec === undefined ? memberLabel(alloc, LABEL.revision) : revisionFromLabel(spec).hash;
}

/** The allocation was made from this revision. */
export function isMadeFrom(alloc: AllocObserved, { hash }: Revision): boolean {
  return revisionHash(alloc) === hash;
}

export interface Wish {
  readonly job: Job;
  readonly group: TaskGroup;
  readonly revision: Revision;
}

/** The allocation that is to live at an index: one that is there, or one to be made. */
export interface Choice {
  readonly index: number;
  readonly alloc: string;
  readonly attempt: number;
  readonly observed?: AllocObserved;
}

/**
 * An allocation goes on living if it was made from what is wanted, is not on its way out and has not failed for good.
 * Else a new one is made, with a new attempt where the same id was used before (so A → B → A is a new allocation).
 */
export function choose(
  index: number,
  wish: Wish,
  allocs: ReadonlyMap<string, AllocObserved>,
  settings: Settings,
  isOver: (alloc: AllocObserved) => boolean,
): Choice {
  const idOf = (attempt: number): string => newAllocId(index, attempt, wish, settings);
  const here = [...allocs.values()].filter(({ ref }) => ref.index === index);
  const last = Math.max(-1, ...here.map(attemptOf));
  const made = here
    .map((alloc) => ({ alloc, attempt: attemptIfMadeFrom(alloc, wish.revision, idOf, last) }))
    .filter((each): each is { alloc: AllocObserved; attempt: number } => each.attempt !== undefined);
  const living = made.filter(({ alloc }) => !isOver(alloc)).sort((a, b) => b.attempt - a.attempt)[0];
  if (living !== undefined)
    return { index, alloc: living.alloc.ref.alloc, attempt: living.attempt, observed: living.alloc };
  const attempt = Math.max(-1, ...made.map((each) => each.attempt)) + 1;
  return { index, alloc: idOf(attempt), attempt };
}

function newAllocId(
  index: number,
  attempt: number,
  { job, group, revision }: Wish,
  { instance, node }: Settings,
): string {
  return allocId({ instance, node, job: job.id, group: group.name, index, revision: revision.hash, attempt });
}

/** The attempt, if the allocation was made from this revision; one without containers is known by its id. */
function attemptIfMadeFrom(
  alloc: AllocObserved,
  revision: Revision,
  idOf: (attempt: number) => string,
  last: number,
): number | undefined {
  if (anyMember(alloc) !== undefined) return revisionHash(alloc) === revision.hash ? attemptOf(alloc) : undefined;
  for (let attempt = 0; attempt <= last + 2; attempt++) if (idOf(attempt) === alloc.ref.alloc) return attempt;
  return undefined;
}

function attemptOf(alloc: AllocObserved): number {
  return Number(memberLabel(alloc, LABEL.attempt) ?? 0) || 0;
}

/** On its way out for good: its latch is set in Consul, or was in this process's life. */
export function isLeaving(alloc: AllocObserved, memory: AllocMemory | undefined): boolean {
  const phases = Object.values(memory?.phases ?? {});
  return (
    isDraining(alloc) || phases.includes("draining") || phases.includes("leaving") || memory?.leavingSince !== undefined
  );
}

/** When an allocation that failed is to be replaced by its next attempt; undefined = never. */
export function rescheduleAt(failedAt: Millis, attempt: number, policy: ReschedulePolicy): Millis | undefined {
  if (!policy.unlimited && attempt >= policy.attempts) return undefined;
  return failedAt + Math.min(policy.maxDelay, policy.delay * growth(attempt, policy.delayFunction));
}

function growth(attempt: number, kind: ReschedulePolicy["delayFunction"]): number {
  if (kind === "constant") return 1;
  if (kind === "exponential") return 2 ** Math.min(attempt, 30);
  let [a, b] = [1, 1];
  for (let step = 0; step < Math.min(attempt, 60); step++) [a, b] = [b, a + b];
  return a;
}
