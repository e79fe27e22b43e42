/** The read side of the informers, sorted by task group. */
import type { AllocRef, Role } from "../model/container.ts";
import { canonicalJson } from "../model/ids.ts";
import { GROUND_KEY, groupKey, PREFLIGHT_KEY } from "../model/keys.ts";
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
  const mine = ({ ref }: { readonly ref?: { readonly job: string; readonly group: string } }): boolean =>
    ref?.job === job && ref.group === group;
  return {
    containers: runtime.reading?.containers.filter(mine) ?? [],
    volumes: runtime.reading?.volumes.filter(mine) ?? [],
    registrations: registrations.reading?.filter(mine) ?? [],
    tokens: tokens.reading?.filter(mine) ?? [],
  };
}

/** Keys of what containers and volumes differ between two readings. */
export function changedInRuntime(before: RuntimeReading | undefined, after: RuntimeReading): readonly string[] {
  const isSame = (role: Role): boolean => before !== undefined && textOf(before, role) === textOf(after, role);
  return [
    ...changedGroups(before?.containers, after.containers, ({ id }) => id),
    ...changedGroups(before?.volumes, after.volumes, ({ name }) => name),
    ...(isSame("relay") ? [] : [GROUND_KEY]),
    ...(isSame("relay") && isSame("probe") ? [] : [PREFLIGHT_KEY]),
  ];
}

function textOf({ containers }: RuntimeReading, wanted: Role): string {
  return canonicalJson(containers.filter(({ role }) => role === wanted));
}

/** Keys of every group of which anything exists. */
export function observedKeys(informers: Informers): ReadonlySet<string> {
  return new Set(observedRefs(informers).map(({ job, group }) => groupKey(job, group)));
}

/** Every job of which anything exists. */
export function observedJobs(informers: Informers): ReadonlySet<string> {
  return new Set(observedRefs(informers).map(({ job }) => job));
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
  const containers = runtime.reading?.containers ?? [];
  return new Set(containers.flatMap(({ labels }) => (readPorts(labels[LABEL.ports]) ?? []).map(({ value }) => value)));
}
