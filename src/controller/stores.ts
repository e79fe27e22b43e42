/** The read side of the informers, sorted by task group. */
import type { AllocRef, Container, Role } from "../model/container.ts";
import { GROUND_KEY, groupKey, PREFLIGHT_KEY } from "../model/keys.ts";
import { isSame } from "../model/same.ts";
import { readPorts } from "../model/ports.ts";
import { LABEL } from "../model/labels.ts";
import type { Registration, Token } from "../model/registration.ts";
import type { RuntimeReading } from "../ports/runtime.ts";
import { changedGroups } from "../informers/diff.ts";
import type { Informer } from "../informers/informer.ts";
import type { GroupObserved } from "./allocations.ts";

export interface Informers {
  readonly runtime: Informer<RuntimeReading>;
  readonly registrations: Informer<readonly Registration[]>;
  readonly tokens: Informer<readonly Token[]>;
}

/** A point in the order of readings of all three sources. */
export interface Mark {
  readonly runtime: number;
  readonly registrations: number;
  readonly tokens: number;
}

export function markNow({ runtime, registrations, tokens }: Informers): Mark {
  return { runtime: runtime.mark(), registrations: registrations.mark(), tokens: tokens.mark() };
}

/** Resolves when every store holds a reading that began after the mark; rejects when one could not be read. */
export async function freshAfter(informers: Informers, mark: Mark): Promise<void> {
  await Promise.all([
    informers.runtime.freshAfter(mark.runtime),
    informers.registrations.freshAfter(mark.registrations),
    informers.tokens.freshAfter(mark.tokens),
  ]);
}

/** Everything owned that is marked with a job and group. */
export function observedGroup(
  { runtime, registrations, tokens }: Informers,
  job: string,
  group: string,
): GroupObserved {
  const key = groupKey(job, group);
  const mine = <T extends Owned>(items: readonly T[] = []): readonly T[] => (byGroup(items).get(key) ?? []) as T[];
  return {
    containers: mine(runtime.reading?.containers),
    volumes: mine(runtime.reading?.volumes),
    registrations: mine(registrations.reading),
    tokens: mine(tokens.reading),
  };
}

interface Owned {
  readonly ref?: { readonly job: string; readonly group: string };
}

/** A reading never changes, so it is sorted once for the turns of all groups. */
const byGroup = oncePerReading((items: readonly Owned[]): ReadonlyMap<string, readonly Owned[]> => {
  const groups = new Map<string, Owned[]>();
  for (const item of items) {
    if (item.ref === undefined) continue;
    const key = groupKey(item.ref.job, item.ref.group);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
});

function oncePerReading<T extends object, R>(derive: (reading: T) => R): (reading: T) => R {
  const derived = new WeakMap<T, R>();
  return (reading) => {
    const known = derived.get(reading);
    if (known !== undefined) return known;
    const made = derive(reading);
    derived.set(reading, made);
    return made;
  };
}

/** Keys of what containers and volumes differ between two readings. */
export function changedInRuntime(before: RuntimeReading | undefined, after: RuntimeReading): readonly string[] {
  const isUnchanged = (role: Role): boolean =>
    before !== undefined && isSame(containersOf(before, role), containersOf(after, role));
  return [
    ...changedGroups(before?.containers, after.containers, ({ id }) => id),
    ...changedGroups(before?.volumes, after.volumes, ({ name }) => name),
    ...(isUnchanged("relay") ? [] : [GROUND_KEY]),
    ...(isUnchanged("relay") && isUnchanged("probe") ? [] : [PREFLIGHT_KEY]),
  ];
}

function containersOf({ containers }: RuntimeReading, wanted: Role): readonly Container[] {
  return containers.filter(({ role }) => role === wanted);
}

/** Keys of every group of which anything exists. */
export function observedKeys(informers: Informers): ReadonlySet<string> {
  return new Set(observedRefs(informers).map(({ job, group }) => groupKey(job, group)));
}

/** Every job of which anything exists. */
export function observedJobs(informers: Informers): ReadonlySet<string> {
  return new Set(observedRefs(informers).map(({ job }) => job));
}

/** By job: the groups of which anything exists. */
export function observedGroups(informers: Informers): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { job, group } of observedRefs(informers)) groups.set(job, (groups.get(job) ?? new Set()).add(group));
  return groups;
}

function observedRefs({ runtime, registrations, tokens }: Informers): readonly AllocRef[] {
  const items = [
    ...(runtime.reading?.containers ?? []),
    ...(runtime.reading?.volumes ?? []),
    ...(registrations.reading ?? []),
    ...(tokens.reading ?? []),
  ];
  return items.flatMap(({ ref }) => ref ?? []);
}

/** Host ports of all allocations; each member names them, so that those of a lost infra container stay its own. */
export function portsInUse({ runtime }: Informers): ReadonlySet<number> {
  return portsOf(runtime.reading?.containers ?? []);
}

const portsOf = oncePerReading((containers: readonly Container[]): ReadonlySet<number> => {
  return new Set(containers.flatMap(({ labels }) => (readPorts(labels[LABEL.ports]) ?? []).map(({ value }) => value)));
});
