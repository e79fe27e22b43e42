/** Where the relay leads to, read from an address as Consul's own tools write it. */
import type { NetConnectOpts } from "node:net";

export interface Target {
  /** As it was given, for messages. */
  readonly address: string;
  readonly connect: NetConnectOpts;
}

/**
 * `http://host:port`, `https://host:port` or `unix:///path`. The relay passes bytes on as they are: behind an https
 * address it is the client that has to speak TLS into the socket. Throws an Error that says what is wrong.
 */
export function parseTarget(address: string): Target {
  const path = /^unix:\/\/(\/.+)$/.exec(address)?.[1];
  if (path !== undefined) return { address, connect: { path, allowHalfOpen: true } };
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new Error(`"${address}" leads nowhere: give http://host:port, https://host:port or unix:///path/of/socket`);
  }
  const port = Number(url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return { address, connect: { host, port, allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: 30_000 } };
}
