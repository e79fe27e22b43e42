/** The revision: the fields of a group whose change replaces its allocations (Nomad's "destructive" changes). */
import { BOOTSTRAP_KEYS } from "./bootstrap-keys.ts";
import { canonicalJson, hashOf } from "./ids.ts";
import type { Job, Service, Task, TaskGroup } from "./job.ts";
import { GROUP } from "./fields/job.ts";
import { replacing } from "./fields/replacing.ts";
import { TASK } from "./fields/task.ts";
import { normalised } from "./interpolate.ts";
import type { Settings } from "./settings.ts";

export interface Revision {
  /** Canonical JSON, empty values left out; kept in the `spec` label. */
  readonly text: string;
  /** Short hash of the text. */
  readonly hash: string;
}

/** The last answers for a group, by proxy: every turn asks, and a job that was read never changes. */
const known = new WeakMap<TaskGroup, { readonly job: Job; readonly byProxy: Map<Settings["proxy"], Revision> }>();

/** What today's code says about a group. */
export function revisionOf(job: Job, group: TaskGroup, { proxy }: Pick<Settings, "proxy">): Revision {
  const before = known.get(group);
  const { byProxy } = before?.job === job ? before : { byProxy: new Map<Settings["proxy"], Revision>() };
  const answer = byProxy.get(proxy);
  if (answer !== undefined) return answer;
  const { services: _services, tasks: _tasks, meta: _meta, ...own } = replacing(GROUP, group, { proxy, mesh: false });
  const revision = fromValue({
    ...own,
    tasks: group.tasks.map((task) => taskPart(job, group, task, proxy)),
    mesh: group.services.flatMap((service) => meshPart(service, proxy)),
  });
  known.set(group, { job, byProxy: byProxy.set(proxy, revision) });
  return revision;
}

/** What an allocation was made from, re-normalised, so that an upgrade of Remora replaces nothing. Unreadable text differs from everything. */
export function revisionFromLabel(text: string): Revision {
  try {
    return fromValue(JSON.parse(text));
  } catch {
    return { text, hash: hashOf(text) };
  }
}

function fromValue(value: unknown): Revision {
  const text = canonicalJson(withoutEmpty(value) ?? {});
  return { text, hash: hashOf(text) };
}

/**
 * Empty text, lists, maps, false and 0 are left out: a field that a later version adds with such a default changes nothing.
 * `${ X }` is `${X}`, as which earlier versions kept it.
 */
function withoutEmpty(value: unknown): unknown {
  if (typeof value === "string" && value.includes("${")) return normalised(value);
  if (value === "" || value === false || value === 0 || value === null) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => withoutEmpty(item) ?? null);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== "object") return value;
  const entries = Object.entries(value)
    .map(([key, inner]): [string, unknown] => [key, withoutEmpty(inner)])
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Its meta is what the container is told: that of job and group too. */
function taskPart(job: Job, group: TaskGroup, task: Task, proxy: Settings["proxy"]): unknown {
  const meta = { ...job.meta, ...group.meta, ...task.meta };
  return replacing(TASK, { ...task, meta }, { proxy, mesh: false });
}

/**
 * What a sidecar is only told when it is made. With the proxy `consul` the upstreams are among its arguments; Envoy gets them
 * from Consul, but has a bootstrap.
 */
function meshPart(service: Service, proxy: Settings["proxy"]): readonly unknown[] {
  if (service.connect === undefined) return [];
  const { sidecarService, sidecarTask } = service.connect;
  const { localServiceAddress, localServicePort, upstreams, config, expose = [] } = sidecarService.proxy;
  const told =
    proxy === "consul" ? { localServiceAddress, localServicePort, upstreams, expose } : bootstrapPart(config);
  return [{ proxy, service: service.name, port: service.port, label: sidecarService.port, sidecarTask, ...told }];
}

/** Only a hash of it: it is long, and may name the keys of a tracing service. */
function bootstrapPart(config: Readonly<Record<string, unknown>>): { readonly bootstrap?: string } {
  const given = BOOTSTRAP_KEYS.map((key) => [key, config[key] ?? ""]).filter(([, value]) => value !== "");
  return given.length === 0 ? {} : { bootstrap: hashOf(given) };
}
