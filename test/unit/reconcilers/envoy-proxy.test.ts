/** The sidecar when it is Envoy: how it is run, what it is given, and when it counts as ready. */
import { describe, expect, test } from "vitest";
import { imagesOf } from "../../../src/controller/images.ts";
import type { Connect, TaskGroup } from "../../../src/model/job.ts";
import { LABEL } from "../../../src/model/labels.ts";
import { sidecarId } from "../../../src/model/registration.ts";
import { SECRET_PLACE, type Step } from "../../../src/model/step.ts";
import { registrationSpec } from "../../../src/reconcilers/registration-spec.ts";
import { planSidecar, sidecarUnready } from "../../../src/reconcilers/sidecar.ts";
import type { AllocView, Due } from "../../../src/reconcilers/view.ts";
import {
  aConnect,
  aGroup,
  aMeshService,
  anInfra,
  anUpstream,
  aService,
  aSettings,
  aSidecarContainer,
  aToken,
  aView,
  byId,
  envoySettings,
  first,
} from "../../support/builders.ts";
import { entriesOf } from "../../support/registered.ts";

/** An allocation whose namespace runs and whose services are registered. */
function provisioned(group: TaskGroup = aGroup(), over: Partial<AllocView> = {}): AllocView {
  const tokens = group.services.map(({ name }) => aToken({ service: name, accessor: `accessor-${name}` }));
  const view = aView({ settings: envoySettings(), group, tokens, infra: anInfra(), ...over });
  const entries = group.services.flatMap((service) => entriesOf(registrationSpec(view, service, "gated"), view.ref));
  return { ...view, registrations: byId(...entries) };
}

function due(view = provisioned(), service = first(view.group.services)): Due {
  return planSidecar(view, service);
}

function run(view = provisioned(), service = first(view.group.services)): Extract<Step, { kind: "run-member" }> {
  const step = due(view, service).steps.find(({ kind }) => kind === "run-member");
  if (step?.kind !== "run-member") throw new Error("nothing is run");
  return step;
}

function withTask(own: Connect["sidecarTask"]): AllocView {
  return provisioned(aGroup({ services: [aService({ connect: aConnect({}, {}, own) })] }));
}

interface BootstrapFile {
  readonly node: { readonly id: string; readonly cluster: string };
  readonly static_resources: {
    readonly clusters: readonly unknown[];
    readonly listeners: readonly { readonly address: unknown }[];
  };
  readonly stats_sinks?: unknown;
  readonly stats_config: { readonly stats_tags: readonly unknown[] };
}

function bootstrapOf(view = provisioned(), service = first(view.group.services)): BootstrapFile {
  return JSON.parse(first(run(view, service).files).text) as BootstrapFile;
}

describe("Envoy is run", () => {
  test("from the image of Consul's preferred version, with Nomad's arguments, by the image's own entrypoint", () => {
    const { spec } = run();
    expect(spec.image).toBe("envoyproxy/envoy:v1.26.6");
    expect(spec.entrypoint).toBeUndefined();
    expect(spec.command?.join(" ")).toBe(
      "-c /secrets/envoy_bootstrap.json -l info --concurrency 1 --disable-hot-restart",
    );
  });

  test("as the operator says, where it was said", () => {
    const settings = envoySettings({ image: "mirror/envoy:1", logLevel: "debug", concurrency: 4 });
    const { spec } = run(provisioned(aGroup(), { settings }));
    expect(spec.image).toBe("mirror/envoy:1");
    expect(spec.command).toEqual(expect.arrayContaining(["debug", "4"]));
  });

  test("with a writable private directory, for the socket of its admin interface, and the relay's sockets to read", () => {
    const { mounts } = run().spec;
    expect(mounts.map(({ target, readOnly }) => [target, readOnly])).toEqual([
      ["/secrets", false],
      ["/consul", true],
    ]);
  });

  test("and goes on for Nomad's five seconds after its service left rotation, or for as long as the job says", () => {
    const delayOf = (view: AllocView): unknown => JSON.parse(run(view).spec.labels[LABEL.stop] ?? "") as unknown;
    expect(delayOf(provisioned())).toMatchObject({ rank: "proxy", delay: 5_000 });
    expect(delayOf(withTask({ shutdownDelay: 0 }))).toMatchObject({ delay: 0 });
  });

  test("with what its sidecar_task says, Nomad's names in it filled in", () => {
    const { spec } = run(
      withTask({
        image: "mine/envoy:${NOMAD_envoy_version}",
        args: ["-c", "${NOMAD_SECRETS_DIR}/envoy_bootstrap.json", "-l", "${meta.connect.log_level}"],
      }),
    );
    expect(spec.image).toBe("mine/envoy:1.26.6");
    expect(spec.command).toEqual(["-c", "/secrets/envoy_bootstrap.json", "-l", "info"]);
  });

  test("not at all while something is missing for it, which is told", () => {
    const settings = envoySettings({ problem: "gRPC is off" });
    const view = provisioned(aGroup(), { settings });
    expect(due(view)).toEqual({ steps: [], waiting: "gRPC is off" });
    const created = new Map([["api", aSidecarContainer("api", { state: "created" })]]);
    expect(due({ ...view, sidecars: created })).toEqual({ steps: [], waiting: "gRPC is off" });
    expect(imagesOf(view.group, settings)).toEqual(["busybox:1", "app:1"]);
  });

  test("and its image looked for only where it is the proxy, not where allocations keep Consul's own", () => {
    const { group } = provisioned();
    const settings = envoySettings();
    expect(imagesOf(group, settings)).toContain("envoyproxy/envoy:v1.26.6");
    const kept = imagesOf(group, { ...settings, proxy: "consul" });
    expect(kept).toContain(settings.images.consul);
    expect(kept).not.toContain("envoyproxy/envoy:v1.26.6");
  });

  test("not with a configuration that makes no bootstrap, which is told with its key", () => {
    const service = aMeshService({}, { config: { envoy_statsd_url: "nowhere" } });
    expect(due(provisioned(aGroup({ services: [service] }))).waiting).toMatch(/^no Envoy .* api: envoy_statsd_url /);
  });
});

