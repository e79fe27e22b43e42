/** A bare line to an HTTP API over kept connections: what a straight script speaks through. */
import { Agent, request } from "node:http";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { Address } from "./counting-proxy.ts";

export interface Asked {
  /** Sent as JSON, unless it is bytes: those go as a tar archive. */
  readonly body?: unknown;
  readonly token?: string;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

export class Line {
  readonly #address: Address;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(address: Address) {
    this.#address = address;
  }

  /** Resolves with the whole answer; rejects with its text when the status is 300 or more. */
  async ask(method: string, path: string, asked: Asked = {}): Promise<Answered> {
    const answer = await this.#send(method, path, asked);
    const said = await text(answer);
    const status = answer.statusCode ?? 0;
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${said}`);
    return { status, text: said };
  }

  async json<T>(method: string, path: string, asked: Asked = {}): Promise<T> {
    return JSON.parse((await this.ask(method, path, asked)).text) as T;
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string, { body, token }: Asked): Promise<IncomingMessage> {
    const bytes = body === undefined || body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
    const headers = {
      ...(bytes === undefined ? {} : { "Content-Length": bytes.length, "Content-Type": typeOf(body) }),
      ...(token === undefined ? {} : { "X-Consul-Token": token }),
    };
    return new Promise((done, fail) => {
      const asked = request({ ...this.#address, agent: this.#agent, method, path, headers }, done);
      asked.once("error", fail);
      asked.end(bytes);
    });
  }
}

function typeOf(body: unknown): string {
  return body instanceof Uint8Array ? "application/x-tar" : "application/json";
}
