/** What is asked of Docker for a container. */
import { describe, expect, test } from "vitest";
import { createBody } from "../../../../src/adapters/docker/create.ts";
import type { ContainerSpec } from "../../../../src/model/container.ts";

const BARE: ContainerSpec = {
  name: "web",
  image: "web:1",
  env: {},
  labels: { "io.remora.instance": "remora" },
  network: { kind: "bridge", name: "remora" },
  publish: [],
  mounts: [],
  capAdd: [],
  capDrop: [],
  readonlyRootfs: false,
  noNewPrivileges: false,
  restart: "no",
  logs: { maxFiles: 2, maxSizeMb: 10 },
};

const NAMED: ContainerSpec = {
  ...BARE,
  hostname: "web",
  dns: { servers: ["10.0.0.1"], searches: ["a.test"], options: ["ndots:1"] },
  publish: [
    { hostIp: "0.0.0.0", hostPort: 8080, containerPort: 80, protocols: ["tcp", "udp"] },
    { hostIp: "127.0.0.1", hostPort: 8081, containerPort: 80, protocols: ["tcp"] },
  ],
};

describe("the body of a create call", () => {
  test("leaves out what the specification does not say", () => {
    const body = createBody(BARE);
    for (const key of ["Entrypoint", "Cmd", "User", "WorkingDir", "StopSignal", "Hostname"]) {
      expect(body).not.toHaveProperty(key);
    }
    for (const key of ["Memory", "MemorySwap", "CpuShares", "PidsLimit", "Dns"]) {
      expect(body.HostConfig).not.toHaveProperty(key);
    }
  });

  test("keeps an entrypoint and a command apart", () => {
    expect(createBody({ ...BARE, entrypoint: ["/bin/web"], command: ["-v"] })).toMatchObject({
      Entrypoint: ["/bin/web"],
      Cmd: ["-v"],
    });
  });

  test("binds every port for each of its protocols", () => {
    const { HostConfig, ExposedPorts } = createBody(NAMED);
    expect(ExposedPorts).toEqual({ "80/tcp": {}, "80/udp": {} });
    expect(HostConfig?.PortBindings).toEqual({
      "80/tcp": [
        { HostIp: "0.0.0.0", HostPort: "8080" },
        { HostIp: "127.0.0.1", HostPort: "8081" },
      ],
      "80/udp": [{ HostIp: "0.0.0.0", HostPort: "8080" }],
    });
  });

  test("names host and DNS in a namespace of its own only, because Docker refuses them in another's", () => {
    const own = createBody(NAMED);
    expect(own.Hostname).toBe("web");
    expect(own.HostConfig).toMatchObject({ NetworkMode: "remora", Dns: ["10.0.0.1"], DnsSearch: ["a.test"] });
    const joined = createBody({ ...NAMED, network: { kind: "container", id: "1f3c" } });
    expect(joined.HostConfig?.NetworkMode).toBe("container:1f3c");
    expect(joined).not.toHaveProperty("Hostname");
    expect(joined).not.toHaveProperty("ExposedPorts");
    expect(joined.HostConfig).not.toHaveProperty("Dns");
    expect(joined.HostConfig).not.toHaveProperty("PortBindings");
  });

  test("makes a memory limit one that swap does not widen", () => {
    expect(createBody({ ...BARE, memory: 1 << 28 }).HostConfig).toMatchObject({ Memory: 1 << 28, MemorySwap: 1 << 28 });
  });

  test("marks the volumes it brings, and makes a tmpfs of those that are to be one", () => {
    const labels = { mark: "ours" };
    const plain = { volume: { name: "alloc", labels }, target: "/alloc", readOnly: false };
    const tmpfs = { sizeMb: 8, mode: "0700", uid: 101 };
    const secret = { volume: { name: "secrets", labels, tmpfs }, target: "/secrets", readOnly: true };
    const [first, second] = createBody({ ...BARE, mounts: [plain, secret] }).HostConfig?.Mounts ?? [];
    expect(first).toMatchObject({ Type: "volume", Source: "alloc", Target: "/alloc", ReadOnly: false });
    expect(first?.VolumeOptions).toEqual({
      NoCopy: true,
      Labels: labels,
      DriverConfig: { Name: "local", Options: {} },
    });
    expect(second?.ReadOnly).toBe(true);
    expect(second?.VolumeOptions?.DriverConfig.Options).toEqual({
      type: "tmpfs",
      device: "tmpfs",
      o: "size=8m,mode=0700,uid=101,noexec,nosuid,nodev",
    });
  });

  test("limits what a container may write to its log and may gain in rights", () => {
    expect(createBody({ ...BARE, noNewPrivileges: true }).HostConfig).toMatchObject({
      SecurityOpt: ["no-new-privileges"],
      LogConfig: { Type: "json-file", Config: { "max-file": "2", "max-size": "10m" } },
    });
  });
});
