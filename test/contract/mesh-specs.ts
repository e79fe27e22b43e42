/** What the mesh's contract registers and mints: whole specs with small differences. */
import { uuidOf } from "../../src/model/ids.ts";
import { agentOf, ownerOf } from "../../src/model/intention.ts";
import type { Pair } from "../../src/model/intention.ts";
import { EXTERNAL_SOURCE, META } from "../../src/model/registration.ts";
import type { CheckSpec, ServiceSpec, SidecarSpec, TokenSpec, UpstreamSpec } from "../../src/model/registration.ts";

/** Whoever a test is: names of its own, so that tests share one Consul without meeting. */
export interface Persona {
  readonly instance: string;
  readonly node: string;
  readonly ref: { readonly job: string; readonly group: string; readonly index: number; readonly alloc: string };
  readonly service: string;
}

let personas = 0;

export function persona(): Persona {
  personas += 1;
  const own = `${process.pid}-${personas}`;
  const alloc = uuidOf("contract", own);
  return {
    instance: `contract-${own}`,
    node: `host-${own}`,
    ref: { job: "shop", group: "api", index: 0, alloc },
    service: `api-${own}`,
  };
}

export function metaOf({ instance, ref }: Persona): Readonly<Record<string, string>> {
  return {
    [META.source]: EXTERNAL_SOURCE,
    [META.instance]: instance,
    [META.job]: ref.job,
    [META.group]: ref.group,
    [META.index]: String(ref.index),
    [META.alloc]: ref.alloc,
  };
}

const DAY = 86_400_000;

export function gate(id: string): CheckSpec {
  return { id, name: "Remora: not ready yet", status: "critical", probe: { kind: "ttl", ttl: DAY } };
}

export function tcp(id: string, address: string): CheckSpec {
  const probe = { kind: "tcp", address, interval: 10_000, timeout: 2_000 } as const;
  return { id, name: "sidecar listening", status: "passing", probe, deregisterAfter: 3_600_000 };
}

export function alias(id: string, service: string): CheckSpec {
  return { id, name: "alias", status: "passing", probe: { kind: "alias", service } };
}

export const upstream: UpstreamSpec = {
  destinationName: "count-db",
  destinationNamespace: "",
  datacenter: "",
  localBindAddress: "127.0.0.1",
  localBindPort: 9001,
  meshGatewayMode: "local",
};

export function sidecarSpec(checks: readonly CheckSpec[], changes: Partial<SidecarSpec> = {}): SidecarSpec {
  const config = { protocol: "tcp", one: ["x"], nested: { list: [{ a: 1 }], flag: true, ratio: 0.5 } };
  const proxy = { localServiceAddress: "127.0.0.1", localServicePort: 8080, upstreams: [upstream], config, expose: [] };
  return { address: "127.0.0.1", port: 21_900, proxy, checks, ...changes };
}

export function serviceSpec(who: Persona, changes: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    id: idOf(who),
    name: who.service,
    tags: ["v1", "blue"],
    meta: metaOf(who),
    address: "127.0.0.1",
    port: 8080,
    enableTagOverride: false,
    checks: [],
    ...changes,
  };
}

/** A pair of services, and who owns it when this persona's job needs it. */
export function pairOf({ service }: Persona): Pair {
  return { source: `${service}-caller`, destination: service };
}

export function ownersOf(who: Persona, job: string = who.ref.job): readonly string[] {
  return [ownerOf(job, agentOf({ ...who, datacenter: "dc1" }))];
}

export function idOf({ ref, service }: Persona): string {
  return `_remora-${ref.alloc}-group-${ref.group}-${service}-http`;
}

export function tokenSpec({ ref, service }: Persona, generation = 0): TokenSpec {
  return { accessor: uuidOf("token", ref.alloc, service, generation), ref, service, generation };
}
