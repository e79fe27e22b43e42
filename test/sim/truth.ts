/** What there is in the simulated world, sorted by allocation, and what should be there by the files. */
import { parseJobFile } from "../../src/jobspec/parse.ts";
import type { AllocRef } from "../../src/model/container.ts";
import type { Job, Service, Task, TaskGroup } from "../../src/model/job.ts";
import { LABEL, refOf, roleOf } from "../../src/model/labels.ts";
import { META, sidecarId } from "../../src/model/registration.ts";
import { revisionOf } from "../../src/model/revision.ts";
import { intentionFlaws } from "./intentions.ts";
import { serviceId } from "../../src/reconcilers/naming.ts";
import type { FakeToken } from "./fakes/consul/acl.ts";
import type { FakeCheck } from "./fakes/consul/agent.ts";
import type { FakeContainer } from "./fakes/docker/container.ts";
import type { World } from "./world.ts";

/** The containers of one allocation. */
export interface AllocTruth {
  readonly ref: AllocRef;
  infra?: FakeContainer;
  /** By service. */
  readonly sidecars: Map<string, FakeContainer>;
  /** By task. */
  readonly tasks: Map<string, FakeContainer>;
}

type MarkedToken = FakeToken & { readonly mark: NonNullable<FakeToken["mark"]> };

export function isOurs(world: World, labels: Readonly<Record<string, string>>): boolean {
  return labels[LABEL.instance] === world.settings.instance;
}

export function allocsIn(world: World): ReadonlyMap<string, AllocTruth> {
  const allocs = new Map<string, AllocTruth>();
  for (const container of world.docker.containers.values()) {
    const { labels } = container.spec;
    const ref = refOf(labels);
    if (ref === undefined || !isOurs(world, labels)) continue;
    const alloc: AllocTruth = allocs.get(ref.alloc) ?? { ref, sidecars: new Map(), tasks: new Map() };
    allocs.set(ref.alloc, alloc);
    const role = roleOf(labels);
    if (role === "infra") alloc.infra = container;
    if (role === "sidecar") alloc.sidecars.set(labels[LABEL.service] ?? "", container);
    if (role === "task") alloc.tasks.set(labels[LABEL.task] ?? "", container);
  }
  return allocs;
}

/** It runs, and in the namespace that the infra container has now. */
export function isLiving(member: FakeContainer | undefined, { infra }: AllocTruth): boolean {
  return member?.state === "running" && member.run !== undefined && member.run.namespace === infra?.run?.namespace;
}

/** Every task that is to stay runs in the living namespace, and nothing of it has failed. */
export function isHealthy(alloc: AllocTruth, group: TaskGroup): boolean {
  return group.tasks.filter(stays).every(({ name }) => isLiving(alloc.tasks.get(name), alloc));
}

export function stays({ lifecycle }: Task): boolean {
  return lifecycle === undefined || lifecycle.sidecar;
}

export function meshServices(group: TaskGroup): readonly Service[] {
  return group.services.filter(({ connect }) => connect !== undefined);
}

/** A client that reaches the sidecar is served: proxy and app both listen in the living namespace. */
export function isServing(world: World, alloc: AllocTruth, service: string): boolean {
  const sidecar = alloc.sidecars.get(service);
  if (sidecar === undefined || !isLiving(sidecar, alloc)) return false;
  const facts = world.proxyFacts(sidecar);
  const ports = sidecar.run?.namespace.listeners.map(({ port }) => port) ?? [];
  return facts !== undefined && ports.includes(facts.port) && ports.includes(facts.appPort);
}

/** By text; parsing is the dearest part of looking. */
const PARSED = new Map<string, Job | undefined>();

/** The jobs that the files declare; a broken file declares none. */
export function declaredJobs(world: World): readonly Job[] {
  return [...world.directory.files].flatMap(([path, text]) => {
    if (!PARSED.has(text)) PARSED.set(text, parseJobFile(path, text).job);
    return PARSED.get(text) ?? [];
  });
}

export function revisionHash(world: World, job: Job, group: TaskGroup): string {
  return revisionOf(job, group, world.settings).hash;
}

