/** Envoy's bootstrap, as `consul connect envoy -bootstrap` makes it, with a listener for readiness and metrics added. */
import { type Json, type ProxyConfig, readProxyConfig, type SinkTarget, type StatsTag } from "../model/proxy-config.ts";
import type { BootstrapInput, Dialect } from "./input.ts";
import { addressOf, adminCluster, adminListener, isGet, XDS_CLUSTER, xdsCluster } from "./static-http.ts";
import { nameTags } from "./tags.ts";

/** The bootstrap as a plain object for JSON, or why none can be made, in one sentence. */
export type Bootstrap = { readonly json: Json } | { readonly problem: string };

export function bootstrap(input: BootstrapInput): Bootstrap {
  const { config, problems } = readProxyConfig(input.config, input.env);
  if (problems.length > 0) return { problem: problems.map(({ sentence }) => sentence).join("; ") };
  const { dialect } = input;
  return {
    json: {
      admin: { access_log_path: "/dev/null", address: { pipe: { path: input.admin.path, mode: ADMIN_MODE } } },
      node: nodeOf(input),
      layered_runtime: RUNTIME[dialect],
      static_resources: {
        clusters: [xdsCluster(dialect, input.xds), ...config.extraClusters, ...ownAdminCluster(input, config)],
        listeners: [...config.extraListeners, ...metricsListeners(dialect, config), readyListener(input)],
      },
      ...sinks(dialect, config),
      stats_config: config.statsConfig ?? { stats_tags: statsTags(input, config), use_all_default_tags: true },
      ...(config.flushInterval === undefined ? {} : { stats_flush_interval: config.flushInterval }),
      ...(config.tracing === undefined ? {} : { tracing: config.tracing }),
      dynamic_resources: DYNAMIC[dialect](input.token),
    },
  };
}

/** Nobody but its owner. */
const ADMIN_MODE = 0o600;

function nodeOf({ dialect, service, proxyId, envoyVersion, preferredVersion }: BootstrapInput): Json {
  const metadata =
    dialect === "v2"
      ? { namespace: "default", envoy_version: envoyVersion === "" ? preferredVersion : envoyVersion }
      : { namespace: "default", partition: "default" };
  return { cluster: service, id: proxyId, metadata };
}

/** v2: Consul 1.8 sends what Envoy 1.14 calls deprecated. v3: its routes' expressions outgrow Envoy's default limit. */
const RUNTIME: { readonly [D in Dialect]: Json } = {
  v2: {
    layers: [
      {
        name: "static_layer",
        static_layer: {
          "envoy.deprecated_features:envoy.api.v2.Cluster.tls_context": true,
          "envoy.deprecated_features:envoy.config.trace.v2.ZipkinConfig.HTTP_JSON_V1": true,
          "envoy.deprecated_features:envoy.config.filter.network.http_connection_manager.v2.HttpConnectionManager.Tracing.operation_name": true,
        },
      },
    ],
  },
  v3: { layers: [{ name: "base", static_layer: { "re2.max_program_size.error_level": 1_048_576 } }] },
};

/** Envoy waits without end for its first configuration (`0s`): until then `/ready` says so. */
const ADS_V3: Json = { ads: {}, initial_fetch_timeout: "0s", resource_api_version: "V3" };

const DYNAMIC: { readonly [D in Dialect]: (token: string) => Json } = {
  v2: (token) => ({
    lds_config: { ads: {} },
    cds_config: { ads: {} },
    ads_config: { api_type: "GRPC", grpc_services: grpcService(token) },
  }),
  v3: (token) => ({
    lds_config: ADS_V3,
    cds_config: ADS_V3,
    ads_config: { api_type: "DELTA_GRPC", transport_api_version: "V3", grpc_services: grpcService(token) },
  }),
};

function grpcService(token: string): Json {
  return {
    initial_metadata: [{ key: "x-consul-token", value: token }],
    envoy_grpc: { cluster_name: XDS_CLUSTER },
  };
}

/** A user's own cluster of that name stands for it. */
function ownAdminCluster({ dialect, admin }: BootstrapInput, { extraClusters }: ProxyConfig): readonly Json[] {
  const cluster = adminCluster(dialect, admin);
  return extraClusters.some(({ name }) => name === cluster["name"]) ? [] : [cluster];
}

function metricsListeners(dialect: Dialect, { prometheus, stats }: ProxyConfig): readonly Json[] {
  const scrape = { match: { path: "/metrics" }, rewrite: "/stats/prometheus" };
  const all = { match: { prefix: "/stats" }, rewrite: "/stats" };
  return [
    ...(prometheus === undefined
      ? []
      : [
          adminListener(dialect, "envoy_prometheus_metrics_listener", "envoy_prometheus_metrics", prometheus, [scrape]),
        ]),
    ...(stats === undefined ? [] : [adminListener(dialect, "envoy_metrics_listener", "envoy_metrics", stats, [all])]),
  ];
}

/** Remora's own: reached from the host through the sidecar's reserved port, so it shows two pages and takes GET only. */
function readyListener({ dialect, envoyVersion, ready }: BootstrapInput): Json {
  const get = isGet(envoyVersion);
  return adminListener(dialect, "remora_ready_listener", "remora_ready", ready, [
    { match: { path: "/ready", ...get }, rewrite: "/ready" },
    { match: { path: "/metrics", ...get }, rewrite: "/stats/prometheus" },
  ]);
}

function sinks(dialect: Dialect, { statsd, dogstatsd, extraSinks }: ProxyConfig): Json {
  const list = [
    ...(statsd === undefined ? [] : [sink(dialect, "statsd", "StatsdSink", statsd)]),
    ...(dogstatsd === undefined ? [] : [sink(dialect, "dog_statsd", "DogStatsdSink", dogstatsd)]),
    ...extraSinks,
  ];
  return list.length === 0 ? {} : { stats_sinks: list };
}

function sink(dialect: Dialect, name: string, type: string, target: SinkTarget): Json {
  const address = addressOf(target);
  if (dialect === "v2") return { name: `envoy.${name}`, config: { address } };
  const typedConfig = { "@type": `type.googleapis.com/envoy.config.metrics.v3.${type}`, address };
  return { name: `envoy.stat_sinks.${name}`, typedConfig };
}

/** The user's tags stand before those of their names; who the proxy is comes last. The order is Consul's. */
function statsTags(input: BootstrapInput, config: ProxyConfig): readonly StatsTag[] {
  const { dialect, service, datacenter } = input;
  const own = config.statsTags;
  const fixed: readonly (readonly [string, string])[] =
    dialect === "v2"
      ? [["local_cluster", service]]
      : [
          ["local_cluster", service],
          ["consul.source.service", service],
          ["consul.source.namespace", "default"],
          ["consul.source.partition", "default"],
          ["consul.source.datacenter", datacenter],
        ];
  const source = fixed
    .filter(([name]) => !own.some(({ tag_name }) => tag_name === name))
    .map(([tag_name, fixed_value]): StatsTag => ({ tag_name, fixed_value }));
  const names = nameTags(dialect);
  return dialect === "v2" ? [...names, ...own, ...source] : [...own, ...names, ...source];
}
