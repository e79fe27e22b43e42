/** The bootstrap of Envoy: one golden per dialect, and what each key of a proxy's configuration does to it. */
import { describe, expect, test } from "vitest";
import { bootstrap } from "../../../src/envoy/bootstrap.ts";
import { type BootstrapInput, dialectOf } from "../../../src/envoy/input.ts";

const V3: BootstrapInput = {
  dialect: "v3",
  proxyId: "web-1-sidecar-proxy",
  service: "web",
  datacenter: "dc1",
  envoyVersion: "1.26.6",
  preferredVersion: "1.26.6",
  admin: { path: "/secrets/envoy_admin.sock" },
  ready: { address: "0.0.0.0", port: 20001 },
  xds: { path: "/consul/grpc.sock" },
  token: "11111111-2222-3333-4444-555555555555",
  config: {},
  env: { HOST_IP: "10.0.0.5", STATSD: "udp://10.0.0.9:8126", WRONG: "nowhere" },
};
const V2: BootstrapInput = { ...V3, dialect: "v2", envoyVersion: "1.14.5" };

/** Every key that adds something. */
const EVERYTHING = {
  envoy_prometheus_bind_addr: "0.0.0.0:9102",
  envoy_stats_bind_addr: "0.0.0.0:9103",
  envoy_statsd_url: "udp://127.0.0.1:8125",
  envoy_dogstatsd_url: "unix:///alloc/dogstatsd.sock",
  envoy_extra_stats_sinks_json: '{"name":"sink-1"},{"name":"sink-2"}',
  envoy_stats_tags: ["Team=payments", "canary"],
  envoy_stats_flush_interval: "10s",
  envoy_tracing_json: '{"http":{"name":"envoy.tracers.zipkin"}}',
  envoy_extra_static_clusters_json: '{"name":"zipkin"}',
  envoy_extra_static_listeners_json: '{"name":"extra"}',
  protocol: "http",
};

function made(input: BootstrapInput): unknown {
  const result = bootstrap(input);
  if ("problem" in result) throw new Error(result.problem);
  return result.json;
}

/** What is at a path such as `clusters.0.name`; `-1` is the last of a list. */
function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner.at(Number(key)) as unknown;
    return (inner as Record<string, unknown> | undefined)?.[key];
  }, value);
}

function names(list: unknown): readonly unknown[] {
  return (list as readonly { readonly name: string }[]).map(({ name }) => name);
}

function problem(config: BootstrapInput["config"]): string | undefined {
  const result = bootstrap({ ...V3, config });
  return "problem" in result ? result.problem : undefined;
}

describe("is, as a whole, what its golden says", () => {
  test.each([
    ["v2", V2],
    ["v3", V3],
  ])("in the dialect %s", async (dialect, input) => {
    await expect(JSON.stringify(made(input), null, 2)).toMatchFileSnapshot(`golden/${dialect}.golden`);
  });

  test.each([
    ["v2", V2],
    ["v3", V3],
  ])("in the dialect %s with everything a configuration can ask for", async (dialect, input) => {
    const everything = { ...input, config: EVERYTHING };
    await expect(JSON.stringify(made(everything), null, 2)).toMatchFileSnapshot(`golden/${dialect}-everything.golden`);
  });
});

test.each([
  ["1.8.7", "v2"],
  ["1.9.17", "v2"],
  ["1.10.0", "v3"],
  ["1.22.2+ent", "v3"],
  ["2.0.0", "v3"],
])("Consul %s is spoken to in %s", (version, dialect) => {
  expect(dialectOf(version)).toBe(dialect);
});

describe("the way to Consul", () => {
  const cluster = (xds: BootstrapInput["xds"], dialect: "v2" | "v3" = "v3"): unknown =>
    at(made({ ...(dialect === "v2" ? V2 : V3), xds }), "static_resources.clusters.0");

  test("is an address where groups reach Consul directly", () => {
    const found = cluster({ address: "10.0.0.5", port: 8502 });
    expect(at(found, "type")).toBe("STATIC");
    expect(at(found, "loadAssignment.endpoints.0.lbEndpoints.0.endpoint.address")).toEqual({
      socket_address: { address: "10.0.0.5", port_value: 8502 },
    });
  });

  test("is looked up when it is a name", () => {
    expect(at(cluster({ address: "consul.internal", port: 8502 }), "type")).toBe("STRICT_DNS");
  });

  test("trusts the given authority over TLS, whatever the dialect", () => {
    const trusted = { validation_context: { trusted_ca: { inline_string: "PEM\n" } } };
    const xds = { path: "/consul/grpc.sock", ca: "PEM\n" };
    expect(at(cluster(xds), "transport_socket.typed_config.common_tls_context")).toEqual(trusted);
    expect(at(cluster(xds, "v2"), "tls_context.common_tls_context")).toEqual(trusted);
  });
});

