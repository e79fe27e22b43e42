/** What an exposed check adds: a path that the sidecar serves for it, and a port for that if the check names none. */
import { hashOf } from "../../model/ids.ts";
import type { Check, ExposePath, Port, Service, TaskGroup } from "../../model/job.ts";

/** A path that a sidecar exposes, and where it comes from. */
export interface Exposed {
  /** A check, or the path as the job writes it. */
  readonly origin: Check | ExposePath;
  readonly path: ExposePath;
  /** Added to the group's ports. */
  readonly port?: Port;
}

export interface Exposure {
  /** What the job writes first, then what its checks need beyond that. */
  readonly paths: readonly Exposed[];
  /** The ports that the exposed checks go to. */
  readonly ports: ReadonlyMap<Check, string>;
}

export function exposureOf(group: TaskGroup, service: Service): Exposure {
  const written = service.connect?.sidecarService.proxy.expose ?? [];
  const checks = service.connect === undefined ? [] : service.checks.filter(({ expose }) => expose === true);
  const declared = new Set(group.network.ports.map(({ label }) => label));
  const ports = new Map(labelsOf(service, checks));
  const paths = new Map(written.map((path): [string, Exposed] => [keyOf(path), { origin: path, path }]));
  const localPort = localPathPort(group, service) ?? 0;
  for (const [check, label] of ports) {
    const path = pathOf(check, label, localPort);
    const port = declared.has(label) ? {} : { port: { label, to: -1 } };
    if (!paths.has(keyOf(path))) paths.set(keyOf(path), { origin: check, path, ...port });
  }
  return { paths: [...paths.values()], ports };
}

function pathOf(check: Check, listenerPort: string, local: number): ExposePath {
  const protocol = check.type === "grpc" ? "http2" : "";
  return { path: withoutQuery(check.path), protocol, localPathPort: local, listenerPort };
}

/** Of several checks with one name the first has the plain label. */
function* labelsOf(service: Service, checks: readonly Check[]): Generator<[Check, string]> {
  const namesakes = new Map<string, number>();
  for (const check of checks) {
    const before = namesakes.get(check.name) ?? 0;
    namesakes.set(check.name, before + 1);
    yield [check, check.port === "" ? labelOf(service.name, check.name, before) : check.port];
  }
}

/**
 * Follows from the names of service and check alone, so that a check may change its path, interval or place among the others
 * without another port, which would replace the allocation.
 */
function labelOf(service: string, check: string, before: number): string {
  const identity = before === 0 ? [service, check] : [service, check, before];
  return `svc_${service}_ck_${hashOf(identity, 6)}`;
}

/** Envoy compares paths without their query. */
function withoutQuery(path: string): string {
  return path.split(/[?#]/, 1)[0] ?? path;
}

/**
 * Where the app listens inside the namespace: 0 if only the allocation's ports will tell, undefined if the job does not say.
 * Of a label that is `to`, not the host's port.
 */
export function localPathPort({ network }: TaskGroup, service: Service): number | undefined {
  const own = service.connect?.sidecarService.proxy.localServicePort ?? 0;
  if (/^\d+$/.test(service.port)) return Number(service.port);
  const label = network.ports.find((port) => port.label === service.port);
  if (label === undefined) return own > 0 ? own : undefined;
  if (label.to > 0) return label.to;
  return label.static ?? own;
}

/** Equal for paths that are the same to Consul. */
function keyOf({ path, protocol, localPathPort: port, listenerPort }: ExposePath): string {
  return JSON.stringify([path, protocol === "" ? "http" : protocol, port, listenerPort]);
}