/** What is wrong with one allocation that should be whole; empty if it is. */
export function flawsOf(world: World, alloc: AllocTruth, job: Job, group: TaskGroup): readonly string[] {
  const name = `${job.id}/${group.name}[${alloc.ref.index}] ${alloc.ref.alloc.slice(0, 8)}`;
  const flaws = [
    ...(alloc.infra?.state === "running" ? [] : [`its infra container is ${alloc.infra?.state ?? "absent"}`]),
    ...(alloc.infra?.spec.labels[LABEL.revision] === revisionHash(world, job, group)
      ? []
      : ["it is of an old revision"]),
    ...group.tasks.filter(stays).flatMap((task) => {
      const container = alloc.tasks.get(task.name);
      return isLiving(container, alloc) ? [] : [`the task ${task.name} is ${container?.state ?? "absent"} or stranded`];
    }),
    ...group.services.flatMap((service) => serviceFlaws(world, alloc, group, service)),
  ];
  return flaws.map((flaw) => `${name}: ${flaw}`);
}

function serviceFlaws(world: World, alloc: AllocTruth, group: TaskGroup, service: Service): readonly string[] {
  const id = serviceId(alloc.ref.alloc, group.name, service);
  const ids = service.connect === undefined ? [id] : [id, sidecarId(id)];
  const entries = ids.flatMap((each) => entryFlaws(world, each));
  const tags = world.consul.agent.services.get(id)?.tags.join() ?? "";
  if (tags !== service.tags.join()) entries.push(`${id} has the tags ${tags}`);
  return service.connect === undefined ? entries : [...entries, ...sidecarFlaws(world, alloc, service, id)];
}

function entryFlaws({ consul }: World, id: string): string[] {
  const checks = consul.agent.checksOf(id);
  const seen = consul.catalog.get(id)?.checks ?? [];
  const isWished = (check: FakeCheck): boolean => checks.some((own) => own.id === check.id);
  // Known limit: an agent cannot take a check out of the catalog once that check's token is gone, and Remora does not see
  // single checks there. Gates are the exception: Remora renews them before it drops them.
  const counts = seen.filter((check) => isWished(check) || check.id.endsWith(":gate"));
  return [
    ...(consul.agent.services.has(id) ? [] : [`${id} is not in the agent`]),
    ...(consul.catalog.has(id) ? [] : [`${id} is not in the catalog`]),
    ...(checks.some((check) => check.id.endsWith(":gate") || check.spec === undefined) ? [`${id} is held back`] : []),
    ...checks.filter(isFailing).map((check) => `${check.id} is ${check.status} in the agent`),
    ...counts.filter(isFailing).map((check) => `${check.id} is ${check.status} in the catalog`),
    ...(checks.length > 0 ? [] : [`${id} has no checks`]),
    ...checks
      .filter((check) => !seen.some((own) => own.id === check.id))
      .map((check) => `${check.id} is not in the catalog`),
  ];
}

function isFailing({ status }: FakeCheck): boolean {
  return status !== "passing";
}

function sidecarFlaws(world: World, alloc: AllocTruth, service: Service, id: string): readonly string[] {
  const flaws = isServing(world, alloc, service.name) ? [] : [`the sidecar of ${service.name} does not serve`];
  if (!world.settings.aclsEnabled) return flaws;
  const tokens = tokensOf(world).filter(
    ({ mark }) => mark.ref.alloc === alloc.ref.alloc && mark.service === service.name,
  );
  const [token] = tokens;
  if (token === undefined || tokens.length > 1) return [...flaws, `${service.name} has ${tokens.length} tokens`];
  const sidecar = alloc.sidecars.get(service.name);
  const name = world.settings.proxy === "consul" ? "token" : "envoy_bootstrap.json";
  const file = sidecar === undefined ? undefined : world.docker.file(sidecar.id, `/secrets/${name}`);
  if (file?.content.includes(token.secret) !== true)
    flaws.push(`the sidecar of ${service.name} has another token than Consul`);
  const used = world.consul.agent.services.get(id);
  if (used?.token !== token.secret) flaws.push(`${id} is registered with another token`);
  if (used?.meta[META.generation] !== String(token.mark.generation)) flaws.push(`${id} has another generation`);
  return flaws;
}

