/** The keys of a proxy's configuration that shape Envoy's bootstrap: all others reach Envoy through Consul, also while it runs. */
export const BOOTSTRAP_KEYS = [
  "envoy_bootstrap_json_tpl",
  "envoy_dogstatsd_url",
  "envoy_extra_static_clusters_json",
  "envoy_extra_static_listeners_json",
  "envoy_extra_stats_sinks_json",
  "envoy_prometheus_bind_addr",
  "envoy_stats_bind_addr",
  "envoy_stats_config_json",
  "envoy_stats_flush_interval",
  "envoy_stats_tags",
  "envoy_statsd_url",
  "envoy_telemetry_collector_bind_socket_dir",
  "envoy_tracing_json",
] as const;

export type BootstrapKey = (typeof BOOTSTRAP_KEYS)[number];
