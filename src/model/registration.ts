/** Services in Consul: what Remora asks of the agent, and what it sees in agent and catalog. */
import type { AllocRef } from "./container.ts";
import type { Millis } from "./job.ts";

/** The marks in a service's Meta (keys are limited to [A-Za-z0-9_-] by Consul). */
export const META = {
  source: "external-source",
  instance: "remora-instance",
  job: "remora-job",
  group: "remora-group",
  index: "remora-index",
  alloc: "remora-alloc",
  /** Generation of the token the service was registered with; absent without ACLs. */
  generation: "remora-token-generation",
  /** Hash of the job's own `proxy.config` and exposed paths: what the agent shows has the cluster's defaults in it. Absent without any. */
  config: "remora-proxy-config",
} as const;

export const EXTERNAL_SOURCE = "remora";

export interface UpstreamSpec {
  readonly destinationName: string;
  readonly destinationNamespace: string;
  readonly datacenter: string;
  readonly localBindAddress: string;
  readonly localBindPort: number;
  readonly meshGatewayMode: string;
}

export interface ExposeSpec {
  readonly path: string;
  readonly protocol: "http" | "http2";
  readonly localPathPort: number;
  /** Inside the namespace. */
  readonly listenerPort: number;
}

export interface ProxySpec {
  readonly localServiceAddress: string;
  readonly localServicePort: number;
  readonly upstreams: readonly UpstreamSpec[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly expose: readonly ExposeSpec[];
}

/** A check for the agent to run; durations in milliseconds. */
export interface CheckSpec {
  readonly id: string;
  readonly name: string;
  readonly status: "passing" | "warning" | "critical";
  readonly probe:
    | { readonly kind: "ttl"; readonly ttl: Millis }
    | { readonly kind: "tcp"; readonly address: string; readonly interval: Millis; readonly timeout: Millis }
    | { readonly kind: "alias"; readonly service: string }
    | {
        readonly kind: "http";
        readonly url: string;
        readonly method: string;
        readonly header: Readonly<Record<string, readonly string[]>>;
        readonly body: string;
        readonly tlsSkipVerify: boolean;
        readonly interval: Millis;
        readonly timeout: Millis;
      }
    | {
        readonly kind: "grpc";
        readonly target: string;
        readonly useTls: boolean;
        readonly tlsSkipVerify: boolean;
        readonly interval: Millis;
        readonly timeout: Millis;
      };
  readonly successBeforePassing?: number;
  readonly failuresBeforeCritical?: number;
  /** The dead-man's time: Consul removes the service once critical for so long. */
  readonly deregisterAfter?: Millis;
}

export interface SidecarSpec {
  /** Absent: the service's own tags are inherited. */
  readonly tags?: readonly string[];
  readonly address: string;
  readonly port: number;
  readonly proxy: ProxySpec;
  readonly checks: readonly CheckSpec[];
}

/** One service to register, with its sidecar if it has one. */
export interface ServiceSpec {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  /** "" means the node's address. */
  readonly address: string;
  readonly port: number;
  readonly enableTagOverride: boolean;
  readonly checks: readonly CheckSpec[];
  readonly sidecar?: SidecarSpec;
}

/** Consul's own naming of a sidecar that was registered with its service. */
export function sidecarId(serviceId: string): string {
  return `${serviceId}-sidecar-proxy`;
}

export interface CheckState {
  readonly id: string;
  readonly status: string;
  readonly output: string;
}

/**
 * One owned service entry, sidecars being entries of their own, joined from the agent's list (the wish) and the catalog's
 * (what the rest of the world sees). Where both know it, the fields are the agent's and `catalogStatus` is the catalog's.
 */
export interface Registration {
  readonly id: string;
  readonly kind: "" | "connect-proxy";
  readonly name: string;
  readonly ref?: AllocRef;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly address: string;
  readonly port: number;
  readonly enableTagOverride: boolean;
  readonly proxy?: ProxySpec;
  /** The agent's checks of this entry, that of maintenance mode left out; empty if only the catalog knows it. */
  readonly checks: readonly CheckState[];
  /** Reason of maintenance mode, if on. */
  readonly maintenance?: string;
  readonly inAgent: boolean;
  readonly inCatalog: boolean;
  /** Worst status of its checks in the catalog, node checks apart; absent if not in the catalog. */
  readonly catalogStatus?: "passing" | "warning" | "critical";
}

/** A token that carries our mark; the secret is never part of it. */
export interface Token {
  readonly accessor: string;
  readonly ref: AllocRef;
  readonly service: string;
  readonly generation: number;
  readonly createdAt: Millis;
}

/** What to mint. The description carries the mark. */
export interface TokenSpec {
  readonly accessor: string;
  readonly ref: AllocRef;
  readonly service: string;
  readonly generation: number;
}
