/** One real Envoy with our bootstrap, an xDS server in Consul's place, and a small HTTP server behind the proxy. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { bootstrap } from "../../src/envoy/bootstrap.ts";
import type { BootstrapInput } from "../../src/envoy/input.ts";
import type { EnvoyBinary } from "../rig/envoy-binary.ts";
import { startEnvoy } from "../rig/envoy.ts";
import type { Envoy } from "../rig/envoy.ts";
import { freePorts } from "../rig/ports.ts";
import { startAdsServer } from "../support/xds/ads-server.ts";
import type { AdsOptions, AdsServer } from "../support/xds/ads-server.ts";

export const TOKEN = "3f1a2b4c-0000-4000-8000-5ec3e7aa0001";

export interface EnvoyWorld {
  readonly ads: AdsServer;
  readonly envoy: Envoy;
  /** Unix socket of the admin interface. */
  readonly admin: string;
  readonly ports: { readonly ready: number; readonly listener: number; readonly app: number };
  readonly stop: () => Promise<void>;
}

/** The way to the xDS server: by its unix socket, or by TCP with this authority (PEM) for its certificate. */
export type Way = { readonly ca?: string; readonly tls?: AdsOptions["tls"] };

/** The bootstrap's JSON, or a failed test. */
export function bootstrapOf(input: BootstrapInput): object {
  const made = bootstrap(input);
  if ("problem" in made) throw new Error(made.problem);
  return made.json;
}

/** What all bootstraps of these tests have in common. */
export function inputFor(binary: EnvoyBinary): BootstrapInput {
  return {
    dialect: "v3",
    proxyId: "_remora-1c9c-web-web-8080-sidecar-proxy",
    service: "web",
    datacenter: "dc1",
    envoyVersion: binary.version,
    preferredVersion: binary.version,
    admin: { path: "/tmp/admin.sock" },
    ready: { address: "127.0.0.1", port: 19100 },
    xds: { path: "/run/consul/grpc.sock" },
    token: TOKEN,
    config: {},
    env: {},
  };
}

export async function startEnvoyWorld(binary: EnvoyBinary, way?: Way): Promise<EnvoyWorld> {
  const directory = await mkdtemp(join(tmpdir(), "xds-"));
  const path = join(directory, "grpc.sock");
  const ads = await startAdsServer(way?.tls === undefined ? { path } : { path, tls: way.tls });
  const app = createServer((_, response) => response.end("from the app")).listen(0, "127.0.0.1");
  await once(app, "listening");
  const admin = join(directory, "admin.sock");
  const [ready = 0, listener = 0] = await freePorts(2);
  const address = "127.0.0.1";
  const xds = way?.ca === undefined ? { path } : { address, port: ads.port, ca: way.ca };
  const own = { admin: { path: admin }, ready: { address, port: ready }, xds };
  const envoy = await startEnvoy(binary, bootstrapOf({ ...inputFor(binary), ...own }));
  const stop = async (): Promise<void> => {
    await envoy.stop();
    ads.close();
    app.close();
    await rm(directory, { recursive: true });
  };
  return { ads, envoy, admin, ports: { ready, listener, app: (app.address() as AddressInfo).port }, stop };
}

export interface Reply {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Sends a request, to a port or a unix socket, with the path exactly as it is written, which `fetch` would tidy up. */
export async function ask(to: number | string, path: string, method = "GET"): Promise<Reply> {
  const where = typeof to === "number" ? { host: "127.0.0.1", port: to } : { socketPath: to };
  const sent = request({ ...where, path, method, agent: false, signal: AbortSignal.timeout(5_000) });
  sent.end();
  const answer = await once(sent, "response").catch(() => undefined);
  if (answer === undefined) return { status: 0, type: "", text: "" };
  const message = answer[0] as IncomingMessage;
  return {
    status: message.statusCode ?? 0,
    type: message.headers["content-type"] ?? "",
    text: await text(message),
  };
}
