/** The runtime's contract on a real Docker engine, and what can be seen only there. */
import { createServer } from "node:net";
import { describe, expect } from "vitest";
import { systemClock } from "../../src/adapters/system.ts";
import { dockerAddress } from "../../src/adapters/docker/connection.ts";
import { dockerRuntime } from "../../src/adapters/docker/runtime.ts";
import type { ContainerSpec } from "../../src/model/container.ts";
import type { EngineEvent } from "../../src/ports/observer.ts";
import { dockerAt } from "../rig/docker.ts";
import { freePorts } from "../rig/ports.ts";
import { rig } from "../rig/vitest.ts";
import { runtimeContract } from "./runtime.contract.ts";
import { contractTest } from "./runtime.harness.ts";
import type { Stage, RuntimeHarness } from "./runtime.harness.ts";

const { dockerHost, images } = rig();
const docker = dockerAddress(dockerHost);
const seen: EngineEvent[] = [];

const harness: RuntimeHarness = {
  image: images.infra,
  runtime: (instance) => dockerRuntime({ docker, instance, observer: (event) => seen.push(event), clock: systemClock }),
  occupy: (port) =>
    new Promise((done, fail) => {
      const server = createServer().once("error", fail);
      const release = (): Promise<void> => new Promise((closed) => server.close(() => closed()));
      server.listen(port, "127.0.0.1", () => done(release));
    }),
  freePort: async () => (await freePorts(1))[0] ?? 0,
};

describe("the runtime on Docker", () => {
  runtimeContract(() => harness);

  describe("beyond the contract", () => {
    const test = contractTest(() => harness);

    test("Docker accepts a specification with everything in it, and holds the container to it", async ({ stage }) => {
      const spec = await fullSpec(stage);
      await stage.run(spec);
      const { Config, HostConfig } = await dockerAt(dockerHost).getContainer(spec.name).inspect();
      expect(Config).toMatchObject({ Hostname: "web", User: "1000", WorkingDir: "/v", StopSignal: "SIGINT" });
      expect(Config.Env).toContain("GREETING=hello you");
      expect(HostConfig).toMatchObject({
        Memory: 64 << 20,
        MemorySwap: 64 << 20,
        CpuShares: 128,
        PidsLimit: 50,
        ReadonlyRootfs: true,
        SecurityOpt: ["no-new-privileges"],
        Dns: ["127.0.0.11"],
        DnsSearch: ["example.test"],
        LogConfig: { Type: "json-file", Config: { "max-file": "2", "max-size": "3m" } },
      });
      expect(HostConfig.CapDrop).toEqual(["ALL"]);
      expect(HostConfig.PortBindings).toEqual(bindingsOf(spec));
    });

    test("Docker accepts the same specification of a container that joins another's namespace", async ({ stage }) => {
      const { id } = await stage.run(stage.spec("owner"));
      const spec = { ...(await fullSpec(stage)), network: { kind: "container", id } } as const;
      expect(await stage.run(spec)).toMatchObject({ state: "running", networkMode: `container:${id}` });
    });

    test("a secret's file has its mode and its owner, in a tmpfs that executes nothing", async ({ stage }) => {
      const tmpfs = { sizeMb: 1, mode: "0700", uid: 1234 };
      await stage.run(stage.spec("a", { mounts: [stage.mount("secrets", "/secrets", tmpfs)] }));
      const file = { name: "token", content: "s.1234", mode: 0o400, uid: 1234 };
      await stage.runtime.putFiles(stage.name("a"), "/secrets", [file], stage.signal);
      const said = async (...argv: string[]): Promise<string> =>
        (await stage.runtime.exec(stage.name("a"), argv, stage.signal)).stdout;
      expect(await said("stat", "-c", "%a %u", "/secrets", "/secrets/token")).toBe("700 1234\n400 1234\n");
      const mounted = (await said("cat", "/proc/mounts")).split("\n").find((line) => line.includes(" /secrets "));
      expect(mounted).toMatch(/^tmpfs \/secrets tmpfs .*\bnoexec\b.*\bsize=1024k\b/);
    });

    test("every HTTP call is told to the observer once, and only those that change something are writes", async ({
      stage,
    }) => {
      await stage.run(stage.spec("a"));
      seen.length = 0;
      await stage.runtime.list(stage.signal);
      await stage.runtime.exec(stage.name("a"), ["true"], stage.signal);
      await stage.runtime.createContainer(stage.spec("a"), stage.signal);
      const calls = seen.filter((event) => event.kind === "api-call");
      const told = calls.map(({ operation, write, code }) => `${operation}${write ? "!" : ""} ${code}`);
      expect(told.toSorted()).toEqual([
        "container create! conflict",
        "container inspect ok",
        "container inspect ok",
        "container inspect ok",
        "container ls ok",
        "exec create ok",
        "exec inspect ok",
        "exec start ok",
        "volume ls ok",
      ]);
    });

    test("a container that never started is listed alike, whether or not the engine is asked about it", async ({
      stage,
    }) => {
      let now = systemClock.now() - 60_000;
      const { instance, signal } = stage;
      const clock = { ...systemClock, now: () => now };
      const elder = dockerRuntime({ docker, instance, observer: (event) => seen.push(event), clock });
      now = systemClock.now();
      const { id } = await stage.run(stage.spec("owner"));
      await stage.create({ ...stage.spec("a"), network: { kind: "container", id } });
      const asked = await stage.see(stage.name("a"));
      seen.length = 0;
      const { containers } = await elder.list(signal);
      const told = containers.find(({ name }) => name === stage.name("a"));
      expect(told).toEqual({ ...asked, createdAt: told?.createdAt });
      const inspections = seen.filter((event) => event.kind === "api-call" && event.operation === "container inspect");
      expect(inspections).toHaveLength(1);
    });

    test("a pull from a registry that is not there fails with the engine's words", async ({ stage }) => {
      const [port = 0] = await freePorts(1);
      const pull = stage.runtime.pullImage(`127.0.0.1:${port}/nothing:1`, stage.signal);
      await expect(pull).rejects.toMatchObject({
        code: "server",
        message: expect.stringContaining("connection refused"),
      });
    });
  });
});

async function fullSpec(stage: Stage): Promise<ContainerSpec> {
  const [tcp = 0, both = 0] = await freePorts(2);
  return stage.spec("full", {
    entrypoint: ["sleep"],
    command: ["1000000"],
    env: { GREETING: "hello you" },
    user: "1000",
    workDir: "/v",
    hostname: "web",
    network: { kind: "bridge", name: await stage.createNetwork("net") },
    publish: [
      { hostIp: "127.0.0.1", hostPort: tcp, containerPort: 80, protocols: ["tcp"] },
      { hostIp: "127.0.0.1", hostPort: both, containerPort: 53, protocols: ["tcp", "udp"] },
    ],
    mounts: [stage.mount("v", "/v")],
    dns: { servers: ["127.0.0.11"], searches: ["example.test"], options: ["ndots:2"] },
    memory: 64 << 20,
    cpuShares: 128,
    pidsLimit: 50,
    capAdd: ["NET_BIND_SERVICE"],
    capDrop: ["ALL"],
    readonlyRootfs: true,
    stopSignal: "SIGINT",
    logs: { maxFiles: 2, maxSizeMb: 3 },
  });
}

function bindingsOf({ publish: [web, dns] }: ContainerSpec): object {
  const at = (port: number | undefined): object[] => [{ HostIp: "127.0.0.1", HostPort: String(port) }];
  return { "80/tcp": at(web?.hostPort), "53/tcp": at(dns?.hostPort), "53/udp": at(dns?.hostPort) };
}
