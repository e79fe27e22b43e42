/** An HTTP server in the engine's place, for what a real one does not do on demand. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { dockerRuntime } from "../../../../src/adapters/docker/runtime.ts";
import type { EngineEvent } from "../../../../src/ports/observer.ts";
import type { Runtime } from "../../../../src/ports/runtime.ts";
import { HandClock } from "../../../sim/fakes/docker/hand-clock.ts";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export class StandIn {
  readonly clock = new HandClock();
  readonly events: EngineEvent[] = [];
  readonly requests: string[] = [];
  /** Something for the answer to do when the test says so. */
  later: () => void = () => undefined;
  runtime!: Runtime;
  #waiting: (() => void)[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server;

  constructor(answer: Answer) {
    this.#server = createServer((request, response) => {
      this.requests.push(`${request.method ?? ""} ${decodeURIComponent(request.url ?? "")}`);
      for (const wake of this.#waiting.splice(0)) wake();
      answer(request, response);
    });
    this.#server.on("connection", (socket) => this.#sockets.add(socket));
  }

  async open(): Promise<this> {
    await new Promise<void>((listening) => this.#server.listen(0, "127.0.0.1", listening));
    const { port } = this.#server.address() as AddressInfo;
    const docker = { host: "127.0.0.1", port, protocol: "http" } as const;
    const observer = (event: EngineEvent): void => void this.events.push(event);
    this.runtime = dockerRuntime({ docker, instance: "unit", observer, clock: this.clock });
    return this;
  }

  /** Resolves when the next request is here. */
  nextRequest(): Promise<void> {
    return new Promise((here) => this.#waiting.push(here));
  }

  /** The connection opened last. */
  get lastSocket(): Socket | undefined {
    return [...this.#sockets].at(-1);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((closed) => this.#server.close(closed));
  }
}

/** Answers with JSON. */
export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
