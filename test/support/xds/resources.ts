/** The simplest things a mesh sends to a proxy: a listener that passes connections on to a cluster, and that cluster. */
import { CLUSTER, LISTENER } from "./ads-server.ts";
import type { Resource } from "./wire.ts";

const TCP_PROXY = "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";

/** Accepts on 127.0.0.1. */
export function tcpListener(name: string, port: number, cluster: string): Resource {
  const typed_config = { "@type": TCP_PROXY, stat_prefix: name, cluster };
  const filters = [{ name: "envoy.filters.network.tcp_proxy", typed_config }];
  return { "@type": LISTENER, name, address: local(port), filter_chains: [{ filters }] };
}

/** One endpoint, on 127.0.0.1. */
export function localCluster(name: string, port: number): Resource {
  const lb_endpoints = [{ endpoint: { address: local(port) } }];
  const load_assignment = { cluster_name: name, endpoints: [{ lb_endpoints }] };
  return { "@type": CLUSTER, name, connect_timeout: { seconds: 1 }, load_assignment };
}

function local(port: number): object {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}
