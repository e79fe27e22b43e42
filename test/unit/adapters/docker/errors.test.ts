/** The engine's errors as the port's. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { orAbsent, portFailure, refusal, unfinished } from "../../../../src/adapters/docker/errors.ts";
import type { Call } from "../../../../src/adapters/docker/errors.ts";
import type { PortFailure } from "../../../../src/ports/failure.ts";

const START: Call = { operation: "container start", subject: "web", write: true };
const LOOK: Call = { operation: "container inspect", subject: "web", write: false };
const ADDRESS = "unix:///run/docker.sock";

/** An error as dockerode makes it. */
function answer(statusCode: number, message: string): Error {
  const error = new Error(`(HTTP code ${statusCode}) some reason - ${message} `);
  return Object.assign(error, { statusCode, json: { message } });
}

function system(code: string): Error {
  return Object.assign(new Error(`connect ${code} somewhere`), { code });
}

function failure(error: unknown, call: Call): PortFailure {
  return portFailure(error, call, ADDRESS);
}

describe("an answer of the engine", () => {
  test.each([
    [500, "driver failed: Bind for 0.0.0.0:80 failed: port is already allocated", "port-taken", "backoff"],
    [
      500,
      "Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use",
      "port-taken",
      "backoff",
    ],
    [
      500,
      "Error starting userland proxy: listen tcp4 192.0.2.9:80: bind: cannot assign requested address",
      "port-taken",
      "backoff",
    ],
    [500, "no space left on device", "server", "backoff"],
    [404, "No such image: web:1", "image-missing", "backoff"],
    [404, "pull access denied for web, repository does not exist", "image-missing", "backoff"],
    [404, "No such container: web", "not-found", "backoff"],
    [404, "network mesh not found", "not-found", "backoff"],
    [409, "cannot join network of a non running container: 1f3c", "rejected", "backoff"],
    [409, "Container 1f3c is not running", "rejected", "backoff"],
    [409, 'Conflict. The container name "/web" is already in use', "conflict", "backoff"],
    [409, "remove v: volume is in use - [1f3c]", "conflict", "backoff"],
    [403, "network mesh has active endpoints", "conflict", "backoff"],
    [403, "forbidden by the proxy", "forbidden", "backoff"],
    [400, 'exec: "nonesuch": executable file not found in $PATH', "rejected", "never"],
  ])("%i %s is %s", (status, message, code, retry) => {
    expect(failure(answer(status, message), START)).toMatchObject({
      code,
      retry,
      effect: "none",
      call: "docker: container start web",
      message: `docker: container start web: ${message}`,
    });
  });

  test("about a port in use means a taken port only where a port was asked for", () => {
    expect(failure(answer(500, "dial tcp: address already in use"), LOOK).code).toBe("server");
  });

  test("that came as a stream keeps only the engine's words", () => {
    const error = Object.assign(new Error("(HTTP code 500) server error - no route to host "), { statusCode: 500 });
    expect(failure(error, LOOK).message).toBe("docker: container inspect web: no route to host");
  });

  test("that is not what it should be is malformed, and says where", () => {
    const { error } = z.object({ State: z.object({ Status: z.string() }) }).safeParse({ State: {} });
    expect(failure(error, LOOK)).toMatchObject({ code: "malformed", effect: "none" });
    expect(failure(error, LOOK).message).toContain('unexpected answer at "State.Status"');
    expect(failure(error, START).effect).toBe("unknown");
  });
});

describe("no answer", () => {
  test.each(["ECONNREFUSED", "ENOENT"])(
    "because of %s had no effect, and says where the engine was looked for",
    (code) => {
      expect(failure(system(code), START)).toMatchObject({ code: "unreachable", effect: "none", retry: "backoff" });
      expect(failure(system(code), START).message).toContain(`nobody answers at ${ADDRESS} (${code})`);
    },
  );

  test.each(["ECONNRESET", "EPIPE", "SOMETHING_NEW"])(
    "because of %s may have had an effect if it was a write",
    (code) => {
      expect(failure(system(code), START)).toMatchObject({ code: "unreachable", effect: "unknown" });
      expect(failure(system(code), LOOK)).toMatchObject({ code: "unreachable", effect: "none" });
    },
  );

  test("for want of permission on the socket says so", () => {
    expect(failure(system("EACCES"), START)).toMatchObject({ code: "forbidden", effect: "none" });
    expect(failure(system("EACCES"), START).message).toContain("member of the socket's group");
  });

  test("in HTTP is malformed", () => {
    expect(failure(system("HPE_INVALID_CONSTANT"), LOOK).code).toBe("malformed");
  });

  test("in time may still be on its way if it was a write", () => {
    expect(unfinished("timeout", START, 5_000)).toMatchObject({ code: "timeout", effect: "unknown" });
    expect(unfinished("timeout", START, 5_000).message).toBe("docker: container start web: no answer within 5 s");
    expect(unfinished("aborted", LOOK, 5_000)).toMatchObject({ code: "aborted", effect: "none" });
  });
});

test("a failure that is one already stays as it is", () => {
  const own = refusal("conflict", START, "not ours", "never");
  expect(failure(own, LOOK)).toBe(own);
});

test("only not-found counts as absent", async () => {
  expect(await orAbsent(Promise.reject(refusal("not-found", LOOK, "gone")))).toBeUndefined();
  await expect(orAbsent(Promise.reject(refusal("server", LOOK, "broken")))).rejects.toMatchObject({ code: "server" });
});