describe("Envoy's bootstrap", () => {
  test("says who it is, and is filled with the token only when it is written", () => {
    const view = provisioned();
    const { files } = run(view);
    expect(files).toMatchObject([
      {
        directory: "/tasks/secrets-connect-proxy-api",
        name: "envoy_bootstrap.json",
        accessor: "accessor-api",
        uid: 101,
      },
    ]);
    expect(first(files).text).toContain(JSON.stringify(SECRET_PLACE));
    const id = first(view.registrations.keys());
    expect(bootstrapOf(view).node).toMatchObject({ id: sidecarId(id), cluster: "api" });
  });

  test("has an empty token without ACLs, and is put all the same", () => {
    const settings = { ...envoySettings(), aclsEnabled: false };
    const { files } = run(provisioned(aGroup(), { settings, tokens: [] }));
    expect(first(files).accessor).toBeUndefined();
    expect(first(files).text).not.toContain(SECRET_PLACE);
  });

  test("listens on the reserved port of its own service, one of several in a group", () => {
    const services = [aMeshService({ name: "one" }), aMeshService({ name: "two", port: "9002" })];
    const view = provisioned(aGroup({ services }));
    const ports = view.ports.filter(({ role }) => role === "ready").map(({ to }) => to);
    const listened = services.map((service) => first(bootstrapOf(view, service).static_resources.listeners).address);
    expect(listened).toEqual(ports.map((port_value) => ({ socket_address: { address: "0.0.0.0", port_value } })));
  });

  test("takes in what the cluster's defaults say, as the agent shows them merged", () => {
    const view = provisioned();
    const merged = [...view.registrations.values()].map((entry) => {
      const { proxy } = entry;
      if (proxy === undefined) return entry;
      return { ...entry, proxy: { ...proxy, config: { ...proxy.config, envoy_stats_tags: ["from=cluster"] } } };
    });
    const { stats_tags } = bootstrapOf({ ...view, registrations: byId(...merged) }).stats_config;
    expect(stats_tags[0]).toEqual({ tag_name: "from", fixed_value: "cluster" });
  });

  test("sends statistics to the host's advertised address, or where the sidecar_task's environment says", () => {
    const sinkOf = (own: Readonly<Record<string, string>>, url: string): string => {
      const service = aService({ connect: aConnect({ config: { envoy_dogstatsd_url: url } }, {}, { env: own }) });
      const view = provisioned(aGroup({ services: [service] }));
      return JSON.stringify(bootstrapOf(view).stats_sinks);
    };
    const { advertise } = envoySettings();
    expect(sinkOf({}, "udp://${HOST_IP}:8125")).toContain(`{"address":"${advertise}","port_value":8125}`);
    expect(sinkOf({ HOST_IP: "10.9.9.9" }, "udp://${HOST_IP}:8125")).toContain('"address":"10.9.9.9"');
    const named = { DD: "udp://${attr.unique.network.ip-address}:8126" };
    expect(sinkOf(named, "$DD")).toContain(`{"address":"${advertise}","port_value":8126}`);
  });

  test("leads to the relay's socket, or where the operator says", () => {
    expect(JSON.stringify(first(bootstrapOf().static_resources.clusters))).toContain("/consul/grpc.sock");
    const settings = {
      ...envoySettings({ direct: { address: "10.0.0.5", port: 8502 }, ca: "PEM" }),
      consulForGroups: "http://10.0.0.5:8500",
    };
    const view = provisioned(aGroup(), { settings });
    const cluster = JSON.stringify(first(bootstrapOf(view).static_resources.clusters));
    expect(cluster).toContain('{"address":"10.0.0.5","port_value":8502}');
    expect(cluster).toContain("PEM");
    expect(run(view).spec.mounts.map(({ target }) => target)).toEqual(["/secrets"]);
  });
});

