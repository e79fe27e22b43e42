/** Which changes of a job replace its allocations, and which do not. */
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../../src/model/ids.ts";
import type { Job, TaskGroup } from "../../../src/model/job.ts";
import { revisionFromLabel, revisionOf } from "../../../src/model/revision.ts";
import type { Settings } from "../../../src/model/settings.ts";
import {
  aCheck,
  aConnect,
  aGroup,
  aJob,
  aMeshService,
  anUpstream,
  aPort,
  aService,
  aTask,
} from "../../support/builders.ts";

function hash(group: TaskGroup, proxy: Settings["proxy"] = "envoy", job: Job = aJob()): string {
  return revisionOf(job, group, { proxy }).hash;
}

const before = hash(aGroup());

describe("an allocation is replaced", () => {
  const changes: Readonly<Record<string, TaskGroup>> = {
    "when a task is added": aGroup({ tasks: [aTask(), aTask({ name: "log" })] }),
    "when a task is renamed": aGroup({ tasks: [aTask({ name: "other" })] }),
    "when an image changes": aGroup({ tasks: [aTask({}, { image: "app:2" })] }),
    "when an argument changes": aGroup({ tasks: [aTask({}, { args: ["-v"] })] }),
    "when an argument that is empty is added": aGroup({ tasks: [aTask({}, { args: [""] })] }),
    "when a variable changes": aGroup({ tasks: [aTask({ env: { A: "1" } })] }),
    "when a variable that is empty is added": aGroup({ tasks: [aTask({ env: { X: "" } })] }),
    "when a label that is empty is added": aGroup({ tasks: [aTask({}, { labels: { x: "" } })] }),
    "when meta that is empty is added": aGroup({ tasks: [aTask({ meta: { x: "" } })] }),
    "when the user changes": aGroup({ tasks: [aTask({ user: "1000" })] }),
    "when memory changes": aGroup({ tasks: [aTask({ resources: { cpu: 100, memory: 301 } })] }),
    "when the lifecycle changes": aGroup({ tasks: [aTask({ lifecycle: { hook: "prestart", sidecar: false } })] }),
    "when a task's meta changes": aGroup({ tasks: [aTask({ meta: { a: "b" } })] }),
    "when a group's meta changes": aGroup({ meta: { a: "b" } }),
    "when a port is added": aGroup({ network: { mode: "bridge", ports: [aPort()] } }),
    "when a port becomes static": aGroup({ network: { mode: "bridge", ports: [aPort({ static: 80 })] } }),
    "when the hostname changes": aGroup({ network: { mode: "bridge", ports: [], hostname: "h" } }),
    "when a mesh service's port changes": aGroup({ services: [aMeshService({ port: "9002" })] }),
    "when a mesh service is renamed": aGroup({ services: [aMeshService({ name: "other" })] }),
    "when a service joins the mesh or leaves it": aGroup({ services: [aService()] }),
    "when the sidecar's own settings change": aGroup({
      services: [aService({ connect: aConnect({}, {}, { image: "consul:2" }) })],
    }),
    "when the sidecar gets a declared port": aGroup({
      services: [aService({ connect: aConnect({}, { port: "http" }) })],
    }),
  };

  test.each(Object.keys(changes))("%s", (name) => {
    expect(hash(changes[name] ?? aGroup())).not.toBe(before);
  });

  test("when the job's meta changes", () => {
    expect(hash(aGroup(), "envoy", aJob({ meta: { a: "b" } }))).not.toBe(before);
  });
});

describe("an allocation stays", () => {
  test("when its variables stand in another order", () => {
    const withEnv = (env: Readonly<Record<string, string>>): string => hash(aGroup({ tasks: [aTask({ env })] }));
    expect(withEnv({ A: "1", B: "2" })).toBe(withEnv({ B: "2", A: "1" }));
  });

  const changes: Readonly<Record<string, TaskGroup>> = {
    "when the count changes": aGroup({ count: 5 }),
    "when kill_timeout changes": aGroup({ tasks: [aTask({ killTimeout: 30_000 })] }),
    "when kill_signal changes": aGroup({ tasks: [aTask({ killSignal: "SIGQUIT" })] }),
    "when shutdown_delay changes": aGroup({ shutdownDelay: 10_000, tasks: [aTask({ shutdownDelay: 10_000 })] }),
    "when the restart policy changes": aGroup({
      tasks: [aTask({ restart: { attempts: 9, interval: 1, delay: 1, mode: "delay" } })],
    }),
    "when tags, meta and checks change": aGroup({
      services: [aMeshService({ tags: ["v2"], meta: { a: "b" }, checks: [aCheck()] })],
    }),
    "when a service without a sidecar is added": aGroup({
      services: [aMeshService(), aService({ name: "metrics", port: "9100" })],
    }),
    "when the sidecar's tags change": aGroup({ services: [aService({ connect: aConnect({}, { tags: ["a"] }) })] }),
  };

  test.each(Object.keys(changes))("%s", (name) => {
    expect(hash(changes[name] ?? aGroup({ name: "none" }))).toBe(before);
  });
});

