/** From what the operator said to settings: what is asked of Docker and Consul, what is refused, and what is kept. */
import { describe, expect, test } from "vitest";
import { discoverForPurge, discoverSettings, isLoopback } from "../../../src/controller/discovery.ts";
import type { DiscoveryParts, Given } from "../../../src/controller/discovery.ts";
import { PortFailure } from "../../../src/ports/failure.ts";
import type { MeshInfo } from "../../../src/ports/mesh.ts";
import { FakeState } from "../../sim/files.ts";
import { aMeshInfo } from "../../support/builders.ts";

const never = new AbortController().signal;

const GIVEN: Given = {
  instance: "blue",
  proxy: "consul",
  envoyImage: "envoyproxy/envoy:v${NOMAD_envoy_version}",
  envoyLogLevel: "info",
  envoyConcurrency: 1,
  infraImage: "busybox:stable",
  portRange: { from: 20_000, to: 32_000 },
  pruneDelay: 2_000,
  deadMan: 3_600_000,
  resync: 10_000,
  intentions: "none",
  workers: 4,
  consulAddress: "http://127.0.0.1:8500",
  version: "0.1.0",
};

const CONSUL = aMeshInfo({ version: "1.8.7", envoys: ["1.14.5", "1.13.6"] });

interface World {
  readonly parts: DiscoveryParts;
  readonly state: FakeState;
  /** Networks that were made. */
  readonly networks: readonly string[];
}

/** A host named `host-1` unless told, with one address on its default route. */
function world({ consul = {}, host = "host-1", state = new FakeState() }: Surroundings = {}): World {
  const networks: string[] = [];
  const parts: DiscoveryParts = {
    runtime: {
      info: () => Promise.resolve({ name: host, version: "20.10.24", apiVersion: "1.41" }),
      createNetwork: ({ name }) => Promise.resolve(void networks.push(name)),
      network: () =>
        Promise.resolve({
          id: "1f3c",
          name: "remora-blue",
          owned: true,
          gateway: "172.20.0.1",
          isolated: false,
          containers: 0,
        }),
    },
    mesh: { info: () => Promise.resolve({ ...CONSUL, ...consul }) },
    host: {
      defaultAddress: () => "10.0.0.9",
      readText: (path) => (path === "/ca.pem" ? Promise.resolve("PEM") : Promise.reject(new Error(`no ${path}`))),
      ownImage: () => Promise.resolve(undefined),
    },
    state,
  };
  return { parts, state, networks };
}

interface Surroundings {
  readonly consul?: Partial<MeshInfo>;
  readonly host?: string;
  readonly state?: FakeState;
}

async function kept(state: FakeState): Promise<unknown> {
  return (await state.load("agent")).get("node");
}

describe("settings", () => {
  test("are what was said, and for the rest what Docker and Consul say", async () => {
    expect(await discoverSettings(GIVEN, world().parts, never)).toMatchObject({
      instance: "blue",
      node: "host-1",
      datacenter: "dc1",
      advertise: "10.0.0.5",
      aclsEnabled: true,
      network: "remora-blue",
      images: { infra: "busybox:stable", consul: "consul:1.8.7", remora: "remora:0.1.0" },
      relay: { http: "http://127.0.0.1:8500" },
      workers: 4,
    });
  });

  test.each([
    ["1.15.11", "consul:1.15.11"],
    ["1.16.0", "hashicorp/consul:1.16.0"],
    ["1.18.2+ent", "hashicorp/consul:1.18.2"],
    ["2.0.0", "hashicorp/consul:2.0.0"],
  ])("for a Consul of version %s name the image %s", async (version, image) => {
    const { images } = await discoverSettings(GIVEN, world({ consul: { version } }).parts, never);
    expect(images.consul).toBe(image);
  });

  test("take the address of the default route where Consul's own is loopback, and the bridge's where that is wanted", async () => {
    const { parts, networks } = world({ consul: { address: "127.0.0.1" } });
    expect((await discoverSettings(GIVEN, parts, never)).advertise).toBe("10.0.0.9");
    expect(networks).toEqual([]);
    expect((await discoverSettings({ ...GIVEN, advertise: "bridge" }, parts, never)).advertise).toBe("172.20.0.1");
    expect(networks).toEqual(["remora-blue"]);
  });

  test("are there where Connect is off: what needs no sidecar can run", async () => {
    const { parts } = world({ consul: { connectEnabled: false } });
    expect((await discoverSettings(GIVEN, parts, never)).node).toBe("host-1");
  });

  test.each(["https://127.0.0.1:8501", "unix:///run/consul.sock"])(
    "are refused where sidecars cannot reach Consul through the relay at %s, unless told another address",
    async (consulAddress) => {
      const given = { ...GIVEN, consulAddress };
      const { parts, state } = world();
      const failure: unknown = await discoverSettings(given, parts, never).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PortFailure);
      expect((failure as PortFailure).message).toMatch(/through the relay: .* --consul-for-groups$/);
      expect(await kept(state)).toBeUndefined();
      const direct = await discoverSettings({ ...given, consulForGroups: "http://10.0.0.5:8500" }, parts, never);
      expect(direct.consulForGroups).toBe("http://10.0.0.5:8500");
    },
  );
});

