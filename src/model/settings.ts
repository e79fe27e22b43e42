/** What the operator decided and what the host turned out to be: the constants of one agent's life. */
import type { Millis } from "./job.ts";

export interface Settings {
  readonly instance: string;
  readonly node: string;
  readonly datacenter: string;
  readonly region: string;
  /** Address at which sidecars are reached: never loopback. */
  readonly advertise: string;
  readonly aclsEnabled: boolean;
  /** No token of Remora's own was given. */
  readonly anonymous?: boolean;
  readonly proxy: "consul" | "envoy";
  /** Name of the bridge network of this instance. */
  readonly network: string;
  readonly images: { readonly infra: string; readonly consul: string; readonly remora: string };
  /** Dynamic ports, both ends included. */
  readonly portRange: { readonly from: number; readonly to: number };
  /** How long a listing without a job's file must last before the job is stopped. */
  readonly pruneDelay: Millis;
  readonly deadMan: Millis;
  readonly resync: Millis;
  /** Volume with the relay's sockets. */
  readonly relayVolume: string;
  /** How Envoy is run; there iff it is the proxy. */
  readonly envoy?: EnvoySettings;
  /** Where the relay finds Consul, as seen from the host: `http://host:port` or `https://host:port`, and its gRPC. */
  readonly relay: { readonly http: string; readonly grpc?: string };
  /** `http://…` of Consul as groups reach it directly, when the operator says so. */
  readonly consulForGroups?: string;
  /** upstreams: each service may reach those its job names as upstreams; none: Remora leaves intentions alone. */
  readonly intentions: "none" | "upstreams";
  /** How many turns run at once. */
  readonly workers: number;
}

export interface EnvoySettings {
  /** Version of the Consul that it is configured by. */
  readonly consulVersion: string;
  /** The version that Consul prefers; "" if it names none. */
  readonly version: string;
  /** All that it names, such as 1.26.6, one for each minor version. */
  readonly supported: readonly string[];
  /** May hold `${NOMAD_envoy_version}`. */
  readonly image: string;
  readonly logLevel: string;
  /** Worker threads. */
  readonly concurrency: number;
  /** Where xDS is reached from a namespace without the relay. */
  readonly direct?: { readonly address: string; readonly port: number };
  /** PEM of the authority of Consul's certificate, where xDS is spoken over TLS. */
  readonly ca?: string;
  /** Why no Envoy can be started, in one sentence. */
  readonly problem?: string;
}

/** Longest time a single call to Docker or Consul may take, and so the time an unknown outcome is waited out. */
export const CALL_LIMIT: Millis = 5_000;
