/** One HTTP call to Consul: what is sent, and what its silences mean. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withinLimit } from "../../../../src/adapters/consul/call.ts";
import { Secret } from "../../../../src/model/secret.ts";
import { READ, WRITE, json, line, refuse, stub } from "./stub.ts";
import type { Handler, Stub } from "./stub.ts";

let directory: string;
const stubs: Stub[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "consul-"));
});

afterEach(async () => {
  await Promise.all(stubs.splice(0).map((each) => each.stop()));
  await rm(directory, { recursive: true, force: true });
});

async function serve(handler: Handler, path?: string): Promise<Stub> {
  const made = await stub(handler, path);
  stubs.push(made);
  return made;
}

describe("a call", () => {
  test("carries the token as a header, and its parameters and query encoded", async () => {
    const consul = await serve(json({ fine: true }, { "X-Consul-Index": "42" }));
    const { ask } = line(consul.address, { token: new Secret("s3cret") });
    const answer = await ask({ ...WRITE, query: { reason: "a & b" }, body: { Name: "x" } });
    expect(answer).toEqual({ status: 200, body: { fine: true }, index: 42 });
    const [request] = consul.requests;
    expect(request?.url).toBe("/v1/agent/service/deregister/a%2Fb%20c?reason=a%20%26%20b");
    expect(request?.headers["x-consul-token"]).toBe("s3cret");
    expect(request?.url).not.toContain("s3cret");
  });

  test("may act with another token, and has none where none is given", async () => {
    const consul = await serve(json({}));
    await line(consul.address, { token: new Secret("own") }).ask({ ...READ, as: new Secret("other") });
    await line(consul.address).ask(READ);
    expect(consul.requests.map(({ headers }) => headers["x-consul-token"])).toEqual(["other", undefined]);
  });

  test("goes through a unix socket", async () => {
    const consul = await serve(json("fine"), join(directory, "consul.sock"));
    expect((await line(consul.address).ask(READ)).body).toBe("fine");
  });

  test("uses a connection again, and no more than 64 at once", async () => {
    const sockets = new Set();
    const consul = await serve((request, response) => {
      sockets.add(request.socket);
      json({})(request, response);
    });
    const { ask } = line(consul.address);
    await Promise.all(Array.from({ length: 200 }, () => ask(READ)));
    expect(consul.requests).toHaveLength(200);
    expect(sockets.size).toBeLessThanOrEqual(64);
  });

  test("is told to the observer by its route, never by its parameters", async () => {
    const consul = await serve(refuse(500, "No cluster leader"));
    const { ask, events, failure } = line(consul.address);
    await ask(WRITE);
    await ask({ ...READ, query: { index: "7" } });
    await consul.stop();
    stubs.splice(0);
    await failure(READ);
    const common = { kind: "api-call", api: "consul", outcome: "error", ms: expect.any(Number) as number };
    expect(events).toEqual([
      { ...common, operation: "PUT /v1/agent/service/deregister/:id", write: true, code: "500" },
      { ...common, operation: "GET /v1/agent/self?index", write: false, code: "500" },
      { ...common, operation: "GET /v1/agent/self", write: false, code: "unreachable" },
    ]);
  });
});

describe("without an answer", () => {
  test("nobody listening is unreachable, and nothing has happened", async () => {
    const consul = await stub(json({}));
    await consul.stop();
    const { failure } = line(consul.address);
    for (const call of [READ, WRITE]) {
      const failed = await failure(call);
      expect(failed).toMatchObject({ code: "unreachable", effect: "none", retry: "backoff" });
      expect(failed.message).toContain(consul.address);
    }
    const missing = line(`unix://${join(directory, "none.sock")}`);
    expect(await missing.failure(WRITE)).toMatchObject({ code: "unreachable", effect: "none" });
  });

  test("a connection cut in the middle is unreachable; a write may have happened, a read has no effect", async () => {
    const consul = await serve((request) => request.socket.destroy());
    const { failure } = line(consul.address);
    expect(await failure(READ)).toMatchObject({ code: "unreachable", effect: "none" });
    expect(await failure(WRITE)).toMatchObject({ code: "unreachable", effect: "unknown", retry: "backoff" });
  });

  test("an answer that stops halfway ends with the call's limit", async () => {
    const consul = await serve((_, response) => void response.writeHead(200, { "content-length": "100" }).write("{"));
    expect((await line(consul.address).failure({ ...READ, limit: 100 })).code).toBe("timeout");
  });

  test("silence is a timeout; a write may have happened", async () => {
    const consul = await serve(() => undefined);
    const { failure } = line(consul.address);
    expect(await failure({ ...READ, limit: 50 })).toMatchObject({ code: "timeout", effect: "none", retry: "backoff" });
    expect(await failure({ ...WRITE, limit: 50 })).toMatchObject({ code: "timeout", effect: "unknown" });
  });

  test("giving up in the middle is aborted, at once", async () => {
    const stop = new AbortController();
    const consul = await serve(() => stop.abort());
    expect(await line(consul.address).failure(WRITE, stop.signal)).toMatchObject({
      code: "aborted",
      effect: "unknown",
    });
  });

  test("giving up before asks nothing", async () => {
    const consul = await serve(json({}));
    expect((await line(consul.address).failure(WRITE, AbortSignal.abort())).code).toBe("aborted");
    expect(consul.requests).toEqual([]);
  });

  test("what is no JSON though it says so is malformed", async () => {
    const consul = await serve((_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end("{oops"),
    );
    expect(await line(consul.address).failure(READ)).toMatchObject({ code: "malformed", effect: "none" });
  });
});

describe("secrets", () => {
  test("never show in a failure or its causes, whatever the other side echoes", async () => {
    const consul = await serve((request, response) =>
      refuse(400, `bad: ${JSON.stringify(request.headers)}`)(request, response),
    );
    const { ask, events } = line(consul.address, { token: new Secret("s3cret-s3cret") });
    const answer = await ask(READ);
    expect(answer.body).toContain("[secret]");
    expect(JSON.stringify([answer, events])).not.toContain("s3cret-s3cret");
  });
});

describe("the token's file", () => {
  test("is read again when it changes", async () => {
    const file = join(directory, "token");
    const consul = await serve(json({}));
    const { ask } = line(consul.address, { token: { file } });
    await writeFile(file, "first\n");
    await ask(READ);
    await ask(READ);
    await writeFile(file, "the second\n");
    await ask(READ);
    const tokens = consul.requests.map(({ headers }) => headers["x-consul-token"]);
    expect(tokens).toEqual(["first", "first", "the second"]);
  });

  test("missing or empty is a failure that names it, and nothing is asked without a token", async () => {
    const file = join(directory, "token");
    const consul = await serve(json({}));
    const { failure } = line(consul.address, { token: { file } });
    expect(await failure(WRITE)).toMatchObject({ code: "forbidden", effect: "none", retry: "backoff" });
    await writeFile(file, " \n");
    expect((await failure(WRITE)).message).toContain(file);
    expect(consul.requests).toEqual([]);
  });
});

describe("several calls of one verb", () => {
  test("share one limit", async () => {
    let now = 0;
    const limits: (number | undefined)[] = [];
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const ask = withinLimit((call) => {
      limits.push(call.limit);
      now += 2_000;
      return Promise.resolve({ status: 200, body: "", index: 0 });
    }, clock);
    for (let i = 0; i < 4; i += 1) await ask(READ, new AbortController().signal);
    expect(limits).toEqual([5_000, 3_000, 1_000, 1]);
  });
});
