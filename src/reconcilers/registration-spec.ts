/** The registration of a service as it should be: Nomad's payload under our own ids and marks. */
import { hashOf } from "../model/ids.ts";
import type { Check, ExposePath, Millis, Service } from "../model/job.ts";
import {
  type CheckSpec,
  type ExposeSpec,
  EXTERNAL_SOURCE,
  META,
  type ProxySpec,
  type ServiceSpec,
  type SidecarSpec,
  sidecarId,
} from "../model/registration.ts";
import { groupValues } from "./environment.ts";
import { interpolate, interpolateRecord } from "../model/interpolate.ts";
import { serviceId } from "./naming.ts";
import { proxyPortLabel } from "../model/sidecar.ts";
import { currentToken } from "./token.ts";
import type { AllocView } from "./view.ts";

/** How long the gate's answer lasts; long enough that a dead controller freezes it. */
const GATE_TTL: Millis = 24 * 3_600_000;
/** Nomad's interval of the sidecar's TCP check. */
const LISTENING_INTERVAL: Millis = 10_000;
const LISTENING_TIMEOUT: Millis = 3_000;

type Text = (text: string) => string;

/** Id of the check that holds a service out of rotation. */
export function gateId(service: string): string {
  return `${service}:gate`;
}

/**
 * gated: one check each on service and sidecar, critical until Remora has seen them ready. open: the real checks, which
 * start as passing because they were seen ready (their ids are new to the agent then), and the dead-man's.
 */
export function registrationSpec(view: AllocView, service: Service, state: "gated" | "open"): ServiceSpec {
  const values = groupValues(view);
  const text: Text = (raw) => (raw.includes("${") ? interpolate(raw, values) : raw);
  const id = serviceId(view.ref.alloc, view.group.name, service);
  const where = addressOf(view, service);
  const sidecar = service.connect === undefined ? undefined : sidecarSpec(view, service, id, text);
  const checks = [
    ...service.checks.map((check) => checkSpec(view, service, id, check, text)),
    ...deadMan(view, id, sidecar),
  ];
  return {
    id,
    name: text(service.name),
    tags: service.tags.map(text),
    meta: { ...interpolateRecord(service.meta, values), ...marks(view, service) },
    ...where,
    enableTagOverride: service.enableTagOverride,
    checks: state === "gated" ? [gate(id, service.name)] : checks,
    ...(sidecar === undefined
      ? {}
      : { sidecar: state === "gated" ? { ...sidecar, checks: [gate(sidecarId(id), service.name)] } : sidecar }),
  };
}

function marks(view: AllocView, service: Service): Record<string, string> {
  const token = service.connect === undefined ? undefined : currentToken(view, service.name);
  const { config, expose = [] } = service.connect?.sidecarService.proxy ?? { config: {} };
  const own = expose.length === 0 ? config : [config, expose];
  return {
    [META.source]: EXTERNAL_SOURCE,
    [META.instance]: view.settings.instance,
    [META.job]: view.ref.job,
    [META.group]: view.ref.group,
    [META.index]: String(view.ref.index),
    [META.alloc]: view.ref.alloc,
    ...(token === undefined ? {} : { [META.generation]: String(token.generation) }),
    ...(Object.keys(own).length === 0 ? {} : { [META.config]: hashOf(own, 10) }),
  };
}

/** A label: the host's address and port. A literal port: the node's address, as Nomad registers it. */
function addressOf(view: AllocView, service: Service): { readonly address: string; readonly port: number } {
  const port = view.ports.find(({ label }) => label === service.port);
  if (port !== undefined) return { address: view.settings.advertise, port: port.value };
  return { address: "", port: Number(service.port) || 0 };
}

/** The port the app listens on inside the namespace: of a label its `to`, so that a named port works on a mesh service. */
export function localPortOf(view: Pick<AllocView, "ports">, service: Service): number {
  const own = service.connect?.sidecarService.proxy.localServicePort ?? 0;
  if (own > 0) return own;
  return view.ports.find(({ label }) => label === service.port)?.to ?? (Number(service.port) || 0);
}

/** Which service's app does not listen yet; undefined if all do. */
export function notListening(view: AllocView): string | undefined {
  for (const service of view.group.services) {
    const port = service.connect === undefined ? 0 : localPortOf(view, service);
    if (port > 0 && view.probe.listening?.has(port) !== true)
      return `the app of ${service.name} does not listen on port ${port} of its namespace yet`;
  }
  return undefined;
}

function sidecarSpec(view: AllocView, service: Service, id: string, text: Text): SidecarSpec {
  const { tags, disableDefaultTcpCheck } = service.connect?.sidecarService ?? { disableDefaultTcpCheck: false };
  const port = view.ports.find(({ label }) => label === proxyPortLabel(service));
  const address = port?.hostIp === "0.0.0.0" ? view.settings.advertise : (port?.hostIp ?? view.settings.advertise);
  const listening = listeningCheck(
    sidecarId(id),
    disableDefaultTcpCheck,
    `${address}:${port?.value ?? 0}`,
    view.settings.deadMan,
  );
  return {
    ...(tags === undefined ? {} : { tags: tags.map(text) }),
    address,
    port: port?.value ?? 0,
    proxy: proxySpec(view, service, port?.to ?? 0, text),
    checks: [aliasCheck(sidecarId(id), id), listening],
  };
}

