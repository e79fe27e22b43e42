/** What an exposed check adds: a path that the sidecar serves for it, and a port for that if the check names none. */
import { hashOf } from "../../model/ids.ts";
import type { Check, ExposePath, Port, Service, TaskGroup } from "../../model/job.ts";

/** The check behind which the sidecar's listener goes, or the path that the job writes itself. */
export interface Exposed {
  readonly origin: Check | ExposePath;
  readonly path: ExposePath;
  /** Added to the group's ports. */
  readonly port?: Port;
}

/** All that a service exposes: what its job writes first, then what its checks need beyond that. */
export function exposedOf(group: TaskGroup, service: Service): readonly Exposed[] {
  const written = service.connect?.sidecarService.proxy.expose ?? [];
  const exposed: Exposed[] = written.map((path) => ({ origin: path, path }));
  for (const check of service.checks.filter((each) => isExposed(service, each))) {
    const one = exposedCheck(group, service, check);
    if (!exposed.some(({ path }) => isSamePath(path, one.path))) exposed.push(one);
  }
  return exposed;
}

export function isExposed(service: Service, check: Check): boolean {
  return service.connect !== undefined && check.expose === true;
}

/** The port an exposed check goes to. */
export function exposedPort(service: Service, check: Check): string {
  return check.port === "" ? exposedLabel(service, check) : check.port;
}

function exposedCheck(group: TaskGroup, service: Service, check: Check): Exposed {
  const label = exposedPort(service, check);
  const path: ExposePath = {
    path: withoutQuery(check.path),
    protocol: check.type === "grpc" ? "http2" : "",
    localPathPort: localPathPort(group, service) ?? 0,
    listenerPort: label,
  };
  const isThere = group.network.ports.some((port) => port.label === label);
  return { origin: check, path, ...(isThere ? {} : { port: { label, to: -1 } }) };
}

/**
 * Follows from the names of service and check alone, so that a check may change its path, interval or place among the others
 * without another port, which would replace the allocation. Of several checks with one name the first is meant by it.
 */
function exposedLabel(service: Service, check: Check): string {
  const namesakes = service.checks.filter(({ name }) => name === check.name);
  const nth = namesakes.indexOf(check);
  const identity = nth <= 0 ? [service.name, check.name] : [service.name, check.name, nth];
  return `svc_${service.name}_ck_${hashOf(identity, 6)}`;
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

function isSamePath(a: ExposePath, b: ExposePath): boolean {
  const protocolOf = ({ protocol }: ExposePath): string => (protocol === "" ? "http" : protocol);
  return (
    a.path === b.path &&
    a.localPathPort === b.localPathPort &&
    a.listenerPort === b.listenerPort &&
    protocolOf(a) === protocolOf(b)
  );
}
