/** A server that stands for Consul where the real one cannot be made to answer so. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "../../../../src/adapters/consul/connection.ts";
import type { ConnectionOptions } from "../../../../src/adapters/consul/connection.ts";
import type { Answer, Call } from "../../../../src/adapters/consul/call.ts";
import { systemClock } from "../../../../src/adapters/system.ts";
import { PortFailure } from "../../../../src/ports/failure.ts";
import type { EngineEvent } from "../../../../src/ports/observer.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Stub {
  readonly address: string;
  readonly requests: readonly IncomingMessage[];
  readonly stop: () => Promise<void>;
}

/** Listens on a port of 127.0.0.1, or at the path of a unix socket. */
export async function stub(handler: Handler, path?: string): Promise<Stub> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response);
  });
  if (path === undefined) server.listen(0, "127.0.0.1");
  else server.listen(path);
  await once(server, "listening");
  const address = path === undefined ? `http://127.0.0.1:${(server.address() as AddressInfo).port}` : `unix://${path}`;
  return { address, requests, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}

/** Answers with a status and a text, as Consul refuses. */
export function refuse(status: number, text: string): Handler {
  return (_, response) => response.writeHead(status, { "content-type": "text/plain" }).end(text);
}

export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): Handler {
  return (_, response) =>
    response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

export const READ: Call = { method: "GET", route: "/agent/self", what: "ask the agent" };
export const WRITE: Call = {
  method: "PUT",
  route: "/agent/service/deregister/:id",
  params: { id: "a/b c" },
  what: "deregister a",
};

export interface Line {
  readonly ask: (call: Call, signal?: AbortSignal) => Promise<Answer>;
  readonly events: EngineEvent[];
  /** The failure a call throws; rejects if it throws none. */
  readonly failure: (call: Call, signal?: AbortSignal) => Promise<PortFailure>;
}

export function line(address: string, options: Partial<ConnectionOptions> = {}): Line {
  const events: EngineEvent[] = [];
  const bare = connect({ address, clock: systemClock, observer: (event) => void events.push(event), ...options });
  const ask: Line["ask"] = (call, signal = new AbortController().signal) => bare(call, signal);
  const failure: Line["failure"] = async (call, signal) => {
    const thrown: unknown = await ask(call, signal).then(
      ({ status }) => new Error(`answered ${status}`),
      (error: unknown) => error,
    );
    if (thrown instanceof PortFailure) return thrown;
    throw thrown;
  };
  return { ask, events, failure };
}
