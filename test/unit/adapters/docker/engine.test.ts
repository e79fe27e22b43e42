/** Calls to an engine that does not answer as it should. */
import { afterEach, describe, expect, test } from "vitest";
import { CALL_LIMIT } from "../../../../src/model/settings.ts";
import { StandIn, json } from "./stand-in.ts";
import type { Answer } from "./stand-in.ts";

const never = new AbortController().signal;
const silence: Answer = () => undefined;
const OURS = { "io.remora.instance": "unit", "io.remora.role": "task" };
const ZERO = "0001-01-01T00:00:00Z";

function inspected(id: string): object {
  const State = { Status: "created", ExitCode: 0, OOMKilled: false, StartedAt: ZERO, FinishedAt: ZERO };
  const Config = { Image: "web:1", Labels: OURS };
  return { Id: id, Name: `/${id}`, Created: ZERO, State, Config, HostConfig: { NetworkMode: "none" } };
}

/** The answers to both questions about the engine itself. */
const ABOUT = { Name: "host", ServerVersion: "1", ApiVersion: "1.41" };

let engine: StandIn;

async function standIn(answer: Answer): Promise<StandIn> {
  engine = await new StandIn(answer).open();
  return engine;
}

afterEach(() => engine.close());

describe("a call", () => {
  test("that gets no answer fails when its time is up", async () => {
    const { runtime, clock, events } = await standIn(silence);
    const call = runtime.info(never);
    await engine.nextRequest();
    clock.advance(CALL_LIMIT);
    await expect(call).rejects.toMatchObject({ code: "timeout", effect: "none", retry: "backoff" });
    expect(events).toEqual([
      {
        kind: "api-call",
        api: "docker",
        operation: "info",
        write: false,
        outcome: "error",
        code: "timeout",
        ms: CALL_LIMIT,
      },
    ]);
  });

  test("that writes and gets no answer may have had an effect", async () => {
    const { runtime, clock } = await standIn(({ method }, response) => {
      if (method === "GET") json(response, inspected("a"));
    });
    const call = runtime.startContainer("a", never);
    await engine.nextRequest();
    await engine.nextRequest();
    clock.advance(CALL_LIMIT);
    await expect(call).rejects.toMatchObject({ code: "timeout", effect: "unknown" });
  });

  test("of several requests shares one limit among them", async () => {
    const { runtime, clock, requests } = await standIn((_, response) => {
      clock.advance(CALL_LIMIT - 1);
      json(response, inspected("a"));
    });
    await expect(runtime.startContainer("a", never)).rejects.toMatchObject({ code: "timeout" });
    expect(requests).toEqual(["GET /containers/a/json", "POST /containers/a/start"]);
  });

  test("that the caller gives up ends at once", async () => {
    const { runtime } = await standIn(silence);
    const caller = new AbortController();
    const call = runtime.info(caller.signal);
    await engine.nextRequest();
    caller.abort();
    await expect(call).rejects.toMatchObject({ code: "aborted", effect: "none" });
  });

  test("leaves no timer behind, whatever became of it", async () => {
    const { runtime, clock } = await standIn(({ url }, response) => {
      if (url === "/info" || url === "/version") json(response, ABOUT);
      else json(response, { message: "broken" }, 500);
    });
    await runtime.info(never);
    await expect(runtime.hasImage("a", never)).rejects.toMatchObject({ code: "server" });
    expect(clock.sleepers).toBe(0);
  });

  test("whose connection breaks before the answer may have had an effect if it writes", async () => {
    const { runtime } = await standIn((request, response) => {
      if (request.method === "GET") json(response, inspected("a"));
      else request.socket.destroy();
    });
    await expect(runtime.removeContainer("a", never)).rejects.toMatchObject({ code: "unreachable", effect: "unknown" });
  });

  test("whose answer breaks off half-way does not wait for ever", async () => {
    const { runtime, clock } = await standIn((_, response) => {
      response.writeHead(200, { "content-length": "1000" }).write("{", () => response.destroy());
    });
    const call = runtime.info(never).catch((error: unknown) => error);
    await engine.nextRequest();
    const ended = new Promise<void>((closed) => engine.lastSocket?.once("close", () => closed()));
    await ended;
    clock.advance(CALL_LIMIT);
    expect(["timeout", "unreachable"]).toContain(((await call) as { code?: string }).code);
  });

  test.each(["<html>not Docker</html>", "[]", '{"Name": 1, "ServerVersion": "2"}'])(
    "answered with %s is malformed",
    async (body) => {
      const { runtime } = await standIn((_, response) => response.end(body));
      await expect(runtime.info(never)).rejects.toMatchObject({ code: "malformed", effect: "none" });
    },
  );

  test("asks for no version of the API but the engine's own", async () => {
    const { runtime, requests } = await standIn((_, response) => json(response, ABOUT));
    expect(await runtime.info(never)).toEqual({ name: "host", version: "1", apiVersion: "1.41" });
    expect(requests).toEqual(["GET /info", "GET /version"]);
  });
});

