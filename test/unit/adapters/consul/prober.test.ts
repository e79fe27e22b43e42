/** The prober where no sidecar is: each way of not being one has its sentence. */
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { tlsProber } from "../../../../src/adapters/prober.ts";

const never = new AbortController().signal;
const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function serve(onClient: (client: Socket) => void, port = 0): Promise<number> {
  const server = createServer((client) => {
    sockets.push(client);
    client.on("error", () => client.destroy());
    onClient(client);
  });
  servers.push(server);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Envoy as far as its ready port goes. */
function answer(status: string, body: string, port = 0): Promise<number> {
  return serve((client) => {
    client.once("data", () => client.end(`HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\n\r\n${body}`));
  }, port);
}

function probeEnvoy(readyPort: number, port = 1, signal = never): Promise<string | undefined> {
  return tlsProber().sidecar({ address: "127.0.0.1", port, service: "api", readyPort }, signal);
}

function probe(port: number, signal = never): Promise<string | undefined> {
  return tlsProber().sidecar({ address: "127.0.0.1", port, service: "api" }, signal);
}

describe("the prober", () => {
  test("says of a closed port that nothing is listening", async () => {
    const port = await serve(() => undefined);
    await new Promise((closed) => servers.pop()?.close(closed));
    expect(await probe(port)).toBe(`the sidecar of api at 127.0.0.1:${port} is not listening`);
  });

  test("says of a port that accepts and hangs up, as Docker's proxy does before a sidecar is there, that it closes", async () => {
    const port = await serve((client) => client.destroy());
    expect(await probe(port)).toMatch(/closes the connection before it shows a certificate/);
  });

  test("says of a plain TCP server that it does not speak TLS", async () => {
    const port = await serve((client) => client.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await probe(port)).toMatch(/does not speak TLS/);
  });

  test("gives a silent port one second", async () => {
    const port = await serve(() => undefined);
    const began = performance.now();
    expect(await probe(port)).toMatch(/shows no certificate within 1000 ms/);
    expect(performance.now() - began).toBeLessThan(2_500);
  });

  test("stops looking when told, before and in the middle", async () => {
    expect(await probe(1, AbortSignal.abort())).toMatch(/given up/);
    const stop = new AbortController();
    const port = await serve(() => stop.abort());
    expect(await probe(port, stop.signal)).toMatch(/given up/);
  });

  test("says of an address that cannot be that it cannot be reached", async () => {
    const nowhere = tlsProber().sidecar({ address: "127.0.0.1.invalid", port: 1, service: "api" }, never);
    expect(await nowhere).toMatch(/cannot be reached/);
  });
});

describe("the prober asks an Envoy first", () => {
  test("and tells its own word for not being ready", async () => {
    const port = await answer("503 Service Unavailable", "PRE_INITIALIZING\n");
    expect(await probeEnvoy(port)).toBe("the sidecar of api is not ready yet (PRE_INITIALIZING)");
    expect(await probeEnvoy(await answer("503 Service Unavailable", ""))).toMatch(/not ready yet \(503\)/);
  });

  test("and only one that is ready for its certificate", async () => {
    const hangsUp = await serve((client) => client.destroy());
    expect(await probeEnvoy(await answer("200 OK", "LIVE\n"), hangsUp)).toMatch(/before it shows a certificate/);
  });

  test("at any port, also one that browsers keep away from", async () => {
    const port = await answer("503 Service Unavailable", "INITIALIZING\n", 10_080);
    expect(await probeEnvoy(port)).toMatch(/not ready yet \(INITIALIZING\)/);
  });

  test("and says of one that hangs up in the middle of its answer that it does not say", async () => {
    const port = await serve((client) => {
      client.once("data", () => client.end("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nLI"));
    });
    expect(await probeEnvoy(port)).toMatch(/does not say whether it is ready \(ECONNRESET\)/);
  });

  test("and gives the body of an answer no more than the second", async () => {
    const port = await serve((client) => {
      client.once("data", () => client.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nLI"));
    });
    expect(await probeEnvoy(port)).toMatch(/does not say whether it is ready \(TimeoutError\)/);
  });

  test("and says of a closed port that nobody answers there", async () => {
    const port = await serve(() => undefined);
    await new Promise((closed) => servers.pop()?.close(closed));
    expect(await probeEnvoy(port)).toMatch(/does not say whether it is ready \(ECONNREFUSED\)/);
  });

  test("and says of one that does not answer why", async () => {
    const port = await serve(() => undefined);
    expect(await probeEnvoy(port)).toMatch(/does not say whether it is ready \(TimeoutError\)/);
    expect(await probeEnvoy(1, 1, AbortSignal.abort())).toMatch(/does not say whether it is ready \(AbortError\)/);
  });
});
