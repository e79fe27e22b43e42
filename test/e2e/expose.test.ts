/** A service that is reachable through the mesh only, whose check reaches it through a path that its Envoy exposes. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LABEL } from "../../src/model/labels.ts";
import { readPorts } from "../../src/model/ports.ts";
import { rig } from "../rig/vitest.ts";
import { until } from "../rig/wait.ts";
import { passing } from "./support/consul.ts";
import { inspectAll, inspectOne } from "./support/docker.ts";
import { whyNoEnvoy } from "./support/envoy.ts";
import { meshJob, replaced } from "./support/jobs.ts";
import { passes, untilQuiet, writes } from "./support/quiet.ts";
import { envoyFlags, openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

const why = whyNoEnvoy();

interface CheckEntry {
  readonly Status: string;
  readonly Output: string;
  readonly ServiceID: string;
  readonly Name: string;
}

interface ProxyEntry {
  readonly ID: string;
  readonly Service: string;
  readonly Tags: readonly string[] | null;
  readonly Meta: Readonly<Record<string, string>>;
  readonly Address: string;
  readonly Port: number;
  readonly Proxy: { readonly Expose?: { readonly Paths?: readonly { readonly Path: string }[] } };
}

describe.skipIf(why !== undefined)(`an exposed check${why === undefined ? "" : ` (${why})`}`, () => {
  let world: World;

  const job = (path: string): string => {
    const check = `port = "9001"

      check {
        name     = "health"
        type     = "http"
        path     = "${path}"
        interval = "1s"
        timeout  = "1s"
        expose   = true
      }`;
    return replaced(meshJob({ id: "hidden", image: world.rig.images.counterApi }), /port = "9001"/, check);
  };
  const health = async (): Promise<CheckEntry | undefined> => {
    const checks = await world.consul.api.get<Readonly<Record<string, CheckEntry>>>("/agent/checks");
    return Object.values(checks).find(({ Name }) => Name === "health");
  };
  /** Consul itself has seen the app's own answer. */
  const answered = async (path: string): Promise<boolean> => {
    const { Status, Output } = (await health()) ?? { Status: "", Output: "" };
    return Status === "passing" && new RegExp(`${path}: 200 OK`).test(Output);
  };
  const proxy = async (): Promise<ProxyEntry | undefined> => {
    const all = await world.consul.api.get<Readonly<Record<string, ProxyEntry>>>("/agent/services");
    return Object.values(all).find(({ Service }) => Service === "hidden-sidecar-proxy");
  };
  const exposed = async (): Promise<readonly string[]> =>
    ((await proxy())?.Proxy.Expose?.Paths ?? []).map(({ Path }) => Path);
  const exposedAt = async (): Promise<string> => {
    const infra = await inspectOne(world.docker, { instance: world.name, group: "main", role: "infra" });
    const ports = readPorts(infra.Config.Labels[LABEL.ports]) ?? [];
    const port = ports.find(({ label }) => label.startsWith("svc_hidden_ck_"));
    return `http://127.0.0.1:${port?.value ?? 0}`;
  };

  beforeAll(async () => {
    world = await openWorld({ flags: [...envoyFlags(rig().images), "--prune-delay", "0s"] });
    await world.agent.start();
    await world.place("hidden.hcl", job("/health"));
    const runs = async (): Promise<boolean> => (await world.agent.groups("hidden"))[0]?.state === "running";
    await until(runs, { what: "the job to run", timeoutMs: 60_000 });
  }, 120_000);
  afterAll(() => world.close(), 60_000);

  test("passes by the app's own answer, though nothing but the mesh reaches the app", async () => {
    await until(() => answered("/health"), { what: "Consul's check to have the app's answer" });
    expect(await passing(world.consul.api, "hidden")).toHaveLength(1);
    const at = await exposedAt();
    expect(await (await fetch(`${at}/health`)).text()).toContain("Hello");
    expect((await fetch(`${at}/`)).status).toBe(404);
  });

  test("is settled: pass after pass writes nothing", async () => {
    const { agent } = world;
    await untilQuiet(agent);
    const before = { writes: await writes(agent), passes: await passes(agent) };
    await until(async () => (await passes(agent)) >= before.passes + 3, { what: "three passes" });
    expect(await writes(agent)).toBe(before.writes);
  });

  test("is exposed again when someone takes the path out of Consul", async () => {
    const seen = await proxy();
    if (seen === undefined) throw new Error("the sidecar is not in Consul");
    const { ID, Service: Name, Tags, Meta, Address, Port, Proxy } = seen;
    const body = { Kind: "connect-proxy", ID, Name, Tags, Meta, Address, Port, Proxy: { ...Proxy, Expose: {} } };
    await world.consul.api.put("/agent/service/register", body);
    await until(async () => (await exposed()).includes("/health"), { what: "the path to be exposed again" });
    await until(() => answered("/health"), { what: "the check to pass" });
  });

  test("moves to another path without a new allocation", async () => {
    const before = await inspectAll(world.docker, { instance: world.name });
    await world.place("hidden.hcl", job("/count"));
    await until(() => answered("/count"), { what: "Consul's check to have the app's answer" });
    expect(await exposed()).toEqual(["/count"]);
    const ids = (all: typeof before): readonly string[] => all.map(({ Id }) => Id).sort();
    expect(ids(await inspectAll(world.docker, { instance: world.name }))).toEqual(ids(before));
    await until(async () => (await fetch(`${await exposedAt()}/health`)).status === 404, {
      what: "the old path to be closed",
    });
  });
});