/** The tokens that carry our mark. */
export function tokensOf(world: World): readonly MarkedToken[] {
  const { instance, node } = world.settings;
  return world.consul.acl.all().flatMap((token): readonly MarkedToken[] => {
    const { mark } = token;
    return mark?.instance === instance && mark.node === node ? [{ ...token, mark }] : [];
  });
}

/** Everything that differs between the world and the files; empty at rest. */
export function differences(world: World): readonly string[] {
  const jobs = declaredJobs(world);
  const allocs = [...allocsIn(world).values()];
  const wanted = new Map<string, AllocTruth>();
  const flaws = jobs.flatMap((job) =>
    job.groups.flatMap((group) => {
      const mine = allocs.filter(({ ref }) => ref.job === job.id && ref.group === group.name);
      const indexes = Array.from({ length: group.count }, (_, index) => index);
      return indexes.flatMap((index) => {
        const here = mine.filter(({ ref }) => ref.index === index);
        const [alloc] = here;
        if (alloc === undefined || here.length > 1)
          return [`${job.id}/${group.name}[${index}] has ${here.length} allocations`];
        wanted.set(alloc.ref.alloc, alloc);
        return flawsOf(world, alloc, job, group);
      });
    }),
  );
  return [...flaws, ...surplus(world, new Set(wanted.keys())), ...intentionFlaws(world, jobs), ...unproven(world)];
}

/** The self-test is to be passed. */
function unproven({ controller, isAlive }: World): readonly string[] {
  if (controller === undefined || !isAlive) return [];
  const tested = controller.conditions.filter(({ name }) => name === "reachability" || name === "isolation");
  return [
    ...(tested.length === 2 ? [] : ["the self-test has not been made"]),
    ...tested.filter(({ note }) => note).map(({ name, message }) => `${name} is not known: ${message}`),
    ...tested.filter(({ ok }) => !ok).map(({ name, message }) => `${name} does not hold: ${message}`),
  ];
}

/** What is marked as ours and belongs to no allocation that is wanted. */
function surplus(world: World, wanted: ReadonlySet<string>): readonly string[] {
  const { docker, consul, settings } = world;
  const isStray = (alloc: string | undefined): boolean => alloc === undefined || !wanted.has(alloc);
  const containers = [...docker.containers.values()].filter(
    ({ spec }) => isOurs(world, spec.labels) && roleOf(spec.labels) !== "relay" && isStray(refOf(spec.labels)?.alloc),
  );
  const volumes = [...docker.volumes.values()].filter(
    ({ spec }) =>
      isOurs(world, spec.labels) && spec.name !== settings.relayVolume && isStray(refOf(spec.labels)?.alloc),
  );
  const isOurEntry = (meta: Readonly<Record<string, string>>): boolean => meta[META.instance] === settings.instance;
  const agent = [...consul.agent.services.values()].filter(({ meta }) => isOurEntry(meta) && isStray(meta[META.alloc]));
  const catalog = [...consul.catalog.values()].filter(
    ({ service: { meta } }) => isOurEntry(meta) && isStray(meta[META.alloc]),
  );
  const tokens = tokensOf(world).filter(({ mark }) => isStray(mark.ref.alloc));
  const relays = [...docker.containers.values()].filter(
    ({ spec, state }) => isOurs(world, spec.labels) && roleOf(spec.labels) === "relay" && state === "running",
  );
  return [
    ...containers.map(({ spec }) => `the container ${spec.name} is left over`),
    ...volumes.map(({ spec }) => `the volume ${spec.name} is left over`),
    ...agent.map(({ id }) => `${id} is left over in the agent`),
    ...catalog.map(({ service }) => `${service.id} is left over in the catalog`),
    ...tokens.map(({ mark }) => `a token of ${mark.service} is left over`),
    ...(relays.length === 1 ? [] : [`${relays.length} relays run`]),
  ];
}
