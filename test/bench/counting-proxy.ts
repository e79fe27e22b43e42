/**
 * A counting proxy in front of the Docker engine or of Consul: passes every request on as it is and keeps a record.
 *
 * Upgraded connections (an attached exec) and answers without an end (events, blocking queries) pass as they come. What the
 * client gives up is given up behind the proxy too.
 */
import { createServer, Agent, request as ask } from "node:http";
import type { ClientRequest, IncomingMessage, RequestOptions, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { callerOf, routeOf } from "./calls.ts";
import type { Api, Call } from "./calls.ts";

/** The longest body that is kept. */
const KEPT = 64 * 1024;

export type Address = { readonly socketPath: string } | { readonly host: string; readonly port: number };

export interface Traffic {
  readonly connections: number;
  /** Bytes from and to clients, on all connections so far. */
  readonly received: number;
  readonly sent: number;
}

export class CountingProxy {
  readonly calls: Call[] = [];
  readonly #api: Api;
  readonly #target: Address;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  readonly #open = new Set<Socket>();
  #connections = 0;
  /** Bytes of connections that are closed. */
  #past = { received: 0, sent: 0 };

  constructor(api: Api, target: Address) {
    this.#api = api;
    this.#target = target;
    const limits = { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 };
    this.#server = createServer(limits, (request, response) => this.#pass(request, response));
    this.#server.on("connection", (socket) => this.#count(socket));
    this.#server.on("upgrade", (request, socket: Duplex, head) => this.#upgrade(request, socket, head));
  }

  /** Listens at a path, or on a free port of 127.0.0.1; resolves with the port, 0 for a path. */
  async listen(path?: string): Promise<number> {
    await new Promise<void>((listening, fail) => {
      this.#server.once("error", fail);
      if (path === undefined) this.#server.listen(0, "127.0.0.1", listening);
      else this.#server.listen(path, listening);
    });
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    for (const socket of this.#open) socket.destroy();
    await closed;
    this.#agent.destroy();
  }

  traffic(): Traffic {
    const now = [...this.#open];
    return {
      connections: this.#connections,
      received: now.reduce((sum, { bytesRead }) => sum + bytesRead, this.#past.received),
      sent: now.reduce((sum, { bytesWritten }) => sum + bytesWritten, this.#past.sent),
    };
  }

  #count(socket: Socket): void {
    this.#connections += 1;
    this.#open.add(socket);
    socket.setNoDelay(true);
    socket.once("close", () => {
      this.#open.delete(socket);
      this.#past.received += socket.bytesRead;
      this.#past.sent += socket.bytesWritten;
    });
  }

  #record({ method = "", url = "", headers }: IncomingMessage): Call {
    const caller = callerOf(headers["user-agent"]);
    const route = routeOf(this.#api, method, url);
    const call: Call = { api: this.#api, method, url, route, caller, began: performance.now() };
    this.calls.push(call);
    return call;
  }

  #options({ method, url, rawHeaders }: IncomingMessage): RequestOptions {
    // A flat list of names and values, as they came.
    const headers = rawHeaders as unknown as Record<string, string>;
    return { ...this.#target, method: method ?? "GET", path: url ?? "/", headers };
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const call = this.#record(request);
    const behind = ask({ ...this.#options(request), agent: this.#agent });
    const end = (): void => {
      call.ended ??= performance.now();
    };
    response.once("close", () => {
      end();
      behind.destroy();
    });
    behind.on("error", () => response.destroy());
    behind.once("response", (answer) => {
      call.status = answer.statusCode ?? 0;
      response.writeHead(call.status, answer.statusMessage, answer.rawHeaders);
      response.flushHeaders();
      answer.once("error", () => response.destroy());
      answer.once("end", end);
      if (request.method !== "GET") keep(answer, (text) => (call.answer = text));
      answer.pipe(response);
    });
    if (request.method !== "GET") keep(request, (text) => (call.body = text));
    request.pipe(behind);
  }

  #upgrade(request: IncomingMessage, client: Duplex, head: Buffer): void {
    const call = this.#record(request);
    const behind = ask(this.#options(request));
    const end = (): void => {
      call.ended ??= performance.now();
    };
    client.once("close", end);
    client.on("error", () => behind.destroy());
    behind.on("error", () => client.destroy());
    behind.once("response", (answer) => refuse(call, client, answer));
    behind.once("upgrade", (answer: IncomingMessage, server: Socket, early: Buffer) => {
      call.status = answer.statusCode ?? 0;
      client.write(`${headOf(answer)}\r\n\r\n`);
      client.write(early);
      server.on("error", () => client.destroy());
      client.once("close", () => server.destroy());
      server.once("end", end);
      server.pipe(client).pipe(server);
    });
    sendWhole(behind, request, head);
  }
}

/** The body of a request that asks for an upgrade is not parsed: Node hands out what came with the head. */
function sendWhole(behind: ClientRequest, request: IncomingMessage, head: Buffer): void {
  if (head.length > 0) behind.write(head);
  request.pipe(behind);
}

function refuse(call: Call, client: Duplex, answer: IncomingMessage): void {
  call.status = answer.statusCode ?? 0;
  client.write(`${headOf(answer)}\r\n\r\n`);
  answer.pipe(client);
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1] ?? ""}`] : []));
  return [`HTTP/1.1 ${statusCode ?? 0} ${statusMessage ?? ""}`, ...lines].join("\r\n");
}

/** Hands over the whole text once it has ended, unless it is long. */
function keep(stream: IncomingMessage, use: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= KEPT) chunks.push(chunk);
  });
  stream.once("end", () => {
    if (length <= KEPT) use(Buffer.concat(chunks).toString());
  });
}
