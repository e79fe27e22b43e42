/** Remora's bootstrap in a real Envoy: valid, ready when it serves, and closed to who asks for more than two pages. */
import { stat } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BootstrapInput } from "../../src/envoy/input.ts";
import { validateBootstrap } from "../rig/envoy.ts";
import { describeWithEnvoy } from "../rig/vitest.ts";
import { until } from "../rig/wait.ts";
import { CLUSTER, LISTENER } from "../support/xds/ads-server.ts";
import type { AdsStream } from "../support/xds/ads-server.ts";
import { localCluster, tcpListener } from "../support/xds/resources.ts";
import { ask, bootstrapOf, inputFor, startEnvoyWorld, TOKEN } from "./envoy-world.ts";
import type { EnvoyWorld } from "./envoy-world.ts";

const cluster = { name: "extra", type: "STATIC", connect_timeout: "1s" };
const listener = tcpListener("extra", 9999, "extra");
const sink = {
  name: "envoy.stat_sinks.statsd",
  typed_config: {
    "@type": "type.googleapis.com/envoy.config.metrics.v3.StatsdSink",
    tcp_cluster_name: "extra",
  },
};

/** Each of them changes the bootstrap in a way that Envoy might not understand. */
const BOOTSTRAPS: Readonly<Record<string, Partial<BootstrapInput>>> = {
  "a unix socket": {},
  "an address": { xds: { address: "127.0.0.1", port: 8502 } },
  "no token": { token: "" },
  "a name that needs escaping": { service: 'we"b', proxyId: "a\\b\n" },
  "an Envoy before 1.20": { envoyVersion: "1.18.3" },
  envoy_prometheus_bind_addr: { config: { envoy_prometheus_bind_addr: "0.0.0.0:9102" } },
  envoy_stats_bind_addr: { config: { envoy_stats_bind_addr: "0.0.0.0:9103" } },
  envoy_statsd_url: { config: { envoy_statsd_url: "udp://127.0.0.1:8125" } },
  "envoy_dogstatsd_url over UDP": { config: { envoy_dogstatsd_url: "udp://127.0.0.1:8125" } },
  "envoy_dogstatsd_url to a socket": { config: { envoy_dogstatsd_url: "unix:///run/dogstatsd.sock" } },
  envoy_stats_tags: { config: { envoy_stats_tags: ["team=shop", "canary"] } },
  envoy_stats_config_json: { config: { envoy_stats_config_json: '{"use_all_default_tags": false}' } },
  envoy_stats_flush_interval: { config: { envoy_stats_flush_interval: "10s" } },
  "static parts of the user's own": {
    config: {
      envoy_extra_static_clusters_json: JSON.stringify(cluster),
      envoy_extra_static_listeners_json: JSON.stringify({ ...listener, "@type": undefined }),
      envoy_extra_stats_sinks_json: JSON.stringify(sink),
    },
  },
};

describeWithEnvoy("the v3 bootstrap", (binary) => {
  test.for(Object.entries(BOOTSTRAPS))("passes Envoy's own validation with %s", async ([, part]) => {
    await validateBootstrap(binary, bootstrapOf({ ...inputFor(binary), ...part }));
  });

  test("would not pass it with a mistake in it", async () => {
    const wrong = { ...bootstrapOf(inputFor(binary)), node: { id: 7, cluster: ["web"] } };
    await expect(validateBootstrap(binary, wrong)).rejects.toThrow(/node|cluster/);
  });
});

