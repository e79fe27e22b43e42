/** Our bootstrap against the one that the real `consul connect envoy -bootstrap` prints for the same proxy. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { bootstrap } from "../../src/envoy/bootstrap.ts";
import { dialectOf } from "../../src/envoy/input.ts";
import { startConsul } from "../rig/consul.ts";
import type { Consul } from "../rig/consul.ts";
import { atLeast } from "../rig/consul-config.ts";
import { consulBinary } from "../rig/consul-binary.ts";
import { run } from "../rig/shell.ts";
import { rig } from "../rig/vitest.ts";

type Json = Record<string, unknown>;

const ADMIN = { path: "/secrets/envoy_admin.sock" };
const ENV = { HOST_IP: "10.0.0.5", STATSD: "udp://10.0.0.9:8126" };
const SOCKET = "/consul/grpc.sock";

let consul: Consul;

beforeAll(async () => {
  consul = await startConsul({ bind: rig().bridge });
  const cluster = { Kind: "proxy-defaults", Name: "global", Config: { envoy_dogstatsd_url: "udp://127.0.0.1:8125" } };
  await consul.api.put("/config", cluster);
}, 60_000);
afterAll(() => consul.stop());

const CONFIGS: readonly (readonly [string, Json])[] = [
  ["nothing", {}],
  [
    "listeners, a sink and tags",
    {
      envoy_prometheus_bind_addr: "0.0.0.0:9102",
      envoy_stats_bind_addr: "0.0.0.0:9103",
      envoy_statsd_url: "udp://127.0.0.1:8126",
      envoy_stats_tags: ["Team=payments", "canary", "local_cluster=mine"],
      envoy_stats_flush_interval: "10s",
    },
  ],
  ["an address from the environment", { envoy_statsd_url: "$STATSD" }],
  [
    "parts in Envoy's own words",
    {
      envoy_tracing_json: '{"http":{"name":"envoy.tracers.zipkin"}}',
      envoy_extra_static_clusters_json: '{"name":"one"},{"name":"two"}',
      envoy_extra_static_listeners_json: '{"name":"extra"}',
      envoy_extra_stats_sinks_json: '{"name":"sink"}',
      envoy_stats_config_json: '{"use_all_default_tags":false}',
    },
  ],
];

/** The agent's own words for the proxy, which has the cluster's defaults merged in. */
async function register(name: string, config: Json): Promise<Json> {
  const SidecarService = { Port: 21_000, Proxy: { Config: config } };
  await consul.api.put("/agent/service/register", { ID: name, Name: name, Port: 9_000, Connect: { SidecarService } });
  const { Proxy } = await consul.api.get<{ Proxy: { Config: Json | null } }>(`/agent/service/${name}-sidecar-proxy`);
  return Proxy.Config ?? {};
}

async function consulsOwn(proxyId: string): Promise<Json> {
  const { path } = await consulBinary();
  const address = ["-http-addr", consul.httpAddr, "-grpc-addr", `unix://${SOCKET}`, "-token", consul.token];
  const args = ["connect", "envoy", "-bootstrap", "-proxy-id", proxyId, ...address];
  return JSON.parse(await run(path, args, { env: { ...process.env, ...ENV } })) as Json;
}

interface Static {
  readonly clusters: readonly { readonly name: string }[];
  readonly listeners?: readonly { readonly name: string }[];
}

/**
 * What is ours on purpose: the listener for readiness and metrics; the admin interface at a unix socket of Envoy's own instead
 * of an address that the whole namespace reaches, since it shows the token; and its cluster, with that real address, in every
 * bootstrap.
 */
function withoutOurs(made: Json): Json {
  const { clusters, listeners = [] } = made["static_resources"] as Static;
  const others = listeners.filter(({ name }) => name !== "remora_ready_listener");
  const kept = { clusters: clusters.filter(({ name }) => name !== "self_admin") };
  return { ...made, admin: undefined, static_resources: others.length === 0 ? kept : { ...kept, listeners: others } };
}

/** Ours and Consul's own for a proxy of that configuration. */
async function bothFor(config: Json): Promise<{ readonly ours: Json; readonly consuls: Json }> {
  const name = `web-${crypto.randomUUID().slice(0, 8)}`;
  const merged = await register(name, config);
  // Consul 1.8 merges only where it is told to (enable_central_service_config).
  const cluster = { envoy_dogstatsd_url: "udp://127.0.0.1:8125", ...config };
  if (atLeast(consul.version, 1, 9)) expect(merged).toMatchObject(cluster);
  const { xDS } = await consul.api.get<{ xDS: { SupportedProxies: { envoy: readonly string[] } } }>("/agent/self");
  const ours = bootstrap({
    dialect: dialectOf(consul.version),
    proxyId: `${name}-sidecar-proxy`,
    service: name,
    datacenter: "dc1",
    envoyVersion: "",
    preferredVersion: xDS.SupportedProxies.envoy[0] ?? "",
    admin: ADMIN,
    ready: { address: "0.0.0.0", port: 20_001 },
    xds: { path: SOCKET },
    token: consul.token,
    config: merged,
    env: ENV,
  });
  if ("problem" in ours) throw new Error(ours.problem);
  return { ours: withoutOurs(ours.json), consuls: withoutOurs(await consulsOwn(`${name}-sidecar-proxy`)) };
}

test.each(CONFIGS)("with %s in the proxy's config it is Consul's, our listener apart", async (_, config) => {
  const { ours, consuls } = await bothFor(config);
  expect(ours).toEqual(consuls);
});

test("with the host's address in an address it is Consul's, where Consul fills that in", async ({ skip }) => {
  // Consul 1.8.7 does not, 1.16.4 does.
  skip(!atLeast(consul.version, 1, 16), "an older Consul");
  const { ours, consuls } = await bothFor({ envoy_dogstatsd_url: "udp://${HOST_IP}:8125" });
  expect(ours).toEqual(consuls);
});
