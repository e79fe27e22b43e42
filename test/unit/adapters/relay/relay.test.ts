/** The relay between unix sockets and a server that stands for Consul. */
import { once } from "node:events";
import { mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runRelay } from "../../../../src/adapters/relay/relay.ts";
import { isAnswered } from "../../../../src/server/knock.ts";

let directory: string;
let stop: AbortController;
let running: Promise<void>;
let lines: string[];
const servers: Server[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "relay-"));
  stop = new AbortController();
  running = Promise.resolve();
  lines = [];
});

afterEach(async () => {
  stop.abort();
  await running;
  for (const server of servers.splice(0)) server.close();
  await rm(directory, { recursive: true, force: true });
});

async function start(http: string, grpc?: string, connections = 1_000): Promise<void> {
  const log = (line: string): unknown => lines.push(line);
  const targets = { http, ...(grpc === undefined ? {} : { grpc }) };
  running = runRelay({ directory, ...targets, connections, signal: stop.signal, log });
  const sockets = grpc === undefined ? ["http.sock"] : ["http.sock", "grpc.sock"];
  const answered = (): Promise<boolean[]> => Promise.all(sockets.map((name) => isAnswered(join(directory, name))));
  await Promise.race([running, vi.waitFor(async () => expect(await answered()).not.toContain(false))]);
}

/** A server on 127.0.0.1; resolves with its address. */
async function serve(onClient: (client: Socket) => void, port = 0): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.on("error", () => client.destroy());
    onClient(client);
  });
  servers.push(server);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const echo = (client: Socket): void => void client.pipe(client);

function dial(name = "http.sock"): Socket {
  return connect({ path: join(directory, name), allowHalfOpen: true });
}

async function everything(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Sends a text, closes the sending side, and resolves with all that comes back. */
function exchange(text: string, name?: string): Promise<string> {
  const socket = dial(name);
  socket.end(text);
  return everything(socket);
}

describe("the relay", () => {
  test("passes bytes both ways, for HTTP and gRPC each to its own target", async () => {
    const http = await serve((client) => client.end("this is http"));
    await start(http, await serve(echo));
    expect(await exchange("", "http.sock")).toBe("this is http");
    expect(await exchange("this is grpc", "grpc.sock")).toBe("this is grpc");
  });

  test("closes each way on its own: an answer arrives after the question was closed", async () => {
    const target = await serve((client) => {
      client.resume().once("end", () => client.end("you have finished"));
    });
    await start(target);
    expect(await exchange("question")).toBe("you have finished");
  });

  test("lets any user connect", async () => {
    await start(await serve(echo));
    expect((await stat(join(directory, "http.sock"))).mode & 0o777).toBe(0o666);
  });

  test("takes the place of a socket that a killed relay left behind", async () => {
    const stale = createServer().listen(join(directory, "old.sock"));
    await once(stale, "listening");
    await rename(join(directory, "old.sock"), join(directory, "http.sock"));
    await new Promise((closed) => stale.close(closed));
    expect(await isAnswered(join(directory, "http.sock"))).toBe(false);
    await start(await serve(echo));
    expect(await exchange("new")).toBe("new");
  });

  test("refuses to begin where something that is no socket has its name, and leaves that alone", async () => {
    await writeFile(join(directory, "http.sock"), "precious");
    await expect(start("http://127.0.0.1:1")).rejects.toThrow(/is no socket: move it away/);
    running = Promise.resolve();
    expect(await readFile(join(directory, "http.sock"), "utf8")).toBe("precious");
  });

  test("refuses an address that leads nowhere, and says what to give", async () => {
    await expect(start("consul:8500")).rejects.toThrow(/give http:\/\/host:port/);
    running = Promise.resolve();
  });

  test("reaches a target that is a unix socket itself", async () => {
    const path = join(directory, "consul.sock");
    const server = createServer({ allowHalfOpen: true }, echo).listen(path);
    servers.push(server);
    await once(server, "listening");
    await start(`unix://${path}`);
    expect(await exchange("through two sockets")).toBe("through two sockets");
  });

  test("outlives Consul: a client meets a closed connection while it is away, and Consul once it is back", async () => {
    const address = await serve(echo);
    const port = Number(new URL(address).port);
    await start(address);
    expect(await exchange("before")).toBe("before");
    await new Promise((closed) => servers[0]?.close(closed));
    expect(await exchange("away")).toBe("");
    expect(await exchange("still away")).toBe("");
    await serve(echo, port);
    expect(await exchange("back")).toBe("back");
    expect(lines.filter((line) => line.includes("cannot be reached"))).toHaveLength(1);
    expect(lines.filter((line) => line.includes("can be reached again"))).toHaveLength(1);
  });

  test("survives a target that resets its connections", async () => {
    const target = await serve((client) => {
      client.once("data", (data) => (data.toString() === "reset" ? client.resetAndDestroy() : client.end(data)));
    });
    await start(target);
    expect(await exchange("reset")).toBe("");
    expect(await exchange("alive")).toBe("alive");
    expect(lines.filter((line) => line.includes("cannot be reached"))).toEqual([]);
  });

  test("lets go of the target when the client goes away", async () => {
    const open = new Set<Socket>();
    const target = await serve((client) => {
      open.add(client);
      client.write("hello");
      client.resume().once("end", () => client.end());
      client.on("error", () => client.destroy()).once("close", () => open.delete(client));
    });
    await start(target);
    const client = dial();
    await once(client, "data");
    expect(open.size).toBeGreaterThan(0);
    client.destroy();
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  test("holds a fast sender back when the receiver does not read", async () => {
    const offered = 64 << 20;
    const chunk = Buffer.alloc(1 << 20);
    let written = 0;
    const target = await serve((client) => {
      written = 0;
      const more = (): void => {
        while (written < offered) {
          written += chunk.length;
          if (!client.write(chunk)) return void client.once("drain", more);
        }
        client.end();
      };
      client.on("error", () => client.destroy());
      more();
    });
    await start(target);
    const slow = dial();
    await once(slow, "readable");
    let before = -1;
    await vi.waitFor(() => {
      const still = written === before;
      before = written;
      expect(still).toBe(true);
    });
    expect(written).toBeLessThan(offered / 2);
    let received = 0;
    for await (const chunk of slow) received += (chunk as Buffer).length;
    expect(received).toBe(offered);
  });

  test("carries many connections at once", async () => {
    await start(await serve(echo));
    const texts = Array.from({ length: 200 }, (_, i) => `connection ${i}`);
    expect(await Promise.all(texts.map((text) => exchange(text)))).toEqual(texts);
  });

  test("closes what comes beyond its bound, says so, and serves again when there is room", async () => {
    await start(await serve(echo), undefined, 2);
    const hold = async (): Promise<Socket> => {
      const socket = dial();
      socket.write("x");
      await once(socket, "data");
      return socket;
    };
    // The health check that start() waited for may still be counted.
    const held = [await vi.waitFor(hold), await vi.waitFor(hold)];
    expect(await everything(dial())).toBe("");
    expect(lines.join()).toMatch(/2 connections are open, one more was closed/);
    for (const one of held) one.resume().end();
    await vi.waitFor(async () => expect(await exchange("room").catch(String)).toBe("room"));
  });

  test("ends when told: closes open connections and removes its sockets", async () => {
    await start(await serve((client) => client.write("hello")), "http://127.0.0.1:1");
    const open = dial();
    await once(open, "data");
    const closed = once(open, "close");
    stop.abort();
    await running;
    open.end();
    await closed;
    await expect(stat(join(directory, "http.sock"))).rejects.toThrow("ENOENT");
  });
});
