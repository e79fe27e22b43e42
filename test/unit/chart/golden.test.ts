/** What the chart makes, by its goldens; this needs no helm. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AgentConfig } from "../../../src/cli/config.ts";
import { OPTIONS } from "../../../src/cli/schema.ts";
import { createMetrics } from "../../../src/telemetry/metrics.ts";
import { run } from "../cli/run.ts";
import { jobOf } from "../jobspec/support.ts";
import {
  CASES,
  digestOfChart,
  environmentOf,
  goldenText,
  GOLDENS,
  HOW_TO_RENEW,
  manifestsIn,
  only,
  podOf,
} from "../../support/chart.ts";
import type { Container, Manifest, PodSpec } from "../../support/chart.ts";

/** While goldens are renewed beside this file, they say nothing. */
const held = test.skipIf(process.env["UPDATE_GOLDEN"] === "1");

const golden = (name: string): readonly Manifest[] => manifestsIn(goldenText(name));
const pod = (name: string): PodSpec => podOf(golden(name));
const agent = (name: string): Container => pod(name).containers[0];

/** What Remora makes of the container's arguments and variables. */
async function configured(name: string): Promise<AgentConfig> {
  const container = agent(name);
  const { agents, stderr } = await run(container.args, { env: environmentOf(container) });
  const [config] = agents;
  if (config === undefined) throw new Error(`Remora does not start so: ${stderr}`);
  return config;
}

held("the goldens are those of this chart", () => {
  expect(readFileSync(join(GOLDENS, "digest"), "utf8").trim(), HOW_TO_RENEW).toBe(digestOfChart());
  expect(globSync("*.yaml", { cwd: GOLDENS }).sort()).toEqual(CASES.map((name) => `${name}.yaml`));
});

