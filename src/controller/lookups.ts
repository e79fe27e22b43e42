/** What must be looked at beyond the stores before a group can be planned: images, sidecars and listeners. Pure. */
import type { Container } from "../model/container.ts";
import type { Service, Task, TaskGroup } from "../model/job.ts";
import { readPorts, readyPortLabel } from "../model/ports.ts";
import { LABEL } from "../model/labels.ts";
import type { Settings } from "../model/settings.ts";
import type { SidecarProbe } from "../ports/prober.ts";
import { serviceId } from "../reconcilers/naming.ts";
import { proxyPortLabel } from "../model/sidecar.ts";
import { localPortOf } from "../reconcilers/registration-spec.ts";
import { registeredState } from "../reconcilers/registration.ts";
import { isEphemeral } from "../reconcilers/task.ts";
import { currentToken } from "../reconcilers/token.ts";
import { isUp, type AllocObserved } from "../reconcilers/view.ts";
import { collectAllocs, isMadeFrom, memberLabel, type Choice } from "./allocations.ts";
import { imagesOf } from "./images.ts";
import { chooseFor } from "./chosen.ts";
import { asItRuns } from "./kept-proxy.ts";
import { type GroupInput, wishOf } from "./group.ts";

/** One allocation to look into. */
export interface AllocLookup {
  readonly alloc: string;
  /** The infra container in which to read the listening ports. */
  readonly infra: string;
  readonly sidecars: readonly SidecarLookup[];
}

/** The proxy `consul` is only looked at from outside once its app listens: it answers nobody before. */
export interface SidecarLookup {
  readonly probe: SidecarProbe;
  /** Port of the app inside the namespace that must listen first; 0 if none need. */
  readonly appPort: number;
}

export interface Lookups {
  readonly images: readonly string[];
  readonly allocs: readonly AllocLookup[];
}

type LookupInput = Pick<GroupInput, "desired" | "observed" | "memory" | "settings" | "now">;

/** Nothing is looked at for a group that is whole: a settled world costs no probes. */
export function lookupsOf(given: LookupInput): Lookups {
  const { desired, observed } = given;
  if (desired.kind !== "run") return { images: [], allocs: [] };
  const allocs = collectAllocs(observed);
  const settings = asItRuns(given.settings, desired, allocs.values());
  const input = { ...given, settings };
  const wish = wishOf(settings, desired.job, desired.group);
  const choices = Array.from({ length: wish.group.count }, (_, index) => chooseFor(input, wish, allocs, index));
  const isIncomplete = choices.some((choice) => !hasAllMembers(choice, wish.group));
  return {
    images: isIncomplete ? imagesOf(wish.group, settings) : [],
    allocs: [
      ...choices.flatMap(({ observed: alloc }) => (alloc === undefined ? [] : lookupOf(alloc, wish.group, settings))),
      ...stableAllocs(given, allocs).flatMap(({ alloc, group, settings: own }) => lookupOf(alloc, group, own)),
    ],
  };
}

/** Allocations of the version before, which are kept in repair until their successors serve. */
function stableAllocs(
  { desired, settings }: LookupInput,
  allocs: ReadonlyMap<string, AllocObserved>,
): readonly { readonly alloc: AllocObserved; readonly group: TaskGroup; readonly settings: Settings }[] {
  if (desired.kind !== "run" || desired.stable === undefined) return [];
  const { stable } = desired;
  return [...allocs.values()].flatMap((alloc) => {
    const own = asItRuns(settings, stable, [alloc]);
    const { group, revision } = wishOf(own, stable.job, stable.group);
    return isMadeFrom(alloc, revision) ? [{ alloc, group, settings: own }] : [];
  });
}

function hasAllMembers({ observed }: Choice, group: TaskGroup): boolean {
  if (observed?.infra === undefined) return false;
  const mesh = group.services.filter(isMesh);
  return (
    mesh.every(({ name }) => runs(observed.sidecars.get(name)) && hasPresentToken(observed, name)) &&
    lasting(group).every(({ name }) => runs(observed.tasks.get(name)))
  );
}

function runs(member: Container | undefined): boolean {
  return member?.state === "running";
}

/** The tasks that are to run as long as the allocation does. */
function lasting(group: TaskGroup): readonly Task[] {
  return group.tasks.filter((task) => !isEphemeral(task));
}

/** A sidecar whose token was renewed is about to be made anew. */
function hasPresentToken(alloc: AllocObserved, service: string): boolean {
  const generation = currentToken(alloc, service)?.generation;
  return (alloc.sidecars.get(service)?.labels[LABEL.generation] ?? "") === String(generation ?? "");
}

/** Before the first member runs nobody listens, and a look takes longer than most steps. */
function hasMemberUp({ infra, sidecars, tasks }: AllocObserved): boolean {
  return [...sidecars.values(), ...tasks.values()].some((member) => isUp(member, infra));
}

/**
 * Only while some service of it is not open yet (a plain one too waits for the whole group to listen), or some task does not
 * run: then it matters who listens still.
 */
function lookupOf(alloc: AllocObserved, group: TaskGroup, settings: Settings): readonly AllocLookup[] {
  if (alloc.infra?.state !== "running") return [];
  const closed = group.services.filter(
    (service) => registeredState(alloc, serviceId(alloc.ref.alloc, group.name, service)) !== "open",
  );
  const isDown = group.services.length > 0 && !lasting(group).every(({ name }) => runs(alloc.tasks.get(name)));
  if (!isDown && (closed.length === 0 || !group.services.some(isMesh))) return [];
  if (closed.length === group.services.length && !hasMemberUp(alloc)) return [];
  const ports = readPorts(memberLabel(alloc, LABEL.ports)) ?? [];
  const sidecars = closed.filter(isMesh).flatMap((service): readonly SidecarLookup[] => {
    const port = ports.find(({ label }) => label === proxyPortLabel(service));
    if (port === undefined || !isUp(alloc.sidecars.get(service.name), alloc.infra)) return [];
    const address = port.hostIp === "0.0.0.0" ? "127.0.0.1" : port.hostIp;
    const probe = { address, port: port.value, service: service.name };
    if (settings.proxy === "consul") return [{ probe, appPort: localPortOf({ ports }, service) }];
    const ready = ports.find(({ label }) => label === readyPortLabel(service.name));
    return [{ probe: { ...probe, ...(ready === undefined ? {} : { readyPort: ready.value }) }, appPort: 0 }];
  });
  return [{ alloc: alloc.ref.alloc, infra: alloc.infra.id, sidecars }];
}

function isMesh(service: Service): boolean {
  return service.connect !== undefined;
}
