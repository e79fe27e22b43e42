/** ServiceSpec as the body of `PUT /v1/agent/service/register`. */
import type {
  CheckSpec,
  ExposeSpec,
  ProxySpec,
  ServiceSpec,
  SidecarSpec,
  UpstreamSpec,
} from "../../model/registration.ts";
import type { Millis } from "../../model/job.ts";

/** Field names as in Consul's API. Consul refuses unknown fields, so only what its oldest supported version (1.8) knows is sent. */
export function registerBody(service: ServiceSpec): object {
  const { sidecar } = service;
  return {
    ID: service.id,
    Name: service.name,
    Tags: service.tags,
    Meta: service.meta,
    Address: service.address,
    Port: service.port,
    EnableTagOverride: service.enableTagOverride,
    Checks: service.checks.map(checkBody),
    ...(sidecar === undefined ? {} : { Connect: { SidecarService: sidecarBody(sidecar) } }),
  };
}

function sidecarBody(sidecar: SidecarSpec): object {
  return {
    ...(sidecar.tags === undefined ? {} : { Tags: sidecar.tags }),
    Address: sidecar.address,
    Port: sidecar.port,
    Proxy: proxyBody(sidecar.proxy),
    Checks: sidecar.checks.map(checkBody),
  };
}

function proxyBody(proxy: ProxySpec): object {
  return {
    LocalServiceAddress: proxy.localServiceAddress,
    LocalServicePort: proxy.localServicePort,
    Upstreams: proxy.upstreams.map(upstreamBody),
    Config: withoutNulls(proxy.config),
    ...(proxy.expose.length === 0 ? {} : { Expose: { Paths: proxy.expose.map(exposeBody) } }),
  };
}

function exposeBody({ path, protocol, localPathPort, listenerPort }: ExposeSpec): object {
  return { Path: path, Protocol: protocol, LocalPathPort: localPathPort, ListenerPort: listenerPort };
}

/** A null inside Config makes Consul 1.8.7 drop the connection, and from then on every reading of that catalog entry. */
function withoutNulls(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  const entries = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNulls(item)]));
}

function upstreamBody(upstream: UpstreamSpec): object {
  return {
    DestinationType: "service",
    DestinationName: upstream.destinationName,
    ...unlessEmpty("DestinationNamespace", upstream.destinationNamespace),
    ...unlessEmpty("Datacenter", upstream.datacenter),
    LocalBindAddress: upstream.localBindAddress,
    LocalBindPort: upstream.localBindPort,
    ...(upstream.meshGatewayMode === "" ? {} : { MeshGateway: { Mode: upstream.meshGatewayMode } }),
  };
}

function checkBody(check: CheckSpec): object {
  return {
    CheckID: check.id,
    Name: check.name,
    Status: check.status,
    ...probeBody(check.probe),
    ...(check.successBeforePassing === undefined ? {} : { SuccessBeforePassing: check.successBeforePassing }),
    ...(check.failuresBeforeCritical === undefined ? {} : { FailuresBeforeCritical: check.failuresBeforeCritical }),
    ...(check.deregisterAfter === undefined ? {} : { DeregisterCriticalServiceAfter: duration(check.deregisterAfter) }),
  };
}

function probeBody(probe: CheckSpec["probe"]): object {
  if (probe.kind === "ttl") return { TTL: duration(probe.ttl) };
  if (probe.kind === "alias") return { AliasService: probe.service };
  const rhythm = { Interval: duration(probe.interval), Timeout: duration(probe.timeout) };
  if (probe.kind === "tcp") return { TCP: probe.address, ...rhythm };
  if (probe.kind === "http") return { ...httpBody(probe), ...rhythm };
  return { GRPC: probe.target, GRPCUseTLS: probe.useTls, TLSSkipVerify: probe.tlsSkipVerify, ...rhythm };
}

function httpBody(probe: Extract<CheckSpec["probe"], { readonly kind: "http" }>): object {
  return {
    HTTP: probe.url,
    Method: probe.method,
    Header: probe.header,
    ...unlessEmpty("Body", probe.body),
    TLSSkipVerify: probe.tlsSkipVerify,
  };
}

/** A duration as Go writes it. */
function duration(ms: Millis): string {
  return `${Math.round(ms)}ms`;
}

function unlessEmpty(key: string, value: string): object {
  return value === "" ? {} : { [key]: value };
}
