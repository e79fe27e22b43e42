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
  /** Where the relay finds Consul, as seen from the host: `http://host:port` or `https://host:port`, and host:port of gRPC. */
  readonly relay: { readonly http: string; readonly grpc?: string };
  /** `http://…` of Consul as groups reach it directly, when the operator says so. */
  readonly consulForGroups?: string;
  /** How many turns run at once. */
  readonly workers: number;
}

/** Longest time a single call to Docker or Consul may take, and so the time an unknown outcome is waited out. */
export const CALL_LIMIT: Millis = 5_000;