describe("the node's name", () => {
  test("is the engine's at the first start, and stays so when the host is given another one", async () => {
    const state = new FakeState();
    await discoverSettings(GIVEN, world({ state }).parts, never);
    const renamed = world({ state, host: "host-2" });
    expect((await discoverSettings(GIVEN, renamed.parts, never)).node).toBe("host-1");
    expect((await discoverForPurge(GIVEN, renamed.parts, never)).node).toBe("host-1");
  });

  test("is the one that is said, and stays so when nothing is said any more", async () => {
    const { parts, state } = world();
    await discoverSettings(GIVEN, parts, never);
    expect((await discoverSettings({ ...GIVEN, node: "mine" }, parts, never)).node).toBe("mine");
    expect((await discoverSettings(GIVEN, parts, never)).node).toBe("mine");
    expect(await kept(state)).toBe("mine");
  });

  test("is not gone on with when it cannot be kept", async () => {
    const { parts, state } = world();
    const full = new PortFailure({
      code: "server",
      call: "state: save agent/node",
      message: "no space left",
      effect: "unknown",
      retry: "backoff",
    });
    state.save = () => Promise.reject(full);
    await expect(discoverSettings(GIVEN, parts, never)).rejects.toBe(full);
  });
});

describe("a purge", () => {
  test("needs no fitting Consul and no address, makes no network and keeps nothing", async () => {
    const { parts, state, networks } = world();
    const given = { ...GIVEN, consulAddress: "https://127.0.0.1:8501", advertise: "bridge" };
    const settings = await discoverForPurge(given, parts, never);
    expect(settings).toMatchObject({ instance: "blue", node: "host-1", network: "remora-blue" });
    expect(networks).toEqual([]);
    expect(await kept(state)).toBeUndefined();
  });

  test("does not ask the engine who it is when the node is known", async () => {
    const { state } = world();
    const runtime = { info: () => expect.unreachable("was asked") };
    expect((await discoverForPurge({ ...GIVEN, node: "mine" }, { runtime, state }, never)).node).toBe("mine");
  });
});

test.each(["127.0.0.1", "127.8.8.8", "::1", "[::1]", "0:0:0:0:0:0:0:1", "0.0.0.0", "::", "localhost", "a.LOCALHOST"])(
  "%s reaches nobody but oneself",
  (host) => expect(isLoopback(host)).toBe(true),
);

test.each(["10.0.0.1", "128.0.0.1", "100.0.0.1", "fe80::1", "2001:db8::1", "localhost.example", "127.example"])(
  "%s may reach others",
  (host) => expect(isLoopback(host)).toBe(false),
);

describe("Envoy's settings", () => {
  const envoy: Given = { ...GIVEN, proxy: "envoy" };

  test("have Consul's gRPC for the relay, and the authority that was given", async () => {
    const { parts } = world({ consul: { grpc: { port: 8502, tls: false, tlsPort: 8503 }, version: "1.16.4" } });
    const found = await discoverSettings({ ...envoy, consulGrpcCaFile: "/ca.pem" }, parts, never);
    expect(found.relay).toEqual({ http: "http://127.0.0.1:8500", grpc: "http://127.0.0.1:8503" });
    expect(found.envoy).toMatchObject({ ca: "PEM", version: "1.14.5" });
  });

  test("hold up nothing but sidecars when that authority cannot be read", async () => {
    const { envoy: found } = await discoverSettings({ ...envoy, consulGrpcCaFile: "/no.pem" }, world().parts, never);
    expect(found?.problem).toBe("the file of --consul-grpc-ca-file cannot be read: no /no.pem");
  });

  test("are not there with Consul's own proxy, which needs no gRPC", async () => {
    const found = await discoverSettings(GIVEN, world({ consul: {} }).parts, never);
    expect([found.envoy, found.relay]).toEqual([undefined, { http: "http://127.0.0.1:8500" }]);
  });
});