describeWithEnvoy("an Envoy with the v3 bootstrap", (binary) => {
  let world: EnvoyWorld;
  let reserved: number;

  beforeAll(async () => {
    world = await startEnvoyWorld(binary);
    reserved = world.ports.ready;
  });
  afterAll(() => world?.stop());

  const stream = (what: string, is: (one: AdsStream) => boolean): Promise<AdsStream> =>
    until(async () => world.ads.streams.find(is), { what });
  const asking = (type: string): Promise<AdsStream> =>
    stream(`a request for ${type}`, (one) => one.asked.includes(type));

  test("tells Consul the proxy's id, its service, its place and its token", async () => {
    const { node, tokens } = await asking(CLUSTER);
    const { proxyId: id, service } = inputFor(binary);
    expect(node).toEqual({ id, cluster: service, metadata: { namespace: "default", partition: "default" } });
    expect(tokens).toEqual([TOKEN]);
  });

  test("is not ready until its listeners have come", async () => {
    world.ads.serve({ clusters: [localCluster("local_app", world.ports.app)] });
    await asking(LISTENER);
    expect((await ask(world.admin, "/ready")).status).toBe(503);
    expect((await ask(reserved, "/ready")).status).not.toBe(200);
  });

  test("is ready once they have, and carries a request", async () => {
    const { ads, ports } = world;
    ads.serve({ listeners: [tcpListener("public_listener", ports.listener, "local_app")] });
    await until(async () => (await ask(reserved, "/ready")).status === 200, { what: "Envoy to be ready" });
    expect(await ask(ports.listener, "/any")).toMatchObject({ status: 200, text: "from the app" });
    const { answers } = await stream("an answer to both", (one) => one.answers.length === 2);
    expect(answers.map(({ type, refused }) => [type, refused])).toEqual([
      [CLUSTER, undefined],
      [LISTENER, undefined],
    ]);
  });

  test("shows its metrics to Prometheus, with the proxy's names on them", async () => {
    const { status, type, text } = await ask(reserved, "/metrics");
    expect([status, type]).toEqual([200, expect.stringContaining("text/plain")]);
    expect(text).toMatch(/^# TYPE envoy_server_live gauge$/m);
    expect(text).toMatch(/^envoy_server_live\{.*local_cluster="web".*\} 1$/m);
    expect(text).toMatch(/^envoy_server_live\{.*consul_source_datacenter="dc1".*\} 1$/m);
    expect(text).toMatch(/^envoy_tcp_downstream_cx_total\{.*envoy_tcp_prefix="public_listener"\} [1-9]/m);
  });

  test.for(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("refuses %s at its reserved port", async (method) => {
    for (const path of ["/ready", "/metrics", "/quitquitquit"]) {
      expect([path, (await ask(reserved, path, method)).status]).toEqual([path, 404]);
    }
    expect(await world.envoy.isAlive()).toBe(true);
  });

  test.for(adminPaths())("shows nothing of the admin interface at %s", async (path) => {
    expect((await ask(reserved, path)).status).toBe(404);
  });

  test("keeps what it serves when it refuses what came after", async () => {
    world.ads.serve({
      listeners: [{ ...tcpListener("public_listener", world.ports.listener, ""), filter_chains: [] }],
    });
    const { answers } = await stream("a refusal", (one) => one.answers.length === 3);
    expect(answers.at(-1)?.refused).toContain("no filter chains");
    expect(await ask(world.ports.listener, "/again")).toMatchObject({ status: 200, text: "from the app" });
  });

  test("has an admin interface that shows everything, the token too, to its own user alone", async () => {
    const shown = await ask(world.admin, "/config_dump");
    expect([shown.status, shown.text]).toEqual([200, expect.stringContaining("local_app")]);
    expect(shown.text).toContain(TOKEN);
    expect((await stat(world.admin)).mode & 0o777).toBe(0o600);
  });

  test("shows its token at no page of its reserved port, and does not print it", async () => {
    for (const path of ["/ready", "/metrics", "/metrics?format=json", "/ready?x", "/config_dump"]) {
      expect((await ask(reserved, path)).text).not.toContain(TOKEN);
    }
    expect(await world.envoy.log()).not.toContain(TOKEN);
  });
});

/** Pages of the admin interface, and other ways to write them. */
function adminPaths(): readonly string[] {
  const pages = [
    "/",
    "/certs",
    "/clusters",
    "/config_dump",
    "/help",
    "/listeners",
    "/logging",
    "/memory",
    "/quitquitquit",
  ];
  const more = ["/runtime", "/server_info", "/stats", "/stats/prometheus", "/stats/recentlookups", "/healthcheck/fail"];
  const tricks = ["/ready/", "/ready/../config_dump", "/metrics/../config_dump", "/metrics/%2e%2e/config_dump"];
  const odd = ["//config_dump", "/%63onfig_dump", "/metrics%2f..%2fconfig_dump", "/ready;/config_dump", "/METRICS"];
  return [...pages, ...more, ...tricks, ...odd];
}