function proxySpec(view: AllocView, service: Service, bindPort: number, text: Text): ProxySpec {
  const { localServiceAddress, upstreams, config, expose } = service.connect?.sidecarService.proxy ?? {
    localServiceAddress: "",
    upstreams: [],
    config: {},
    expose: [],
  };
  const texts = Object.entries(withoutNulls(config)).map(([key, value]) => [
    key,
    typeof value === "string" ? text(value) : value,
  ]);
  return {
    localServiceAddress: localServiceAddress === "" ? "127.0.0.1" : text(localServiceAddress),
    localServicePort: localPortOf(view, service),
    upstreams: upstreams.map((upstream) => ({
      ...upstream,
      destinationName: text(upstream.destinationName),
      datacenter: text(upstream.datacenter),
      localBindAddress: upstream.localBindAddress === "" ? "127.0.0.1" : text(upstream.localBindAddress),
    })),
    config: { ...withStatsTags(view, Object.fromEntries(texts)), bind_address: "0.0.0.0", bind_port: bindPort },
    expose: (expose ?? []).map((path) => exposeSpec(view, service, path, text)),
  };
}

/** The sidecar listens inside the namespace; from outside that is the label's port on the host. */
function exposeSpec(view: AllocView, service: Service, path: ExposePath, text: Text): ExposeSpec {
  return {
    path: text(path.path),
    protocol: path.protocol === "" ? "http" : path.protocol,
    localPathPort: path.localPathPort > 0 ? path.localPathPort : localPortOf(view, service),
    listenerPort: view.ports.find(({ label }) => label === path.listenerPort)?.to ?? 0,
  };
}

/** Envoy's statistics say whose they are, under Nomad's names. */
function withStatsTags({ settings, ref, job }: AllocView, config: Readonly<Record<string, unknown>>): typeof config {
  if (settings.proxy !== "envoy") return config;
  const own = config["envoy_stats_tags"] ?? [];
  const tags = [
    `nomad.group=${ref.group}`,
    `nomad.job=${ref.job}`,
    `nomad.namespace=${job.namespace}`,
    `nomad.alloc_id=${ref.alloc}`,
  ];
  return { ...config, envoy_stats_tags: [...(Array.isArray(own) ? (own as readonly unknown[]) : [own]), ...tags] };
}

/** A null anywhere in a proxy's config makes Consul 1.8 fail every later reading of the node. */
function withoutNulls<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => {
    return Array.isArray(inner) ? inner.filter((item) => item !== null) : (inner ?? undefined);
  }) as T;
}

function gate(id: string, service: string): CheckSpec {
  return {
    id: gateId(id),
    name: `Remora: ${service} is not ready yet`,
    status: "critical",
    probe: { kind: "ttl", ttl: GATE_TTL },
  };
}

/** The id follows from the content, so that a changed check is a new one. */
function withId(owner: string, check: Omit<CheckSpec, "id">): CheckSpec {
  return { id: `${owner}:${hashOf(check, 10)}`, ...check };
}

function aliasCheck(owner: string, service: string): CheckSpec {
  const probe = { kind: "alias", service } as const;
  return withId(owner, { name: `Connect Sidecar Aliasing ${service}`, status: "passing", probe });
}

/** Nomad's TCP check of the sidecar; it carries the dead-man's time, so it stays, under another name, when the job disables it. */
function listeningCheck(owner: string, disabled: boolean, address: string, deadMan: Millis): CheckSpec {
  const name = disabled ? "Remora dead-man" : "Connect Sidecar Listening";
  const probe = { kind: "tcp", address, interval: LISTENING_INTERVAL, timeout: LISTENING_TIMEOUT } as const;
  return withId(owner, { name, status: "passing", probe, deregisterAfter: deadMan });
}

function deadMan(view: AllocView, owner: string, sidecar: SidecarSpec | undefined): readonly CheckSpec[] {
  if (sidecar === undefined) return [];
  return [listeningCheck(owner, true, `${sidecar.address}:${sidecar.port}`, view.settings.deadMan)];
}

// Nomad's fields of a check, with the service's port and address unless it names its own.
function checkSpec(view: AllocView, service: Service, owner: string, check: Check, text: Text): CheckSpec {
  const port = portOf(view, check.port === "" ? service.port : text(check.port));
  const at = `${view.settings.advertise}:${port}`;
  const name = check.name === "" ? `service: "${service.name}" check` : text(check.name);
  const spec = {
    name,
    status: check.initialStatus === "" ? "passing" : check.initialStatus,
    probe: probeOf(check, at, text),
    ...(check.successBeforePassing > 0 ? { successBeforePassing: check.successBeforePassing } : {}),
    ...(check.failuresBeforeCritical > 0 ? { failuresBeforeCritical: check.failuresBeforeCritical } : {}),
  } as const;
  return withId(owner, spec);
}

function probeOf(check: Check, at: string, text: Text): CheckSpec["probe"] {
  const { interval, timeout, tlsSkipVerify } = check;
  switch (check.type) {
    case "tcp":
      return { kind: "tcp", address: at, interval, timeout };
    case "grpc": {
      const target = check.grpcService === "" ? at : `${at}/${text(check.grpcService)}`;
      return { kind: "grpc", target, useTls: check.grpcUseTls, tlsSkipVerify, interval, timeout };
    }
    case "http":
      return {
        kind: "http",
        url: `${check.protocol === "" ? "http" : text(check.protocol)}://${at}${text(check.path)}`,
        method: text(check.method),
        header: check.header,
        body: check.body,
        tlsSkipVerify,
        interval,
        timeout,
      };
  }
}

function portOf(view: AllocView, port: string): number {
  return view.ports.find(({ label }) => label === port)?.value ?? (Number(port) || 0);
}
