/** One request to a running agent, over its control socket or its HTTP address. */
import { request } from "node:http";
import { isIPv6 } from "node:net";
import { UserError } from "./user-error.ts";
import type { HostPort } from "./values.ts";

export type AgentAddress = { readonly socketPath: string } | HostPort;

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Nobody answers there: no agent runs. */
export class NoAgent extends UserError {}

const LIMIT_MS = 5_000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** `body` is sent as JSON. Throws NoAgent if nobody answers there, and another UserError if somebody might, but not to us. */
export function askAgent(address: AgentAddress, method: "GET" | "POST", path: string, body?: unknown): Promise<Answer> {
  const text = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = text === undefined ? {} : { "content-type": "application/json", "content-length": text.length };
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(sentenceOf(address, error));
    const where = "socketPath" in address ? { ...address, host: "localhost" } : reachable(address);
    const signal = AbortSignal.timeout(LIMIT_MS);
    const asked = request({ ...where, method, path, headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_BODY_BYTES) response.destroy(new Error("the answer is too large"));
        else chunks.push(chunk);
      });
      response.once("error", fail);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    asked.once("error", fail);
    asked.end(text);
  });
}

/** Asks the first of the addresses at which anybody answers; throws what the first one said if nobody does. */
export async function getFirst(
  [address, ...others]: readonly AgentAddress[],
  path: string,
): Promise<Answer & { readonly from: AgentAddress }> {
  if (address === undefined) throw new UserError("There is no address to ask at");
  try {
    return { ...(await askAgent(address, "GET", path)), from: address };
  } catch (error) {
    if (!(error instanceof NoAgent) || others.length === 0) throw error;
    return await getFirst(others, path).catch(() => Promise.reject(error));
  }
}

/** The address as a person would write it. */
export function addressText(address: AgentAddress): string {
  if ("socketPath" in address) return address.socketPath;
  return isIPv6(address.host) ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** Who listens on all addresses is reached on the loopback one. */
function reachable({ host, port }: HostPort): HostPort {
  if (host === "0.0.0.0") return { host: "127.0.0.1", port };
  return { host: /^[0:]+$/.test(host) ? "::1" : host, port };
}

function sentenceOf(address: AgentAddress, error: NodeJS.ErrnoException): UserError {
  const at = addressText(address);
  if (error.code === "ENOENT" || error.code === "ECONNREFUSED")
    return new NoAgent(`No Remora agent answers at ${at}: start one with "remora agent", or say where it is`, {
      cause: error,
    });
  if (error.code === "EACCES")
    return new UserError(`Only the agent's user may use ${at}: run this as root, or ask over --http-addr`, {
      cause: error,
    });
  if (error.name === "AbortError" || error.name === "TimeoutError")
    return new UserError(`The agent at ${at} did not answer within ${LIMIT_MS / 1000} s`, { cause: error });
  return new UserError(`The agent at ${at} cannot be asked: ${error.message}`, { cause: error });
}
