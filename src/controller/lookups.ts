/** What must be looked at beyond the stores before a group can be planned: images, sidecars and listeners. Pure. */
import type { Container } from "../model/container.ts";
import type { Service, TaskGroup } from "../model/job.ts";
import { readPorts } from "../model/ports.ts";
import { LABEL } from "../model/labels.ts";
import type { SidecarProbe } from "../ports/prober.ts";
import { serviceId } from "../reconcilers/naming.ts";
import { proxyPortLabel } from "../reconcilers/ports.ts";
import { localPortOf } from "../reconcilers/registration-spec.ts";
import { registeredState } from "../reconcilers/registration.ts";
import { isUp, type AllocObserved } from "../reconcilers/view.ts";
import { collectAllocs, memberLabel, type Choice } from "./allocations.ts";
import { imagesOf } from "./images.ts";
import { chooseFor } from "./chosen.ts";
import { type GroupInput, wishOf } from "./group.ts";

/** One allocation to look into. */
export interface AllocLookup {
  readonly alloc: string;
  /** The infra container in which to read the listening ports. */
  readonly infra: string;
  readonly sidecars: readonly SidecarLookup[];
}

/** A sidecar is only looked at from outside once its app listens: the proxy `consul` answers nobody before. */
export interface SidecarLookup {
  readonly probe: SidecarProbe;
  /** Port of the app inside the namespace; 0 if it has none. */
  readonly appPort: number;
}

export interface Lookups {
  readonly images: readonly string[];
  readonly allocs: readonly AllocLookup[];
}

type LookupInput = Pick<GroupInput, "desired" | "observed" | "memory" | "settings" | "now">;

/** Nothing is looked at for a group that is whole: a settled world costs no probes. */
export function lookupsOf(input: LookupInput): Lookups {
  const { desired, settings, observed } = input;
  if (desired.kind !== "run") return { images: [], allocs: [] };
  const wish = wishOf(settings, desired.job, desired.group);
  const allocs = collectAllocs(observed);
  const choices = Array.from({ length: wish.group.count }, (_, index) => chooseFor(input, wish, allocs, index));
  const isIncomplete = choices.some((choice) => !hasAllMembers(choice, wish.group));
  return {
    images: isIncomplete ? imagesOf(wish.group, settings) : [],
    allocs: choices.flatMap(({ observed: alloc }) => (alloc === undefined ? [] : lookupOf(alloc, wish.group))),
  };
}

function hasAllMembers({ observed }: Choice, group: TaskGroup): boolean {
  if (observed?.infra === undefined) return false;
  const mesh = group.services.filter(isMesh);
  const runs = (member: Container | undefined): boolean => member?.state === "running";
  return (
    mesh.every(({ name }) => runs(observed.sidecars.get(name))) &&
    group.tasks.every(({ name }) => runs(observed.tasks.get(name)))
  );
}

/** Only while some service of it is not open yet; a plain one too waits for the whole group to listen. */
function lookupOf(alloc: AllocObserved, group: TaskGroup): readonly AllocLookup[] {
  if (alloc.infra?.state !== "running") return [];
  const closed = group.services.filter(
    (service) => registeredState(alloc, serviceId(alloc.ref.alloc, group.name, service)) !== "open",
  );
  if (closed.length === 0 || !group.services.some(isMesh)) return [];
  const ports = readPorts(memberLabel(alloc, LABEL.ports)) ?? [];
  const sidecars = closed.filter(isMesh).flatMap((service): readonly SidecarLookup[] => {
    const port = ports.find(({ label }) => label === proxyPortLabel(service));
    if (port === undefined || !isUp(alloc.sidecars.get(service.name), alloc.infra)) return [];
    const address = port.hostIp === "0.0.0.0" ? "127.0.0.1" : port.hostIp;
    return [{ probe: { address, port: port.value, service: service.name }, appPort: localPortOf({ ports }, service) }];
  });
  return [{ alloc: alloc.ref.alloc, infra: alloc.infra.id, sidecars }];
}

function isMesh(service: Service): boolean {
  return service.connect !== undefined;
}
