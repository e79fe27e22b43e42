/** A small xDS server for tests: it serves what it is given to every proxy that asks, and keeps what the proxies said. */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { discoveryService } from "./wire.ts";
import type { DeltaRequest, DeltaStream, Resource, StructValue } from "./wire.ts";

/** What a proxy answered to one response. */
export interface Answer {
  readonly type: string;
  readonly nonce: string;
  /** Why it refused; absent when it took what it was sent. */
  readonly refused?: string;
}

/** One stream of one proxy. */
export interface AdsStream {
  readonly node: { readonly id: string; readonly cluster: string; readonly metadata: object } | undefined;
  /** Each `x-consul-token` of the call's metadata. */
  readonly tokens: readonly string[];
  /** The type URLs it has asked for, in that order. */
  readonly asked: readonly string[];
  readonly answers: readonly Answer[];
}

export interface AdsOptions {
  /** A unix socket to listen on beside the TCP port. */
  readonly path: string;
  /** What the TCP port shows; plain text without it. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
}

export interface Resources {
  readonly listeners?: readonly Resource[];
  readonly clusters?: readonly Resource[];
}

export interface AdsServer {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Every stream there has been, the oldest first. */
  readonly streams: readonly AdsStream[];
  /** Sends these to whoever has asked or will ask. For what was never served a proxy waits, as at a Consul without it. */
  readonly serve: (resources: Resources) => void;
  /** Ends every stream. */
  readonly close: () => void;
}

export const LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
export const CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

/** Starts one that serves nothing yet. */
export async function startAdsServer(options: AdsOptions): Promise<AdsServer> {
  const streams: Stream[] = [];
  const served = new Map<string, readonly Resource[]>();
  const server = new Server();
  server.addService(discoveryService(), {
    DeltaAggregatedResources: (call: DeltaStream) => void streams.push(new Stream(call, served)),
  });
  await bind(server, `unix:${options.path}`, ServerCredentials.createInsecure());
  const port = await bind(server, "127.0.0.1:0", credentials(options));
  const serve = ({ listeners, clusters }: Resources): void => {
    const given = Object.entries({ [CLUSTER]: clusters, [LISTENER]: listeners });
    for (const [type, resources] of given) {
      if (resources === undefined) continue;
      served.set(type, resources);
      for (const stream of streams) stream.offer(type);
    }
  };
  return { port, streams, serve, close: () => server.forceShutdown() };
}

function credentials({ tls }: AdsOptions): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  return ServerCredentials.createSsl(null, [{ cert_chain: tls.cert, private_key: tls.key }]);
}

function bind(server: Server, address: string, how: ServerCredentials): Promise<number> {
  return new Promise((done, fail) => {
    server.bindAsync(address, how, (error, port) => (error === null ? done(port) : fail(error)));
  });
}

/** The server's side of one stream. */
class Stream implements AdsStream {
  node: AdsStream["node"];
  readonly tokens: readonly string[];
  readonly asked: string[] = [];
  readonly answers: Answer[] = [];
  readonly #call: DeltaStream;
  readonly #served: ReadonlyMap<string, readonly Resource[]>;
  #sent = 0;

  constructor(call: DeltaStream, served: ReadonlyMap<string, readonly Resource[]>) {
    this.#call = call;
    this.#served = served;
    this.tokens = call.metadata.get("x-consul-token").map(String);
    call.on("data", (request: DeltaRequest) => this.#take(request));
    // The proxy has gone, or the server: the stream stays as it was.
    call.on("error", () => call.end());
    call.on("end", () => call.end());
  }

  /** Sends what is served of this type now, if the proxy wants that type. */
  offer(type: string): void {
    if (this.asked.includes(type)) this.#send(type);
  }

  /** The node comes with the first request only; a request with a nonce answers a response. */
  #take(request: DeltaRequest): void {
    const { node, type_url: type, response_nonce: nonce = "", error_detail: error } = request;
    if (node !== undefined) this.node = { ...node, metadata: plain(node.metadata?.fields ?? {}) };
    if (nonce !== "") this.answers.push({ type, nonce, ...(error && { refused: error.message ?? "" }) });
    if (this.asked.includes(type)) return;
    this.asked.push(type);
    this.#send(type);
  }

  #send(type: string): void {
    const resources = this.#served.get(type);
    if (resources === undefined) return;
    const version = String((this.#sent += 1));
    this.#call.write({
      system_version_info: version,
      nonce: version,
      type_url: type,
      resources: resources.map((resource) => ({ version, name: resource.name, resource })),
    });
  }
}

function plain(fields: Readonly<Record<string, StructValue>>): object {
  const value = (each: StructValue): unknown => each.stringValue ?? each.numberValue ?? each.boolValue;
  return Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, value(each)]));
}
