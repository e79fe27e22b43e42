/** Clusters and HTTP listeners that are in the bootstrap itself: the way to Consul, to Envoy's own admin, and to metrics. */
import type { Json, SocketAddress } from "../model/proxy-config.ts";
import type { Dialect, XdsTarget } from "./input.ts";

export const ADMIN_CLUSTER = "self_admin";
/** Consul's name of the cluster that is Consul. */
export const XDS_CLUSTER = "local_agent";

const TYPES = "type.googleapis.com/envoy.extensions";

export function addressOf(target: SocketAddress | { readonly path: string }): Json {
  if ("path" in target) return { pipe: { path: target.path } };
  return { socket_address: { address: target.address, port_value: target.port } };
}

function endpoints(dialect: Dialect, name: string, target: SocketAddress | { readonly path: string }): Json {
  const address = addressOf(target);
  if (dialect === "v2") return { hosts: [address] };
  return { loadAssignment: { clusterName: name, endpoints: [{ lbEndpoints: [{ endpoint: { address } }] }] } };
}

/** A version hint that Consul's own bootstrap carries: the field is not in v2. */
function hint(dialect: Dialect): Json {
  return dialect === "v2" ? {} : { ignore_health_on_host_removal: false };
}

/** A name instead of an IP address needs to be looked up. */
function discovery(target: SocketAddress | { readonly path: string }): "STATIC" | "STRICT_DNS" {
  return "path" in target || /^[\d.]+$|:/.test(target.address) ? "STATIC" : "STRICT_DNS";
}

export function xdsCluster(dialect: Dialect, target: XdsTarget): Json {
  return {
    name: XDS_CLUSTER,
    ...hint(dialect),
    connect_timeout: "1s",
    type: discovery(target),
    http2_protocol_options: {},
    ...(target.ca === undefined ? {} : tls(dialect, target.ca)),
    ...endpoints(dialect, XDS_CLUSTER, target),
  };
}

/** Whoever shows a certificate of this authority is Consul: its name is not checked, as in Consul's own bootstrap. */
function tls(dialect: Dialect, ca: string): Json {
  const context = { common_tls_context: { validation_context: { trusted_ca: { inline_string: ca } } } };
  if (dialect === "v2") return { tls_context: context };
  const type = `${TYPES}.transport_sockets.tls.v3.UpstreamTlsContext`;
  return { transport_socket: { name: "tls", typed_config: { "@type": type, ...context } } };
}

export function adminCluster(dialect: Dialect, admin: { readonly path: string }): Json {
  return {
    name: ADMIN_CLUSTER,
    ...hint(dialect),
    connect_timeout: "5s",
    type: "STATIC",
    http_protocol_options: {},
    ...endpoints(dialect, ADMIN_CLUSTER, admin),
  };
}

/** A path or prefix of a listener, and what of the admin interface it shows. */
export interface AdminRoute {
  readonly match: Json;
  readonly rewrite: string;
}

/**
 * Matches GET requests only, in the form that the Envoy of that version knows. Since 1.20 the older one is deprecated, but it is
 * taken with a warning (by 1.40 too), so it is the form for an unknown version.
 */
export function isGet(envoyVersion: string): Json {
  const [major = 0, minor = 0] = envoyVersion.split(".").map(Number);
  const exact = "GET";
  const isNew = major > 1 || minor >= 20;
  return { headers: [{ name: ":method", ...(isNew ? { string_match: { exact } } : { exact_match: exact }) }] };
}

/** A listener that shows these parts of the admin interface and answers 404 to all else. */
export function adminListener(
  dialect: Dialect,
  name: string,
  statPrefix: string,
  at: SocketAddress,
  routes: readonly AdminRoute[],
): Json {
  const manager = {
    stat_prefix: statPrefix,
    codec_type: "HTTP1",
    route_config: {
      name: "self_admin_route",
      virtual_hosts: [
        {
          name: ADMIN_CLUSTER,
          domains: ["*"],
          routes: [
            ...routes.map(({ match, rewrite }) => ({
              match,
              route: { cluster: ADMIN_CLUSTER, prefix_rewrite: rewrite },
            })),
            { match: { prefix: "/" }, direct_response: { status: 404 } },
          ],
        },
      ],
    },
    http_filters: [router(dialect)],
  };
  return { name, address: addressOf(at), filter_chains: [{ filters: [httpManager(dialect, manager)] }] };
}

function router(dialect: Dialect): Json {
  if (dialect === "v2") return { name: "envoy.router" };
  return { name: "envoy.filters.http.router", typedConfig: { "@type": `${TYPES}.filters.http.router.v3.Router` } };
}

function httpManager(dialect: Dialect, config: Json): Json {
  if (dialect === "v2") return { name: "envoy.http_connection_manager", config };
  const type = `${TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager`;
  return { name: "envoy.filters.network.http_connection_manager", typedConfig: { "@type": type, ...config } };
}
