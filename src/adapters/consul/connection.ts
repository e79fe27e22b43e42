/** The line to a Consul agent: one HTTP call at a time, bounded, cancellable, observed. */
import { EventEmitter, setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import Consul from "consul";
import type { Secret } from "../../model/secret.ts";
import { CALL_LIMIT } from "../../model/settings.ts";
import type { PortFailure } from "../../ports/failure.ts";
import type { Observer } from "../../ports/observer.ts";
import type { Clock } from "../../ports/time.ts";
import { isWrite } from "./call.ts";
import type { Answer, Ask, Call } from "./call.ts";
import { tokenReader } from "./credentials.ts";
import type { TokenSource } from "./credentials.ts";
import { malformed, notConnected } from "./errors.ts";

export interface ConnectionOptions {
  /** `http://host:port`, `https://host:port` or `unix:///path/of/socket`. */
  readonly address: string;
  /** The controller's own token; absent without ACLs. */
  readonly token?: TokenSource;
  /** Paths of PEM files, for https. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly observer: Observer;
  readonly clock: Clock;
}

/** Consul serves at most 200 connections per client address by default, which all of this host shares. */
const CONNECTIONS = 64;

export function connect(options: ConnectionOptions): Ask {
  const client = clientFor(options);
  const ownToken = tokenReader(options.token);
  return async (call, signal) => {
    const token = call.as ?? (await ownToken());
    const began = options.clock.now();
    const report = (outcome: "ok" | "error", code: string): void =>
      options.observer({
        kind: "api-call",
        api: "consul",
        operation: `${call.method} /v1${call.route}${call.query?.["index"] === undefined ? "" : "?index"}`,
        write: isWrite(call),
        outcome,
        code,
        ms: options.clock.now() - began,
      });
    try {
      const answer = await send(client, call, token, signal);
      report(answer.status < 300 ? "ok" : "error", String(answer.status));
      return answer;
    } catch (error) {
      const failure = failureOf(error, call, options.address, signal);
      report("error", failure.code);
      throw failure;
    }
  };
}

/** What is used of the `consul` package: its calls without the layer that drops fields (its types leave these out). */
type RawClient = Readonly<Record<"_get" | "_put" | "_post" | "_delete", (request: RawRequest) => Promise<RawResponse>>>;

const VERBS = { GET: "_get", PUT: "_put", POST: "_post", DELETE: "_delete" } as const;

interface RawRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly ctx: EventEmitter;
  readonly type: "json";
  readonly body?: unknown;
}

interface RawResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

function clientFor({ address, tls }: ConnectionOptions): RawClient {
  const limits = { keepAlive: true, maxSockets: CONNECTIONS };
  const pem = (path: string | undefined): Buffer | undefined => (path === undefined ? undefined : readFileSync(path));
  const files = Object.entries({ ca: pem(tls?.ca), cert: pem(tls?.cert), key: pem(tls?.key) });
  const present = Object.fromEntries(files.filter(([, content]) => content !== undefined));
  const unix = /^unix:\/\/(\/.+)$/.exec(address)?.[1];
  if (unix !== undefined) {
    return raw({ baseUrl: "http://localhost/v1", socketPath: unix, agent: new HttpAgent(limits) });
  }
  const url = new URL(address);
  const agent = url.protocol === "https:" ? new HttpsAgent({ ...limits, ...present }) : new HttpAgent(limits);
  return raw({ baseUrl: `${url.protocol}//${url.host}/v1`, ...present, agent });
}

function raw(options: object): RawClient {
  return new Consul(options) as unknown as RawClient;
}

async function send(client: RawClient, call: Call, token: Secret | undefined, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted();
  const ctx = new EventEmitter();
  // One signal may stand for many calls at once; Node 20 takes more than ten listeners for a leak.
  setMaxListeners(0, signal);
  const cancel = (): boolean => ctx.emit("cancel");
  signal.addEventListener("abort", cancel, { once: true });
  const request: RawRequest = {
    path: fill(call.route, call.params ?? {}),
    query: call.query ?? {},
    headers: token === undefined ? {} : { "x-consul-token": token.reveal() },
    timeout: call.limit ?? CALL_LIMIT,
    ctx,
    type: "json",
    ...(call.body === undefined ? {} : { body: call.body }),
  };
  try {
    return answerOf(await client[VERBS[call.method]](request), token);
  } catch (error) {
    const response = refusal(error);
    if (response === undefined) throw error;
    return answerOf(response, token);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

function fill(route: string, params: Readonly<Record<string, string>>): string {
  return route.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
}

function answerOf(response: RawResponse, token: Secret | undefined): Answer {
  const index = Number(response.headers["x-consul-index"] ?? 0);
  const { statusCode: status, body } = response;
  // Texts end up in messages, so the token is taken out should anything on the way echo it.
  const safe = typeof body === "string" && token !== undefined ? body.replaceAll(token.reveal(), String(token)) : body;
  return { status, body: safe, index: Number.isSafeInteger(index) ? index : 0 };
}

/** The response that the package rejects with; its error is not passed on, for it holds the request's headers. */
function refusal(error: unknown): RawResponse | undefined {
  const { isResponse, response } = error as { isResponse?: boolean; response?: RawResponse };
  return isResponse === true ? response : undefined;
}

function failureOf(error: unknown, call: Call, address: string, signal: AbortSignal): PortFailure {
  const flags = error as { isTimeout?: boolean; isCodec?: boolean };
  if (flags.isCodec === true) return malformed(call, "the answer is not what Consul says it is");
  const reason = signal.aborted ? "aborted" : flags.isTimeout === true ? "timeout" : "unreachable";
  return notConnected(call, address, reason, error);
}