describe("an Envoy that is repaired after an upgrade of Consul", () => {
  const dead = (image: string, own: Connect["sidecarTask"] = {}): AllocView => {
    const view = withTask(own);
    return { ...view, sidecars: new Map([["api", aSidecarContainer("api", { state: "dead", image })]]) };
  };
  const OLD = '"exact_match":"GET"';
  const NEW = '"string_match":{"exact":"GET"}';

  test.each([
    ["envoyproxy/envoy:v1.25.1", "envoyproxy/envoy:v1.25.1", NEW],
    ["envoyproxy/envoy:v1.16.5", "envoyproxy/envoy:v1.26.6", NEW],
    ["mirror/envoy:prod", "mirror/envoy:prod", OLD],
  ])("from %s runs %s, the bootstrap in a form that it reads", (before, after, form) => {
    expect(run(dead(before)).spec.image).toBe(after);
    expect(JSON.stringify(bootstrapOf(dead(before)))).toContain(form);
  });

  test("runs the image that its job names, supported or not, from a bootstrap that it reads", () => {
    const view = dead("envoyproxy/envoy:v1.26.6", { image: "mine/envoy:v1.16.5" });
    expect(run(view).spec.image).toBe("mine/envoy:v1.16.5");
    expect(JSON.stringify(bootstrapOf(view))).toContain(OLD);
  });

  test("keeps any image where Consul does not say which it supports", () => {
    const view = dead("envoyproxy/envoy:v1.16.5");
    const settings = envoySettings({ supported: [] });
    expect(run({ ...view, settings }).spec.image).toBe("envoyproxy/envoy:v1.16.5");
  });

  test("is not started again as it was made, where the bootstrap is for another by now", () => {
    const created = (image: string): readonly string[] => {
      const sidecars = new Map([["api", aSidecarContainer("api", { state: "created", image })]]);
      return due({ ...provisioned(), sidecars }).steps.map(({ kind }) => kind);
    };
    expect(created("envoyproxy/envoy:v1.25.1")).toEqual(["start-member"]);
    expect(created("envoyproxy/envoy:v1.16.5")).toEqual(["remove-container", "run-member"]);
  });
});

describe("the registration of an Envoy", () => {
  const tagsOf = (config: Readonly<Record<string, unknown>>, settings = envoySettings()): unknown => {
    const service = aMeshService({}, { config });
    const view = aView({ settings, group: aGroup({ services: [service] }), tokens: [aToken()] });
    return registrationSpec(view, service, "open").sidecar?.proxy.config["envoy_stats_tags"];
  };
  const nomads = [
    "nomad.group=api",
    "nomad.job=shop",
    "nomad.namespace=default",
    expect.stringMatching(/^nomad\.alloc_id=[0-9a-f-]{36}$/),
  ];

  test("tells under Nomad's names whose statistics they are, after the job's own tags", () => {
    expect(tagsOf({})).toEqual(nomads);
    expect(tagsOf({ envoy_stats_tags: ["a=b"] })).toEqual(["a=b", ...nomads]);
    expect(tagsOf({ envoy_stats_tags: "a=b" })).toEqual(["a=b", ...nomads]);
  });

  test("that is Consul's built-in proxy has none of it", () => {
    expect(tagsOf({}, aSettings())).toBeUndefined();
  });
});

describe("Envoy is ready", () => {
  const service = aMeshService({}, { upstreams: [anUpstream()] });
  const view = provisioned(aGroup({ services: [service] }));
  const bindPort = first(view.ports.filter(({ role }) => role === "proxy")).to;
  const seen = (listening: readonly number[], sidecar?: string): string | undefined => {
    const probe = { listening: new Set(listening), sidecars: new Map([["api", sidecar]]) };
    return sidecarUnready({ ...view, probe }, service);
  };

  test("when it has bound its port and its upstreams, says so itself and shows its identity, the app or no app", () => {
    expect(seen([bindPort, 8080])).toBeUndefined();
    expect(seen([8080])).toBe("the sidecar of api does not listen yet");
    expect(seen([bindPort])).toBe("the upstream count-api is not bound to port 8080 yet");
    expect(seen([bindPort, 8080], "it is not ready")).toBe("it is not ready");
  });

  test("also where nobody calls it, because it has no port", () => {
    const portless = aMeshService({ port: "" });
    const probe = { listening: new Set([bindPort]), sidecars: new Map() };
    const caller = { ...provisioned(aGroup({ services: [portless] })), probe };
    expect(sidecarUnready(caller, portless)).toBe("the sidecar of api has not been looked at yet");
  });
});