describe.each(CASES)("%s", (name) => {
  held("Remora takes its arguments and variables", async () => {
    const { stateDir, jobs, image } = await configured(name);
    const { volumeMounts } = agent(name);
    const mounted = volumeMounts.map(({ mountPath }) => mountPath);
    expect(mounted).toContain(stateDir);
    expect(mounted).toContain(jobs);
    expect(image).toMatch(/./);
  });

  held("every REMORA_ variable is an option", () => {
    const known = OPTIONS.flatMap(({ variables }) => variables);
    const given = agent(name).env.map((variable) => variable.name);
    expect(given.filter((variable) => variable.startsWith("REMORA_") && !known.includes(variable))).toEqual([]);
  });

  held("every file that a variable names lies in a mount", () => {
    const { env, volumeMounts } = agent(name);
    const files = env.flatMap(({ value = "" }) => /^(?:unix:\/\/)?(\/.*)$/.exec(value)?.[1] ?? []);
    const stray = files.filter((file) => !volumeMounts.some(({ mountPath }) => `${file}/`.startsWith(`${mountPath}/`)));
    expect(files.length).toBeGreaterThan(0);
    expect(stray).toEqual([]);
  });

  held("no variable comes from a Secret, and none holds a token", () => {
    const { env } = agent(name);
    expect(JSON.stringify(env)).not.toContain("secretKeyRef");
    expect(env.map((variable) => variable.name)).not.toContain("CONSUL_HTTP_TOKEN");
    expect(env.map((variable) => variable.name)).not.toContain("REMORA_CONSUL_TOKEN");
  });

  held("no probe depends on Consul or Docker", () => {
    const { livenessProbe, readinessProbe, ports } = agent(name);
    for (const { httpGet } of [livenessProbe, readinessProbe]) {
      expect(httpGet.path).toBe("/healthz");
      expect(ports.map((port) => port.name)).toContain(httpGet.port);
    }
  });

  held("probes ask where the agent listens: on the node's loopback, or at its address", async () => {
    const { httpAddr } = await configured(name);
    const { livenessProbe, ports } = agent(name);
    expect(ports[0]?.containerPort).toBe(httpAddr.port);
    expect(livenessProbe.httpGet.host).toBe(httpAddr.host === "127.0.0.1" ? "127.0.0.1" : undefined);
  });

  held("what is mounted are directories, so that a new socket, token or job file is seen", () => {
    const { volumeMounts } = agent(name);
    const { volumes } = pod(name);
    expect(volumeMounts.filter(({ subPath }) => subPath !== undefined)).toEqual([]);
    for (const { hostPath } of volumes) expect(hostPath?.type ?? "Directory").toMatch(/^Directory(OrCreate)?$/);
    expect(volumeMounts.map((mount) => mount.name).sort()).toEqual(volumes.map((volume) => volume.name).sort());
  });

  held("state lies on the node, by the same path inside and outside", async () => {
    const { stateDir } = await configured(name);
    const volume = pod(name).volumes.find((one) => one.name === "state");
    expect(volume?.hostPath).toEqual({ path: stateDir, type: "DirectoryOrCreate" });
    expect(agent(name).volumeMounts.find((one) => one.name === "state")?.readOnly).toBeUndefined();
  });

  held("the container has no capabilities, cannot gain any, and cannot write its image", () => {
    expect(agent(name).securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(agent(name).securityContext).not.toHaveProperty("privileged");
    expect(pod(name).securityContext).toMatchObject({ seccompProfile: { type: "RuntimeDefault" } });
  });

  held("the pod is on the node's network, and nobody towards Kubernetes", () => {
    expect(pod(name)).toMatchObject({
      hostNetwork: true,
      dnsPolicy: "ClusterFirstWithHostNet",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
    });
    const kinds = golden(name).map(({ kind }) => kind);
    expect(kinds.filter((kind) => /Role|NetworkPolicy|PodDisruptionBudget/.test(kind))).toEqual([]);
  });

  held("the selector is the name and the release, which never change", () => {
    const { selector, template } = only(golden(name), "DaemonSet").spec as {
      readonly selector: { readonly matchLabels: object };
      readonly template: { readonly metadata: { readonly labels: object } };
    };
    expect(selector.matchLabels).toEqual({
      "app.kubernetes.io/name": "remora",
      "app.kubernetes.io/instance": "remora",
    });
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
  });

  held("every object is in the release's namespace and carries the usual labels", () => {
    for (const { metadata } of golden(name)) {
      expect(metadata.namespace).toBe("mesh");
      expect(metadata.labels).toMatchObject({
        "app.kubernetes.io/instance": "remora",
        "app.kubernetes.io/managed-by": "Helm",
      });
    }
  });

  held("the helm test asks where the agent listens", () => {
    const container = (only(golden(name), "Pod").spec as PodSpec).containers[0];
    const { REMORA_HTTP_ADDR } = environmentOf(container);
    expect(REMORA_HTTP_ADDR).toBe(environmentOf(agent(name))["REMORA_HTTP_ADDR"]);
    expect(container.args).toEqual(["healthcheck", "--http-addr=$(REMORA_HTTP_ADDR)"]);
  });
});

held("by default an agent uses its node's Consul, address and name, and the chart's image for the relay", async () => {
  expect(await configured("default")).toMatchObject({
    consul: { address: "http://10.0.0.7:8500", tls: {} },
    advertise: "10.0.0.7",
    node: "node-a",
    instance: "remora",
    image: agent("default").image,
    dockerHost: "unix:///engine/docker.sock",
    stateDir: "/var/lib/remora",
  });
  expect(pod("default").volumes).toContainEqual({
    name: "engine",
    hostPath: { path: "/var/run", type: "Directory" },
  });
});

held("values become the options of the same name, and arguments go before them", async () => {
  expect(await configured("everything")).toMatchObject({
    instance: "blue",
    node: "node-a.example.com",
    advertise: "bridge",
    proxy: "consul",
    envoyImage: "registry.example.com/mesh/envoy:v${NOMAD_envoy_version}",
    envoyLogLevel: "warning",
    envoyConcurrency: 2,
    infraImage: "registry.example.com/mesh/busybox:stable",
    consulImage: "registry.example.com/mesh/consul:1.16",
    image: "mirror.example.com/remora:0.1.0",
    portRange: { from: 25_000, to: 26_000 },
    pruneDelay: 10_000,
    deadMan: 7_200_000,
    resync: 30_000,
    workers: 2,
    intentions: "upstreams",
    consulForGroups: "https://10.0.0.5:8501",
    logLevel: "debug",
    httpAddr: { host: "10.0.0.7", port: 4756 },
    consulGrpcAddress: "10.0.0.7:8503",
    consulGrpcCaFile: "/etc/remora/grpc-ca/ca.crt",
    httpAllowedHosts: ["remora.example.com", "mesh-remora.mesh.svc"],
    consul: {
      address: "https://10.0.0.7:8501",
      token: { file: "/etc/remora/token/token" },
      tls: { ca: "/etc/remora/ca/ca.crt", cert: "/etc/remora/client/tls.crt", key: "/etc/remora/client/tls.key" },
    },
  });
});

held("the Secrets with the token and the key are for their owner alone", () => {
  const modes = pod("everything").volumes.map(({ name, secret }) => [name, secret?.defaultMode]);
  expect(modes).toContainEqual(["token", 0o400]);
  expect(modes).toContainEqual(["client", 0o400]);
});

held("an engine behind an address of its own needs nothing of the node mounted but state and jobs", () => {
  expect(pod("minimal").volumes).toEqual([
    { name: "jobs", hostPath: { path: "/etc/remora/jobs", type: "Directory" } },
    { name: "state", hostPath: { path: "/var/lib/remora", type: "DirectoryOrCreate" } },
  ]);
});

held("inline jobs arrive as they were written", () => {
  const { data = {} } = only(golden("everything"), "ConfigMap");
  expect(Object.keys(data)).toEqual(["cache.yaml", "echo.nomad.hcl"]);
  expect(jobOf(data["cache.yaml"] ?? "", "cache.yaml").id).toBe("cache");
  expect(jobOf(data["echo.nomad.hcl"] ?? "").id).toBe("echo");
});

held("alerts ask for metrics that there are", async () => {
  const { groups } = only(golden("everything"), "PrometheusRule").spec as {
    readonly groups: readonly [{ readonly rules: readonly { readonly expr: string }[] }];
  };
  const used = groups[0].rules.flatMap(({ expr }) => expr.match(/\b(?:remora|workqueue)_\w+/g) ?? []);
  const text = await createMetrics({ clock: { now: () => 0 }, runtime: false }).text();
  expect(used).toHaveLength(6);
  for (const metric of used) expect(text).toContain(`# TYPE ${metric} `);
});
