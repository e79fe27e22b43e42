/** Listening: the TCP address for reads, and the control socket, which is the lock of its state directory too. */
import { randomUUID } from "node:crypto";
import { chmod, link, mkdir, rename, unlink } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { isAnswered } from "./knock.ts";

/** A sentence for the operator: why it cannot be listened there, and what to do. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

export interface Listening {
  /** `host:port`, or the path of the socket. */
  readonly address: string;
  /** Takes no new requests, lets the running ones end for a moment, then cuts them off. */
  readonly close: () => Promise<void>;
}

const MAX_CONNECTIONS = 64;
const MAX_HEADER_BYTES = 8 * 1024;
const REQUEST_LIMIT_MS = 10_000;
const CLOSE_LIMIT_MS = 1_000;
/** Linux keeps 108 bytes for the path of a socket, the closing zero included. */
const MAX_SOCKET_PATH = 107;

export interface TcpAddress {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
}

/** Throws a ListenError. */
export async function listenTcp(app: Hono, { host, port }: TcpAddress): Promise<Listening> {
  const server = serverFor(app);
  try {
    await started(server, { host, port });
  } catch (error) {
    throw new ListenError(tcpSentence(`${host}:${port}`, codeOf(error)), { cause: error });
  }
  const bound = server.address() as AddressInfo;
  const name = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return { address: `${name}:${bound.port}`, close: () => closed(server) };
}

/**
 * Makes the socket's directory (0700) if need be, and the socket (0600). Only one process at a time can have it: throws a
 * ListenError if another answers there; what a dead one left behind is replaced.
 */
export async function listenControl(app: Hono, path: string): Promise<Listening> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH)
    throw new ListenError(`${path} is too long for a socket: choose a shorter --state-dir`);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return await claim(app, path);
  } catch (error) {
    if (error instanceof ListenError) throw error;
    const why = codeOf(error) === "EACCES" ? "permission denied: run as root" : (error as Error).message;
    throw new ListenError(`The control socket ${path} cannot be made: ${why}`, { cause: error });
  }
}

/** Both or neither: the control socket first, because it is the lock. Throws a ListenError. */
export async function listenBoth(
  control: { readonly app: Hono; readonly path: string },
  http: { readonly app: Hono; readonly address: TcpAddress },
): Promise<Listening> {
  const lock = await listenControl(control.app, control.path);
  try {
    const open = await listenTcp(http.app, http.address);
    const close = async (): Promise<void> => void (await Promise.all([open.close(), lock.close()]));
    return { address: open.address, close };
  } catch (error) {
    await lock.close();
    throw error;
  }
}

async function claim(app: Hono, path: string): Promise<Listening> {
  if (await isAnswered(path)) throw taken(path);
  const server = serverFor(app);
  try {
    await started(server, { path });
  } catch (error) {
    if (codeOf(error) !== "EADDRINUSE") throw error;
    await removeStale(path);
    await started(server, { path }).catch((again: unknown) => {
      throw codeOf(again) === "EADDRINUSE" ? taken(path) : again;
    });
  }
  await chmod(path, 0o600);
  return { address: path, close: () => closed(server) };
}

/**
 * Two agents that start at once both find the same dead socket. Each moves what is there aside and asks it again before
 * deleting it, so that the slower one cannot delete the socket that the faster one has just made: that one it puts back,
 * and throws a ListenError.
 */
export async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  const answered = await isAnswered(aside);
  if (answered) await link(aside, path);
  await unlink(aside);
  if (answered) throw taken(path);
}

function taken(path: string): ListenError {
  return new ListenError(
    `Another Remora agent runs with this state directory: it answers on ${path}. Stop it first, or give this one its own --state-dir and --instance`,
  );
}

function tcpSentence(address: string, code: string): string {
  const advice = "choose another address with --http-addr";
  if (code === "EADDRINUSE") return `The HTTP address ${address} is in use by another program: ${advice}`;
  if (code === "EADDRNOTAVAIL") return `The HTTP address ${address} is none of this host's: ${advice}`;
  if (code === "EACCES") return `This user may not listen on ${address}: ${advice}`;
  return `The HTTP address ${address} cannot be used (${code}): ${advice}`;
}

function serverFor(app: Hono): Server {
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: REQUEST_LIMIT_MS,
    requestTimeout: REQUEST_LIMIT_MS,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: 5_000,
  };
  const answer = getRequestListener((request) => app.fetch(request), { overrideGlobalObjects: false });
  const server = createServer(limits, (incoming, outgoing) => void answer(incoming, outgoing));
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

function started(server: Server, where: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_LIMIT_MS);
    server.close((error) => {
      clearTimeout(cut);
      if (error === undefined || codeOf(error) === "ERR_SERVER_NOT_RUNNING") resolve();
      else reject(error);
    });
    server.closeIdleConnections();
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
