/** What a bootstrap is made from: who the proxy is, where it finds Consul, and what its configuration asks for. */

import type { SocketAddress } from "../model/proxy-config.ts";

/** v3: incremental xDS, Consul >= 1.10. v2: state of the world, Consul 1.8 and 1.9 (with Envoy <= 1.17). */
export type Dialect = "v2" | "v3";

/** Consul's gRPC as the proxy reaches it: a unix socket or an address; with `ca` (PEM) over TLS. */
export type XdsTarget = ({ readonly path: string } | SocketAddress) & { readonly ca?: string };

export interface BootstrapInput {
  readonly dialect: Dialect;
  /** Consul's id of the sidecar's registration. */
  readonly proxyId: string;
  /** Name of the service it stands for. */
  readonly service: string;
  readonly datacenter: string;
  /** Which Envoy reads it, such as 1.26.6 or 1.26; "" if that is not known. Consul 1.8 and 1.9 are told. */
  readonly envoyVersion: string;
  /** The one that Consul prefers, told to it where it is not known which it is. */
  readonly preferredVersion: string;
  /**
   * Unix socket of the admin interface, for Envoy's user alone: it shows the token to whoever may ask, and an address would be
   * the whole namespace's.
   */
  readonly admin: { readonly path: string };
  /** Where `/ready` and `/metrics` are served to whoever may reach it, and nothing else. */
  readonly ready: SocketAddress;
  readonly xds: XdsTarget;
  /** Secret of the service's token; "" without ACLs. */
  readonly token: string;
  /** `Proxy.Config` as the agent shows it, Consul's `proxy-defaults` merged in. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Variables that the addresses of statistics sinks in it may name; HOST_IP is the host's address. */
  readonly env: Readonly<Record<string, string>>;
}

/** Envoy's dialect of a Consul version such as `1.16.4+ent`: v2 was the only one before 1.10. */
export function dialectOf(consulVersion: string): Dialect {
  const [major = 0, minor = 0] = consulVersion.split(".").map(Number);
  return major > 1 || minor >= 10 ? "v3" : "v2";
}
