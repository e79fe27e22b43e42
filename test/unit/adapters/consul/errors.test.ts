/** What Consul's refusals mean. */
import { describe, expect, test } from "vitest";
import { refused } from "../../../../src/adapters/consul/errors.ts";
import { READ, WRITE } from "./stub.ts";

const CASES: readonly (readonly [number, string, string, string])[] = [
  [400, "Missing service name", "rejected", "never"],
  [400, 'Request decode failed: json: unknown field "Foo"', "rejected", "never"],
  [401, "ACL support disabled", "rejected", "never"],
  [403, "Permission denied: Missing service:write on web", "forbidden", "never"],
  [403, "ACL not found", "forbidden", "backoff"],
  [403, "token does not exist: ACL not found", "forbidden", "backoff"],
  [404, "Cannot find token to delete", "forbidden", "backoff"],
  [404, "no such page", "not-found", "never"],
  [429, "Your IP is issuing too many concurrent connections, please rate limit your calls", "server", "backoff"],
  [500, "No cluster leader", "server", "backoff"],
  [500, "rpc error making call: EOF", "server", "backoff"],
  [500, `Service identity "Web" has an invalid name. Only alphanumeric characters are allowed`, "rejected", "never"],
  [503, "", "server", "backoff"],
];

describe("a refusal", () => {
  test.each(CASES)("of %d %j is %s, to be tried again: %s", (status, body, code, retry) => {
    const failure = refused(READ, { status, body, index: 0 });
    expect(failure).toMatchObject({ code, retry, effect: "none" });
    expect(failure.message).toContain(`consul: ask the agent: Consul answered ${status}`);
    expect(failure.message).toContain(body);
  });

  test("of a write may have happened when the servers failed, not when they had no leader or refused", () => {
    const effect = (status: number, body: string): string => refused(WRITE, { status, body, index: 0 }).effect;
    expect(effect(500, "leadership lost while committing log")).toBe("unknown");
    expect(effect(503, "")).toBe("unknown");
    expect(effect(500, "No cluster leader")).toBe("none");
    expect(effect(429, "slow down")).toBe("none");
    expect(effect(403, "Permission denied")).toBe("none");
  });
});
