/** The whole of countdash with the real Envoy, on a Consul that speaks the xDS it knows. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LABEL } from "../../src/model/labels.ts";
import { readPorts } from "../../src/model/ports.ts";
import { rig } from "../rig/vitest.ts";
import { until } from "../rig/wait.ts";
import { secretOf, tokens } from "./support/consul.ts";
import { counted, countdashUp, file, untilServing } from "./support/countdash.ts";
import { execIn, inspectAll, inspectOne } from "./support/docker.ts";
import { whyNoEnvoy } from "./support/envoy.ts";
import { countdash, meshJob, replaced } from "./support/jobs.ts";
import { startLoad } from "./support/load.ts";
import { envoyFlags, openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

const why = whyNoEnvoy();

describe.skipIf(why !== undefined)(`countdash through Envoy${why === undefined ? "" : ` (${why})`}`, () => {
  let world: World;
  let port = 0;

  const containers = (group: string, role: string): ReturnType<typeof inspectAll> =>
    inspectAll(world.docker, { instance: world.name, group, role });
  const one = (group: string, role: string): ReturnType<typeof inspectOne> =>
    inspectOne(world.docker, { instance: world.name, group, role });
  const readyPort = async (group: string): Promise<number> => {
    const ports = readPorts((await one(group, "infra")).Config.Labels[LABEL.ports]) ?? [];
    return ports.find(({ role }) => role === "ready")?.value ?? 0;
  };

  beforeAll(async () => {
    world = await openWorld({ flags: [...envoyFlags(rig().images), "--prune-delay", "0s"] });
    port = await countdashUp(world);
  }, 120_000);
  afterAll(() => world.close(), 60_000);

  test("counts, as Nomad's sidecar is run: its arguments, user, limits and order of stopping", async () => {
    expect(await counted(port)).toBeGreaterThan(0);
    const { Config, HostConfig } = await one("api", "sidecar");
    const file = "/secrets/envoy_bootstrap.json";
    expect(Config.Cmd).toEqual(["-c", file, "-l", "info", "--concurrency", "1", "--disable-hot-restart"]);
    expect(Config.User).toBe("101:101");
    expect([HostConfig.Memory, HostConfig.CpuShares]).toEqual([128 * 1024 * 1024, 250]);
    expect(JSON.parse(Config.Labels[LABEL.stop] ?? "")).toMatchObject({ delay: 5_000, timeout: 5_000, rank: "proxy" });
  });

  test("shows readiness and metrics on its reserved port, on this host's loopback only", async () => {
    const at = `http://127.0.0.1:${await readyPort("api")}`;
    expect((await fetch(`${at}/ready`)).status).toBe(200);
    const metrics = await (await fetch(`${at}/metrics`)).text();
    expect(metrics).toMatch(/^envoy_server_live\{.*nomad_job="countdash".*\} 1$/m);
    expect((await fetch(`${at}/ready`, { method: "POST" })).status).toBe(404);
    expect((await fetch(`${at}/config_dump`)).status).toBe(404);
    const bound = (await one("api", "infra")).HostConfig.PortBindings as Record<string, { HostIp: string }[]>;
    const [published] = Object.values(bound).flatMap((list) => list.filter(({ HostIp }) => HostIp === "127.0.0.1"));
    expect(published).toMatchObject({ HostPort: at.split(":").at(-1) });
  });

  test("keeps its token from the app: not on any port of the namespace, not in a file it can read", async () => {
    const [token] = await tokens(world.consul.api, world.name);
    const secret = await secretOf(world.consul.api, token?.AccessorID ?? "");
    const task = await one("api", "task");
    const read = "cat /proc/net/tcp; ls -la /secrets; cat /secrets/* 2>&1; env";
    const { output } = await execIn(world.docker, task.Id, ["sh", "-c", read], "0");
    expect(output).toContain("NOMAD_ALLOC_ID");
    expect(output).not.toContain(secret);
    // 19000 and 19001, in hexadecimal as the kernel lists them: where Consul and Nomad put the admin interface.
    expect(output).not.toMatch(/:4A3[89] /);
    for (const container of [...(await containers("api", "sidecar")), ...(await containers("api", "infra"))])
      expect(JSON.stringify(container)).not.toContain(secret);
  });

  test("replaces a service under load without a request lost", async () => {
    const { docker } = world;
    const load = await startLoad(docker, world.rig.images.node, (await one("dashboard", "infra")).Id, 8080);
    const [old] = await containers("api", "task");
    const env = `task "web" {\n      env {\n        VERSION = "two"\n      }\n`;
    await world.place(file, replaced(await countdash(port), /task "web" \{\n/, env));
    const isReplaced = async (): Promise<boolean> => {
      const [now, ...more] = await containers("api", "task");
      return now !== undefined && more.length === 0 && now.Id !== old?.Id;
    };
    await until(isReplaced, { what: "the new version alone to run", timeoutMs: 60_000 });
    await untilServing(world);
    await load.more(50);
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
  }, 90_000);

  test("comes back after kill -9 of the sidecar alone, the app untouched", async () => {
    const [task, sidecar] = [await one("api", "task"), await one("api", "sidecar")];
    await world.docker.getContainer(sidecar.Id).kill();
    const isBack = async (): Promise<boolean> => {
      const [now] = await containers("api", "sidecar");
      return now !== undefined && now.Id !== sidecar.Id && now.State.Running;
    };
    await until(isBack, { what: "a new sidecar" });
    await untilServing(world);
    await until(() => counted(port), { what: "the dashboard to count" });
    expect((await one("api", "task")).Id).toBe(task.Id);
  });

  test("goes on when Consul is restarted", async () => {
    const [before] = await containers("api", "sidecar");
    await world.consul.restart();
    await untilServing(world);
    await until(() => counted(port), { what: "the dashboard to count" });
    expect((await one("api", "sidecar")).Id).toBe(before?.Id);
  });

  test("starts beside an upstream that nobody offers", async () => {
    const upstream =
      'sidecar_service {\n          proxy {\n            upstreams {\n              destination_name = "nobody"\n              local_bind_port  = 8081\n            }\n          }\n        }';
    const job = meshJob({ id: "lonely", image: world.rig.images.counterApi });
    await world.place("lonely.hcl", replaced(job, /sidecar_service \{\}/, upstream));
    const runs = async (): Promise<boolean> => (await world.agent.groups("lonely"))[0]?.state === "running";
    await until(runs, { what: "the job to run", timeoutMs: 60_000 });
    await world.take("lonely.hcl");
    await until(async () => (await world.agent.groups("lonely")).length === 0, {
      what: "it to be gone",
      timeoutMs: 60_000,
    });
  }, 90_000);
});
