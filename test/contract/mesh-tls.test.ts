/** Consul behind https that wants a client certificate, with certificates that Consul's own tool made. */
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consulMesh } from "../../src/adapters/consul/mesh.ts";
import type { ConsulMeshOptions } from "../../src/adapters/consul/mesh.ts";
import { systemClock } from "../../src/adapters/system.ts";
import type { MeshInfo } from "../../src/ports/mesh.ts";
import { consulBinary } from "../rig/consul-binary.ts";
import { run } from "../rig/shell.ts";

const SELF = {
  Config: { Datacenter: "dc1", NodeName: "box", Version: "1.8.7" },
  DebugConfig: { ConnectEnabled: true, ACLsEnabled: false },
  Member: { Addr: "192.0.2.1" },
};

const server = createServer();
let directory: string;
let address: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tls-"));
  const { path } = await consulBinary();
  for (const args of [["ca"], ["cert", "-server", "-additional-ipaddress=127.0.0.1"], ["cert", "-client"]]) {
    await run(path, ["tls", args[0] ?? "", "create", ...args.slice(1)], { cwd: directory });
  }
  const [ca, cert, key] = await Promise.all([pem("ca"), pem("server"), pem("server-key")]);
  server.setSecureContext({ ca, cert, key });
  Object.assign(server, { requestCert: true, rejectUnauthorized: true });
  server.on("request", (_, response) =>
    response.setHeader("content-type", "application/json").end(JSON.stringify(SELF)),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 60_000);

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await rm(directory, { recursive: true, force: true });
});

/** Where `consul tls` puts them. */
function file(name: "ca" | "server" | "server-key" | "client" | "client-key"): string {
  const [kind = "", key] = name.split("-");
  const names = key === undefined ? `${kind}-consul-0.pem` : `${kind}-consul-0-key.pem`;
  return join(directory, name === "ca" ? "consul-agent-ca.pem" : `dc1-${names}`);
}

function pem(name: Parameters<typeof file>[0]): Promise<Buffer> {
  return readFile(file(name));
}

function info(tls?: NonNullable<ConsulMeshOptions["tls"]>): Promise<MeshInfo> {
  const common = { address, observer: () => undefined, clock: systemClock, instance: "remora", node: "host" };
  return consulMesh({ ...common, ...(tls === undefined ? {} : { tls }) }).info(new AbortController().signal);
}

describe("Consul behind https", () => {
  test("answers to its own authority's client certificate", async () => {
    const found = await info({ ca: file("ca"), cert: file("client"), key: file("client-key") });
    expect(found).toMatchObject({ version: "1.8.7", nodeName: "box" });
  });

  test("is unreachable with an unknown authority, and without a client certificate", async () => {
    await expect(info()).rejects.toMatchObject({ code: "unreachable" });
    await expect(info({ ca: file("ca") })).rejects.toMatchObject({ code: "unreachable" });
  });

  test("is not even tried with a certificate file that is not there", () => {
    expect(() => info({ ca: join(directory, "none.pem") })).toThrow(/ENOENT.*none\.pem/);
  });
});