describe("the configuration of the proxy", () => {
  test("replaces all tags with a statistics configuration of its own", () => {
    const config = { envoy_stats_config_json: '{"use_all_default_tags":false}', envoy_stats_tags: ["a=b"] };
    expect(at(made({ ...V3, config }), "stats_config")).toEqual({ use_all_default_tags: false });
  });

  test("may bring its own cluster for the admin interface", () => {
    const config = { envoy_extra_static_clusters_json: '{"name":"self_admin","type":"STATIC"}' };
    expect(names(at(made({ ...V3, config }), "static_resources.clusters"))).toEqual(["local_agent", "self_admin"]);
  });

  test("names a tag that Consul would set itself: the user's value stands", () => {
    const config = { envoy_stats_tags: ["local_cluster=mine"] };
    const tags = at(made({ ...V3, config }), "stats_config.stats_tags") as readonly { readonly tag_name: string }[];
    expect(tags.filter(({ tag_name }) => tag_name === "local_cluster")).toEqual([
      { tag_name: "local_cluster", fixed_value: "mine" },
    ]);
  });

  test("is read leniently: a list of one as Consul 1.8 shows it, an empty text as nothing", () => {
    const config = { envoy_stats_tags: "a=b=c", envoy_prometheus_bind_addr: "" };
    const read = made({ ...V3, config });
    expect(at(read, "stats_config.stats_tags.0")).toEqual({ tag_name: "a", fixed_value: "b=c" });
    expect(names(at(read, "static_resources.listeners"))).toEqual(["remora_ready_listener"]);
  });

  test.each([
    ["udp://${HOST_IP}:8125", { address: "10.0.0.5", port_value: 8125 }],
    ["udp://$HOST_IP:8125", { address: "10.0.0.5", port_value: 8125 }],
    ["$STATSD", { address: "10.0.0.9", port_value: 8126 }],
  ])("sends statistics where %s says in the given environment", (envoy_statsd_url, socket_address) => {
    const sinks = at(made({ ...V3, config: { envoy_statsd_url } }), "stats_sinks.0.typedConfig.address");
    expect(sinks).toEqual({ socket_address });
  });

  test("sends statistics to a host whose address is one of IPv6", () => {
    const config = { envoy_dogstatsd_url: "udp://${HOST_IP}:8125" };
    const sinks = at(made({ ...V3, env: { HOST_IP: "fd00::5" }, config }), "stats_sinks.0.typedConfig.address");
    expect(sinks).toEqual({ socket_address: { address: "fd00::5", port_value: 8125 } });
  });

  test.each([
    [{ envoy_prometheus_bind_addr: "9102" }, "envoy_prometheus_bind_addr", "0.0.0.0:9102"],
    [{ envoy_stats_bind_addr: "0.0.0.0:99999" }, "envoy_stats_bind_addr", "0.0.0.0:9102"],
    [{ envoy_statsd_url: "tcp://127.0.0.1:8125" }, "envoy_statsd_url", "udp://ip:port"],
    [{ envoy_statsd_url: "unix:///x" }, "envoy_statsd_url", "udp://ip:port"],
    [{ envoy_dogstatsd_url: "$DOGSTATSD" }, "envoy_dogstatsd_url", "$DOGSTATSD is not in the env of its sidecar_task"],
    [{ envoy_dogstatsd_url: "$WRONG" }, "envoy_dogstatsd_url", "unix:///path, which $WRONG is not"],
    [{ envoy_statsd_url: "udp://${OTHER}:8125" }, "envoy_statsd_url", "only ${HOST_IP} is filled in"],
    [{ envoy_stats_flush_interval: "soon" }, "envoy_stats_flush_interval", "10s"],
    [{ envoy_tracing_json: "{" }, "envoy_tracing_json", "JSON"],
    [{ envoy_extra_static_listeners_json: "[{}]" }, "envoy_extra_static_listeners_json", "JSON objects"],
    [{ envoy_extra_static_clusters_json: "1, 2" }, "envoy_extra_static_clusters_json", "JSON objects"],
    [{ envoy_stats_tags: [1] }, "envoy_stats_tags", "list of texts"],
    [{ envoy_bootstrap_json_tpl: "{{ .ProxyID }}" }, "envoy_bootstrap_json_tpl", "not supported"],
    [{ envoy_telemetry_collector_bind_socket_dir: "/x" }, "envoy_telemetry_collector_bind_socket_dir", "not supported"],
  ])("that will not do is named with what it should be: %o", (config, key, hint) => {
    expect(problem(config)).toContain(key);
    expect(problem(config)).toContain(hint);
  });

  test("with several mistakes is told of all of them", () => {
    const text = problem({ envoy_statsd_url: "x", envoy_stats_bind_addr: "y" }) ?? "";
    expect(text).toContain("envoy_statsd_url");
    expect(text).toContain("envoy_stats_bind_addr");
  });
});

test("Consul 1.8 is told which Envoy reads it, or else the one that it prefers", () => {
  const told = (envoyVersion: string): unknown =>
    at(made({ ...V2, envoyVersion, preferredVersion: "1.14.5" }), "node.metadata.envoy_version");
  expect(told("1.13.4")).toBe("1.13.4");
  expect(told("")).toBe("1.14.5");
});

describe("the ready listener", () => {
  test("takes GET only, in the form that the Envoy of that version knows", () => {
    const routes =
      "static_resources.listeners.-1.filter_chains.0.filters.0.typedConfig.route_config.virtual_hosts.0.routes";
    const methods = (envoyVersion: string): unknown => at(made({ ...V3, envoyVersion }), `${routes}.0.match.headers`);
    expect(methods("1.26.6")).toEqual([{ name: ":method", string_match: { exact: "GET" } }]);
    expect(methods("1.20")).toEqual([{ name: ":method", string_match: { exact: "GET" } }]);
    expect(methods("1.18.3")).toEqual([{ name: ":method", exact_match: "GET" }]);
    expect(methods("")).toEqual([{ name: ":method", exact_match: "GET" }]);
  });
});
