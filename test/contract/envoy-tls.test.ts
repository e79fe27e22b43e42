/** Envoy reaches Consul over TLS as the bootstrap says: it trusts one authority, and gives its token to nobody else. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { consulBinary } from "../rig/consul-binary.ts";
import { run } from "../rig/shell.ts";
import { describeWithEnvoy } from "../rig/vitest.ts";
import { until } from "../rig/wait.ts";
import { ask, startEnvoyWorld, TOKEN } from "./envoy-world.ts";
import type { EnvoyWorld } from "./envoy-world.ts";

/** Envoy's count of TLS connections to Consul that came to nothing. */
const refusals = /^cluster\.local_agent\.ssl\.(connection_error|fail_verify_error): [1-9]/m;

interface Certificates {
  /** PEM. */
  readonly ca: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A new authority and a server's certificate from it, made by Consul's own tool. */
async function certificates(): Promise<Certificates> {
  const directory = await mkdtemp(join(tmpdir(), "tls-"));
  const { path } = await consulBinary();
  await run(path, ["tls", "ca", "create"], { cwd: directory });
  await run(path, ["tls", "cert", "create", "-server", "-additional-ipaddress=127.0.0.1"], { cwd: directory });
  const names = ["consul-agent-ca.pem", "dc1-server-consul-0.pem", "dc1-server-consul-0-key.pem"];
  const [ca, cert, key] = await Promise.all(names.map((name) => readFile(join(directory, name))));
  await rm(directory, { recursive: true });
  if (ca === undefined || cert === undefined || key === undefined) throw new Error("consul tls made no certificates");
  return { ca: ca.toString(), cert, key };
}

describeWithEnvoy("an Envoy whose bootstrap names Consul's authority", (binary) => {
  let world: EnvoyWorld | undefined;
  afterEach(() => world?.stop());

  test("speaks with a Consul that has a certificate of that authority", async () => {
    const { ca, ...tls } = await certificates();
    const { ads } = (world = await startEnvoyWorld(binary, { ca, tls }));
    const stream = await until(async () => ads.streams.find(({ node }) => node !== undefined), { what: "a stream" });
    expect(stream.tokens).toEqual([TOKEN]);
  });

  test.for(["with another authority's certificate", "without any"])("gives no token to a server %s", async (kind) => {
    const [{ ca }, { cert, key }] = await Promise.all([certificates(), certificates()]);
    world = await startEnvoyWorld(binary, kind === "without any" ? { ca } : { ca, tls: { cert, key } });
    const { admin, ads } = world;
    await until(async () => refusals.test((await ask(admin, "/stats")).text), { what: "Envoy to refuse it" });
    expect(ads.streams).toEqual([]);
  });
});
