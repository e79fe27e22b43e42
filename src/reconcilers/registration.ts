/** The registration of a service: kept in Consul as it should be, gated until it is ready, open from then on. */
import { canonicalJson } from "../model/ids.ts";
import type { Service } from "../model/job.ts";
import { META, type ProxySpec, type Registration, type ServiceSpec, sidecarId } from "../model/registration.ts";
import { isSame } from "../model/same.ts";
import type { ServiceFacts } from "../machines/service.ts";
import { serviceId, serviceIds } from "./naming.ts";
import { gateId, registrationSpec } from "./registration-spec.ts";
import { currentToken, needsIdentity } from "./token.ts";
import { joinDue, NOTHING_DUE, type AllocView, type Due } from "./view.ts";

/** How soon to look for a service in the catalog that only the agent has; a hint comes sooner as a rule. */
const CATALOG_LOOK = 1_000;

/** Registering a service again without a sidecar leaves the old one in the agent. */
const STRAY_SIDECAR = "it has a sidecar it should not have";

/** gated while its gate check is there; open otherwise. */
export function registeredState(view: Pick<AllocView, "registrations">, id: string): ServiceFacts["registered"] {
  const entry = view.registrations.get(id);
  if (entry === undefined || !entry.inAgent) return "absent";
  return entry.checks.some((check) => check.id === gateId(id)) ? "gated" : "open";
}

/** Registers what is missing or differs. Never while draining: registering again ends maintenance. */
export function planRegistration(view: AllocView, service: Service, facts: ServiceFacts): Due {
  const token = currentToken(view, service.name);
  if (needsIdentity(view, service) && token === undefined) return NOTHING_DUE;
  const ready = facts.namespace && facts.sidecar && facts.app && facts.answers;
  const opens = ready && !isGateOrphaned(view, service, facts);
  const spec = registrationSpec(view, service, opens ? "open" : "gated");
  const difference = differs(view, spec);
  if (difference === undefined) return inCatalog(view, spec);
  if (difference === STRAY_SIDECAR)
    return { steps: [{ kind: "deregister", id: sidecarId(spec.id) }], waiting: `${service.name}: ${difference}` };
  const accessor = needsIdentity(view, service) && token !== undefined ? { accessor: token.accessor } : {};
  return {
    steps: [{ kind: "register", service: spec, ...accessor }],
    waiting: `${service.name} is being registered: ${difference}`,
  };
}

/**
 * An agent takes a check out of the catalog with the token that the check was registered with. A gate whose token is gone
 * would stay there for good, so it is registered with the new token before it is dropped.
 */
function isGateOrphaned(view: AllocView, service: Service, { registered }: ServiceFacts): boolean {
  if (registered !== "gated" || !needsIdentity(view, service)) return false;
  const id = serviceId(view.ref.alloc, view.group.name, service);
  return view.registrations.get(id)?.meta[META.generation] !== String(currentToken(view, service.name)?.generation);
}

/** Services that the group had once and has no more, or under another name or port: an allocation outlives such a change. */
export function planStrays(view: AllocView): Due {
  const wanted = new Set(
    view.group.services.flatMap((service) => serviceIds(view.ref.alloc, view.group.name, service)),
  );
  const strays = [...view.registrations.values()].filter(
    ({ id, kind, inAgent }) => kind === "" && inAgent && !wanted.has(id),
  );
  if (strays.length === 0) return NOTHING_DUE;
  return joinDue(
    strays.map(({ id }) => ({ steps: [{ kind: "deregister", id }], waiting: `${id} is being deregistered` })),
  );
}

/** A 200 from the agent proves nothing about the catalog. */
function inCatalog(view: AllocView, spec: ServiceSpec): Due {
  const ids = spec.sidecar === undefined ? [spec.id] : [spec.id, sidecarId(spec.id)];
  const held = ids.find((id) => view.registrations.get(id)?.maintenance !== undefined);
  if (held !== undefined) {
    const why = view.registrations.get(held)?.maintenance ?? "";
    return {
      steps: [],
      waiting: `${held} is in maintenance mode (${why}): end it with consul maint -disable -service`,
    };
  }
  const missing = ids.find((id) => view.registrations.get(id)?.inCatalog !== true);
  if (missing === undefined) return NOTHING_DUE;
  return {
    steps: [],
    waiting: `${missing} is registered with the agent, but not in the catalog yet`,
    recheck: CATALOG_LOOK,
  };
}