describe("a listing", () => {
  const listing = (ids: readonly string[], look: Answer): Answer => {
    return (request, response) => {
      if (request.url?.startsWith("/volumes") === true) return json(response, { Volumes: null });
      if (request.url?.startsWith("/containers/json") !== true) return look(request, response);
      return json(
        response,
        ids.map((Id) => ({ Id })),
      );
    };
  };

  test("leaves out a container that goes while it is made", async () => {
    const look: Answer = ({ url }, response) => {
      if (url === "/containers/b/json") json(response, { message: "No such container: b" }, 404);
      else json(response, inspected(url?.split("/")[2] ?? ""));
    };
    const { runtime, requests } = await standIn(listing(["a", "b", "c"], look));
    const { containers, volumes } = await runtime.list(never);
    expect(containers.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(volumes).toEqual([]);
    expect(requests).toContain('GET /containers/json?all=true&filters={"label":["io.remora.instance=unit"]}');
  });

  test("fails as a whole if one container cannot be looked at", async () => {
    const look: Answer = (_, response) => json(response, { message: "broken" }, 500);
    const { runtime } = await standIn(listing(["a", "b"], look));
    await expect(runtime.list(never)).rejects.toMatchObject({ code: "server" });
  });

  test("looks at no more than eight containers at a time", async () => {
    let open = 0;
    let most = 0;
    const look: Answer = ({ url }, response) => {
      most = Math.max(most, (open += 1));
      setImmediate(() => {
        open -= 1;
        json(response, inspected(url?.split("/")[2] ?? ""));
      });
    };
    const ids = Array.from({ length: 40 }, (_, i) => `c${i}`);
    const { runtime } = await standIn(listing(ids, look));
    expect((await runtime.list(never)).containers.map(({ id }) => id)).toEqual(ids);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });
});

describe("the event stream", () => {
  test("hints when the engine has answered, and again for what comes later", async () => {
    const { runtime, requests } = await standIn((_, response) => {
      response.writeHead(200).flushHeaders();
      engine.later = () => response.write('{"Type":"container","Action":"start"}\n');
    });
    const reader = runtime.changes(never)[Symbol.asyncIterator]();
    expect((await reader.next()).done).toBe(false);
    const next = reader.next();
    engine.later();
    expect((await next).done).toBe(false);
    await reader.return?.();
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatch(
      /^GET \/events\?since=1000&filters=\{"label":\["io.remora.instance=unit"\],"type":\["container"\]/,
    );
  });

  test("ends when the engine ends it", async () => {
    const { runtime } = await standIn((_, response) => response.writeHead(200).end());
    let hints = 0;
    for await (const _ of runtime.changes(never)) hints += 1;
    expect(hints).toBeLessThanOrEqual(1);
  });

  test("throws when the connection breaks", async () => {
    const { runtime } = await standIn((request, response) => {
      response.writeHead(200).flushHeaders();
      engine.later = () => request.socket.destroy();
    });
    const reader = runtime.changes(never)[Symbol.asyncIterator]();
    await reader.next();
    const next = reader.next();
    engine.later();
    await expect(next).rejects.toMatchObject({ name: "PortFailure", code: "unreachable", effect: "none" });
  });

  test("throws when it cannot be had, in time", async () => {
    const { runtime, clock } = await standIn(silence);
    const next = runtime.changes(never)[Symbol.asyncIterator]().next();
    await engine.nextRequest();
    clock.advance(CALL_LIMIT);
    await expect(next).rejects.toMatchObject({ code: "timeout" });
  });

  test("lives on past the limit of a call, and is let go when aborted", async () => {
    const { runtime, clock } = await standIn((_, response) => response.writeHead(200).flushHeaders());
    const caller = new AbortController();
    const reader = runtime.changes(caller.signal)[Symbol.asyncIterator]();
    await reader.next();
    const next = reader.next();
    clock.advance(2 * CALL_LIMIT);
    const closed = new Promise<void>((done) => engine.lastSocket?.once("close", () => done()));
    caller.abort();
    expect((await next).done).toBe(true);
    await closed;
  });

  test("is let go when nobody reads it any more", async () => {
    const { runtime } = await standIn((_, response) => response.writeHead(200).flushHeaders());
    const reader = runtime.changes(never)[Symbol.asyncIterator]();
    await reader.next();
    const closed = new Promise<void>((done) => engine.lastSocket?.once("close", () => done()));
    await reader.return?.();
    await closed;
  });
});