describe("upstreams", () => {
  const group = aGroup({ services: [aMeshService({}, { upstreams: [anUpstream()] })] });

  test("replace with the proxy consul, which is told them by arguments", () => {
    expect(hash(group, "consul")).not.toBe(hash(aGroup(), "consul"));
  });

  test("do not replace with Envoy, which learns them from Consul", () => {
    expect(hash(group, "envoy")).toBe(before);
  });
});

describe("exposed paths", () => {
  const path = { path: "/health", protocol: "http", localPathPort: 9001, listenerPort: "http" } as const;
  const group = aGroup({ services: [aMeshService({}, { expose: [path] })] });

  test("replace with the proxy consul, which cannot expose any: a check through one would fail on what runs", () => {
    expect(hash(group, "consul")).not.toBe(hash(aGroup(), "consul"));
  });

  test("do not replace with Envoy, which learns them from Consul", () => {
    expect(hash(group, "envoy")).toBe(before);
  });
});

describe("the proxy's config", () => {
  const withConfig = (config: Record<string, unknown>): TaskGroup =>
    aGroup({ services: [aMeshService({}, { config })] });

  test("replaces where it shapes Envoy's bootstrap, which is read once", () => {
    const tagged = hash(withConfig({ envoy_stats_tags: ["a=b"] }), "envoy");
    expect(tagged).not.toBe(before);
    expect(hash(withConfig({ envoy_stats_tags: ["a=c"] }), "envoy")).not.toBe(tagged);
    expect(hash(withConfig({ envoy_statsd_url: "" }), "envoy")).toBe(before);
  });

  test("does not replace where Envoy learns it from Consul, nor with the proxy consul, which reads none of it", () => {
    expect(hash(withConfig({ protocol: "http", envoy_public_listener_json: "{}" }), "envoy")).toBe(before);
    expect(hash(withConfig({ envoy_stats_tags: ["a=b"] }), "consul")).toBe(hash(aGroup(), "consul"));
  });
});

test("another proxy replaces", () => {
  expect(hash(aGroup(), "consul")).not.toBe(hash(aGroup(), "envoy"));
});

describe("the revision that a label keeps", () => {
  const text = revisionOf(aJob(), aGroup(), { proxy: "envoy" }).text;

  test("is the revision it was written from", () => {
    expect(revisionFromLabel(text)).toEqual({ text, hash: before });
  });

  test("is still the same when a later version has added fields that are empty", () => {
    const later = {
      ...(JSON.parse(text) as Record<string, unknown>),
      volumes: [],
      labels: {},
      hugePages: false,
      cores: 0,
      runtime: "",
      nothing: null,
      nested: { empty: [{}, []].slice(2), deeper: { list: [] } },
    };
    expect(revisionFromLabel(JSON.stringify(later)).hash).toBe(before);
  });

  test("is still the same when references are kept with the spaces that they are written with", () => {
    const wanted = hash(aGroup({ tasks: [aTask({ env: { A: '${ NOMAD_PORT_http }${env[ "X" ]}' } })] }));
    const label = canonicalJson({ tasks: [] });
    const kept = revisionOf(aJob(), aGroup({ tasks: [aTask({ env: { A: '${NOMAD_PORT_http}${env["X"]}' } })] }), {
      proxy: "envoy",
    });
    expect(revisionFromLabel(kept.text).hash).toBe(wanted);
    expect(revisionFromLabel(label).hash).not.toBe(wanted);
  });

  test("is still the same when its keys stand in another order", () => {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>).reverse();
    expect(revisionFromLabel(JSON.stringify(Object.fromEntries(entries))).hash).toBe(before);
  });

  test("differs when a later version's field says something", () => {
    const later = { ...(JSON.parse(text) as Record<string, unknown>), cores: 2 };
    expect(revisionFromLabel(canonicalJson(later)).hash).not.toBe(before);
  });

  test("differs from everything when it cannot be read", () => {
    expect(revisionFromLabel("{").hash).not.toBe(before);
  });
});
