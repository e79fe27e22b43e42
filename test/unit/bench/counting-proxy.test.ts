/** The counting proxy in front of a plain server: everything passes as it is, and is counted. */
import { createServer, request } from "node:http";
import type { Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { CountingProxy } from "../../bench/counting-proxy.ts";
import { Line } from "../../bench/line.ts";

let server: Server;
let proxy: CountingProxy;
let port: number;
let gaveUp: number;

beforeAll(async () => {
  server = createServer((asked, answer) => {
    if (asked.url === "/v1/acl/tokens?index=1") {
      answer.flushHeaders();
      answer.once("close", () => (gaveUp += 1));
    } else void text(asked).then((body) => answer.writeHead(201, { "X-Index": "7" }).end(`${asked.method} ${body}`));
  });
  server.on("upgrade", (_, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    socket.pipe(socket);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});

beforeEach(async () => {
  gaveUp = 0;
  proxy = new CountingProxy("consul", { host: "127.0.0.1", port: (server.address() as AddressInfo).port });
  port = await proxy.listen();
  return () => proxy.close();
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("the counting proxy", () => {
  test("passes bodies both ways and keeps a record of the call", async () => {
    const line = new Line({ host: "127.0.0.1", port });
    const { status, text: said } = await line.ask("PUT", "/v1/acl/token", { body: { a: 1 } });
    line.close();
    expect([status, said]).toEqual([201, 'PUT {"a":1}']);
    const [call] = proxy.calls;
    expect(call).toMatchObject({
      method: "PUT",
      route: "PUT /v1/acl/token",
      status: 201,
      body: '{"a":1}',
      answer: said,
    });
    expect(call?.ended).toBeGreaterThanOrEqual(call?.began ?? Infinity);
  });

  test("counts connections and bytes", async () => {
    const line = new Line({ host: "127.0.0.1", port });
    await line.ask("GET", "/a");
    await line.ask("GET", "/b");
    line.close();
    const { connections, received, sent } = proxy.traffic();
    expect(connections).toBe(1);
    expect(received).toBeGreaterThan(20);
    expect(sent).toBeGreaterThan(20);
  });

  test("gives up behind itself what its client gives up", async () => {
    const asked = request({ host: "127.0.0.1", port, path: "/v1/acl/tokens?index=1" });
    asked.on("error", () => undefined).end();
    await new Promise((answered) => asked.once("response", answered));
    expect(proxy.calls[0]).not.toHaveProperty("ended");
    asked.destroy();
    await vi.waitFor(() => expect(gaveUp).toBe(1));
    await vi.waitFor(() => expect(proxy.calls[0]).toHaveProperty("ended"));
  });

  test("passes an upgraded connection as bytes", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /exec/1/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    const heard: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => heard.push(chunk));
    await vi.waitFor(() => expect(Buffer.concat(heard).toString()).toContain("101 Switching Protocols"));
    socket.write("ping");
    await vi.waitFor(() => expect(Buffer.concat(heard).toString()).toMatch(/ping$/));
    socket.destroy();
    expect(proxy.calls).toHaveLength(1);
  });
});
