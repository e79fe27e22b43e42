/** Agent's list and catalog's list of a node, joined into what Remora knows of its own registrations. */
import type { AllocRef } from "../../model/container.ts";
import { META } from "../../model/registration.ts";
import type { CheckState, ProxySpec, Registration } from "../../model/registration.ts";
import type { CheckAnswer, ServiceAnswer } from "./answers.ts";

export interface Listing {
  readonly services: readonly ServiceAnswer[];
  readonly checks: readonly CheckAnswer[];
}

/** Only what carries this instance's mark, sorted by id. */
export function joined(agent: Listing, catalog: Listing, instance: string): readonly Registration[] {
  const wished = owned(agent.services, instance);
  const seen = owned(catalog.services, instance);
  return [...new Set([...wished.keys(), ...seen.keys()])].sort().flatMap((id) => {
    const service = wished.get(id) ?? seen.get(id);
    if (service === undefined) return [];
    const inAgent = wished.has(id);
    const inCatalog = seen.has(id);
    const checks = checksOf(inAgent ? agent : catalog, id);
    return [
      {
        ...describe(service),
        ...maintenanceOf(checks),
        checks: inAgent ? checks.filter((check) => !isMaintenance(check)).map(checkState) : [],
        inAgent,
        inCatalog,
        ...(inCatalog ? { catalogStatus: worst(checksOf(catalog, id)) } : {}),
      },
    ];
  });
}

function owned(services: readonly ServiceAnswer[], instance: string): ReadonlyMap<string, ServiceAnswer> {
  const mine = services.filter(({ Meta, Kind }) => Meta?.[META.instance] === instance && isKind(Kind));
  return new Map(mine.map((service) => [service.ID, service]));
}

function isKind(kind: string): kind is Registration["kind"] {
  return kind === "" || kind === "connect-proxy";
}

type Description = Omit<Registration, "checks" | "maintenance" | "inAgent" | "inCatalog" | "catalogStatus">;

function describe(service: ServiceAnswer): Description {
  const meta = service.Meta ?? {};
  const ref = refOf(meta);
  const isProxy = service.Kind === "connect-proxy";
  return {
    id: service.ID,
    kind: isProxy ? "connect-proxy" : "",
    name: service.Service,
    ...(ref === undefined ? {} : { ref }),
    tags: service.Tags ?? [],
    meta,
    address: service.Address,
    port: service.Port,
    enableTagOverride: service.EnableTagOverride ?? false,
    ...(isProxy ? { proxy: proxyOf(service.Proxy ?? undefined) } : {}),
  };
}

function refOf(meta: Readonly<Record<string, string>>): AllocRef | undefined {
  const [job, group, alloc, index] = [meta[META.job], meta[META.group], meta[META.alloc], meta[META.index]];
  if (job === undefined || group === undefined || alloc === undefined) return undefined;
  return index !== undefined && /^\d+$/.test(index) ? { job, group, index: Number(index), alloc } : undefined;
}

function proxyOf(proxy: NonNullable<ServiceAnswer["Proxy"]> | undefined): ProxySpec {
  return {
    localServiceAddress: proxy?.LocalServiceAddress ?? "",
    localServicePort: proxy?.LocalServicePort ?? 0,
    config: proxy?.Config ?? {},
    upstreams: (proxy?.Upstreams ?? []).map((upstream) => ({
      destinationName: upstream.DestinationName,
      destinationNamespace: upstream.DestinationNamespace,
      datacenter: upstream.Datacenter,
      localBindAddress: upstream.LocalBindAddress,
      localBindPort: upstream.LocalBindPort,
      meshGatewayMode: upstream.MeshGateway?.Mode ?? "",
    })),
    expose: (proxy?.Expose?.Paths ?? []).map((path) => ({
      path: path.Path,
      protocol: path.Protocol === "http2" ? "http2" : "http",
      localPathPort: path.LocalPathPort,
      listenerPort: path.ListenerPort,
    })),
  };
}

function checksOf(listing: Listing, id: string): readonly CheckAnswer[] {
  return listing.checks.filter(({ ServiceID }) => ServiceID === id).sort((a, b) => (a.CheckID < b.CheckID ? -1 : 1));
}

function checkState(check: CheckAnswer): CheckState {
  return { id: check.CheckID, status: check.Status, output: check.Output };
}

/** Consul keeps maintenance mode as a critical check of this id, with the reason in its notes. */
function isMaintenance(check: CheckAnswer): boolean {
  return check.CheckID === `_service_maintenance:${check.ServiceID}`;
}

function maintenanceOf(checks: readonly CheckAnswer[]): { readonly maintenance?: string } {
  const check = checks.find(isMaintenance);
  return check === undefined ? {} : { maintenance: check.Notes === "" ? check.Output : check.Notes };
}

function worst(checks: readonly CheckAnswer[]): "passing" | "warning" | "critical" {
  const statuses = new Set(checks.map(({ Status }) => Status));
  statuses.delete("passing");
  if (statuses.size === 0) return "passing";
  return statuses.size === 1 && statuses.has("warning") ? "warning" : "critical";
}
