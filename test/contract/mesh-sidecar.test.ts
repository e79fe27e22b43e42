/** Prober and relay with a real sidecar: Consul's own proxy, behind the relay, with a token that the mesh minted. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { consulMesh } from "../../src/adapters/consul/mesh.ts";
import { tlsProber } from "../../src/adapters/prober.ts";
import { runRelay } from "../../src/adapters/relay/relay.ts";
import { systemClock } from "../../src/adapters/system.ts";
import { Secret } from "../../src/model/secret.ts";
import { isAnswered } from "../../src/server/knock.ts";
import { consulBinary } from "../rig/consul-binary.ts";
import { freePorts } from "../rig/ports.ts";
import { endProcess, processId } from "../rig/processes.ts";
import type { ProcessId } from "../rig/processes.ts";
import { startBound } from "../rig/shell.ts";
import { realWorld } from "./mesh-consul.ts";
import type { RealWorld } from "./mesh-consul.ts";
import { persona, serviceSpec, sidecarSpec, tokenSpec } from "./mesh-specs.ts";

const never = new AbortController().signal;
const PATIENCE = { timeout: 20_000, interval: 50 };
const who = persona();
const stop = new AbortController();

let world: RealWorld;
let directory: string;
let relay: Promise<void>;
let proxy: ProcessId | undefined;
let port: number;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sidecar-"));
  world = await realWorld();
  const { httpAddr, grpcAddr } = world.consul;
  const log = (): void => undefined;
  relay = runRelay({ directory, http: `http://${httpAddr}`, grpc: `http://${grpcAddr}`, signal: stop.signal, log });
  await vi.waitFor(async () => expect(await isRelayUp()).toBe(true));
  [port = 0] = await freePorts(1);
  await register();
}, 60_000);

afterAll(async () => {
  if (proxy !== undefined) await endProcess(proxy);
  stop.abort();
  await relay;
  await world.stop();
  await rm(directory, { recursive: true, force: true });
});

async function isRelayUp(): Promise<boolean> {
  const answered = ["http.sock", "grpc.sock"].map((name) => isAnswered(join(directory, name)));
  return (await Promise.all(answered)).every(Boolean);
}

/** Mints and registers through the relay, as a controller would, and leaves the secret where the proxy finds it. */
async function register(): Promise<void> {
  const mesh = world.mesh(who.instance, who.node);
  await mesh.mintToken(tokenSpec(who), never);
  const secret = await mesh.readSecret(tokenSpec(who).accessor, never);
  await writeFile(join(directory, "token"), secret?.reveal() ?? "", { mode: 0o600 });
  await mesh.register(serviceSpec(who, { sidecar: sidecarSpec([], { port }) }), secret, never);
}

async function startProxy(): Promise<void> {
  const { path } = await consulBinary();
  const args = ["-service", who.service, "-service-addr", world.consul.httpAddr, "-listen", `127.0.0.1:${port}`];
  const env = {
    CONSUL_HTTP_ADDR: `unix://${join(directory, "http.sock")}`,
    CONSUL_HTTP_TOKEN_FILE: join(directory, "token"),
  };
  const pid = await startBound(path, ["connect", "proxy", ...args], { log: join(directory, "proxy.log"), env });
  proxy = await processId(pid);
}

function probe(service: string, at = port): Promise<string | undefined> {
  return tlsProber().sidecar({ address: "127.0.0.1", port: at, service }, never);
}

describe("a real sidecar", () => {
  test("is not listening before it is started, and ready once it has its certificate through the relay", async () => {
    expect(await probe(who.service)).toMatch(/is not listening/);
    await startProxy();
    await vi.waitFor(async () => expect(await probe(who.service)).toBeUndefined(), PATIENCE);
  }, 30_000);

  test("is not taken for another service's, nor for one whose name ends alike", async () => {
    const own = new RegExp(`shows spiffe://.*/svc/${who.service} instead of the identity of`);
    expect(await probe("other")).toMatch(own);
    expect(await probe(who.service.slice(1))).toMatch(own);
  });

  test("is recognised over TLS 1.2 too, where it refuses a client without a certificate", async () => {
    const before = tls.DEFAULT_MAX_VERSION;
    tls.DEFAULT_MAX_VERSION = "TLSv1.2";
    try {
      expect(await probe(who.service)).toBeUndefined();
      expect(await probe("other")).toMatch(/instead of the identity of other/);
    } finally {
      tls.DEFAULT_MAX_VERSION = before;
    }
  });

  test("is recognised behind any TLS server that shows its leaf certificate and wants one", async () => {
    const leaf = await world.consul.api.get<Record<"CertPEM" | "PrivateKeyPEM", string>>(
      `/agent/connect/ca/leaf/${who.service}`,
    );
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const demand = { requestCert: true, rejectUnauthorized: true, maxVersion };
      const server = tls.createServer({ cert: leaf.CertPEM, key: leaf.PrivateKeyPEM, ...demand });
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      expect(await probe(who.service, (server.address() as AddressInfo).port)).toBeUndefined();
      await new Promise((closed) => server.close(closed));
    }
  });
});

describe("the relay", () => {
  test("is as good as Consul itself for a controller, also after Consul was restarted", async () => {
    const address = `unix://${join(directory, "http.sock")}`;
    const common = { observer: () => undefined, clock: systemClock, instance: who.instance, node: who.node };
    const mesh = consulMesh({ ...common, address, token: new Secret(world.consul.token) });
    const before = await mesh.info(never);
    await world.consul.restart();
    await vi.waitFor(async () => expect(await mesh.info(never)).toEqual(before), PATIENCE);
    const services = await vi.waitFor(async () => {
      const found = await mesh.registrations.list(never);
      expect(found).toHaveLength(2);
      return found;
    }, PATIENCE);
    expect(services.map(({ name }) => name)).toEqual([who.service, `${who.service}-sidecar-proxy`]);
    expect(await isRelayUp()).toBe(true);
  }, 60_000);
});

describe("the adapter", () => {
  test("never told an observer a secret", async () => {
    const secret = await world.mesh(who.instance, who.node).readSecret(tokenSpec(who).accessor, never);
    expect(world.events.length).toBeGreaterThan(3);
    expect(JSON.stringify(world.events)).not.toContain(secret?.reveal());
  });
});