/** What is different between the world and the spec, in a few words; undefined if nothing is. */
export function differs(view: Pick<AllocView, "registrations">, spec: ServiceSpec): string | undefined {
  const entry = view.registrations.get(spec.id);
  if (entry === undefined || !entry.inAgent) return "it is not in Consul";
  return differsInService(entry, spec) ?? differsInSidecar(view.registrations.get(sidecarId(spec.id)), spec);
}

function differsInService(entry: Registration, spec: ServiceSpec): string | undefined {
  if (entry.name !== spec.name) return "its name differs";
  if (!spec.enableTagOverride && !sameSet(entry.tags, spec.tags)) return "its tags differ";
  if (canonicalJson(entry.meta) !== canonicalJson(spec.meta)) return "its meta differs";
  if (entry.address !== spec.address || entry.port !== spec.port) return "its address differs";
  if (entry.enableTagOverride !== spec.enableTagOverride) return "enable_tag_override differs";
  return sameChecks(entry, spec.checks) ? undefined : "its checks differ";
}

function differsInSidecar(entry: Registration | undefined, spec: ServiceSpec): string | undefined {
  const { sidecar } = spec;
  if (sidecar === undefined) return entry?.inAgent === true ? STRAY_SIDECAR : undefined;
  if (entry === undefined || !entry.inAgent) return "its sidecar is not in Consul";
  if (entry.address !== sidecar.address || entry.port !== sidecar.port) return "its sidecar's address differs";
  if (!spec.enableTagOverride && !sameSet(entry.tags, tagsOf(sidecar.tags, spec.tags)))
    return "its sidecar's tags differ";
  if (entry.proxy === undefined || !sameProxy(entry.proxy, sidecar.proxy)) return "its proxy differs";
  return sameChecks(entry, sidecar.checks) ? undefined : "its sidecar's checks differ";
}

/** Consul gives a sidecar without tags of its own those of its service. */
function tagsOf(own: readonly string[] | undefined, inherited: readonly string[]): readonly string[] {
  return own === undefined || own.length === 0 ? inherited : own;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return canonicalJson([...new Set(a)].sort()) === canonicalJson([...new Set(b)].sort());
}

/** Check ids follow from their content, so equal ids are equal checks. Consul's own maintenance check is not ours. */
function sameChecks(entry: Registration, checks: readonly { readonly id: string }[]): boolean {
  const ids = entry.checks.map(({ id }) => id).filter((id) => !id.startsWith("_service_maintenance:"));
  return sameSet(
    ids,
    checks.map(({ id }) => id),
  );
}

/** Our own keys of the config must be as we set them; keys that proxy-defaults merged in are not drift. */
function sameProxy(seen: ProxySpec, spec: ProxySpec): boolean {
  return (
    seen.localServiceAddress === spec.localServiceAddress &&
    seen.localServicePort === spec.localServicePort &&
    canonicalJson(seen.upstreams.map(plainUpstream)) === canonicalJson(spec.upstreams.map(plainUpstream)) &&
    sameExposed(seen, spec) &&
    Object.entries(spec.config).every(([key, value]) => sameConfig(seen.config[key], value))
  );
}

/** Where the job exposes nothing, what is seen may be from proxy-defaults; that it once did is seen in the meta. */
function sameExposed(seen: ProxySpec, { expose }: ProxySpec): boolean {
  return expose.length === 0 || isSame(seen.expose, expose);
}

function plainUpstream(upstream: ProxySpec["upstreams"][number]): unknown {
  const { localBindAddress, meshGatewayMode, destinationNamespace, ...rest } = upstream;
  return {
    ...rest,
    localBindAddress: localBindAddress === "" ? "127.0.0.1" : localBindAddress,
    meshGatewayMode,
    destinationNamespace: destinationNamespace === "default" ? "" : destinationNamespace,
  };
}

/** Consul 1.8 shows a list of one as its only item. */
function sameConfig(seen: unknown, wanted: unknown): boolean {
  if (canonicalJson(seen) === canonicalJson(wanted)) return true;
  return Array.isArray(wanted) && wanted.length === 1 && canonicalJson(seen) === canonicalJson(wanted[0]);
}
