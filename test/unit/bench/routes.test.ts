/** Requests by route, and what each kind of call counts as. */
import { describe, expect, test } from "vitest";
import { callerOf, isLook, isWatch, isWrite, tally } from "../../bench/calls.ts";
import type { Call } from "../../bench/calls.ts";
import { consulRoute, dockerRoute } from "../../bench/routes.ts";

describe("a Docker route", () => {
  test.each([
    ["/v1.41/containers/4f5e/json", "/containers/:id/json"],
    ["/containers/web-1/json?size=true", "/containers/:id/json"],
    ["/containers/json?all=true", "/containers/json"],
    ["/containers/create?name=web", "/containers/create"],
    ["/containers/4f5e", "/containers/:id"],
    ["/containers/4f5e/archive?path=%2Fsecrets", "/containers/:id/archive"],
    ["/exec/9a/start", "/exec/:id/start"],
    ["/images/registry.test/team/app:1/json", "/images/:id/json"],
    ["/networks/remora", "/networks/:id"],
    ["/volumes", "/volumes"],
    ["/events?since=1", "/events"],
    ["/_ping", "/_ping"],
  ])("%s is %s", (url, route) => {
    expect(dockerRoute("GET", url)).toBe(`GET ${route}`);
  });
});

describe("a Consul route", () => {
  test.each([
    ["/v1/acl/token/0a1b", "/v1/acl/token/:id"],
    ["/v1/acl/token/self?stale=", "/v1/acl/token/self"],
    ["/v1/acl/token", "/v1/acl/token"],
    ["/v1/acl/tokens?index=7&wait=60000ms", "/v1/acl/tokens?index"],
    ["/v1/agent/service/register?replace-existing-checks=true", "/v1/agent/service/register"],
    ["/v1/agent/service/deregister/_remora-1", "/v1/agent/service/deregister/:id"],
    ["/v1/catalog/node-services/host?consistent=", "/v1/catalog/node-services/:id"],
    ["/v1/health/node/host?index=3", "/v1/health/node/:id?index"],
    ["/v1/agent/connect/ca/leaf/api", "/v1/agent/connect/ca/leaf/:id"],
    ["/v1/agent/services", "/v1/agent/services"],
  ])("%s is %s", (url, route) => {
    expect(consulRoute("GET", url)).toBe(`GET ${route}`);
  });
});

function aCall(over: Partial<Call>): Call {
  return { api: "docker", method: "GET", url: "", route: "GET /info", caller: "remora", began: 0, ...over };
}

describe("a call", () => {
  test("is a write if it changes the world, which a look into a container does not", () => {
    const [method, exec] = ["POST", "POST /containers/:id/exec"];
    expect(isWrite(aCall({}))).toBe(false);
    expect(isWrite(aCall({ method, route: "POST /containers/create" }))).toBe(true);
    expect(isWrite(aCall({ method, route: exec }))).toBe(false);
    expect(isWrite(aCall({ method, route: "POST /v1/internal/acl/authorize" }))).toBe(false);
    expect(isLook(aCall({ method, route: exec }))).toBe(true);
  });

  test("is a watch if it waits for something to change", () => {
    expect(isWatch(aCall({ route: "GET /v1/acl/tokens?index" }))).toBe(true);
    expect(isWatch(aCall({ route: "GET /events" }))).toBe(true);
    expect(isWatch(aCall({ route: "GET /v1/acl/tokens" }))).toBe(false);
  });

  test("is a sidecar's if Consul's own program makes it", () => {
    expect(callerOf("Go-http-client/1.1")).toBe("sidecar");
    expect(callerOf(undefined)).toBe("remora");
  });

  test("counts by api and route", () => {
    const calls = [aCall({}), aCall({}), aCall({ api: "consul", route: "GET /v1/acl/tokens" })];
    expect([...tally(calls)]).toEqual([
      ["docker GET /info", 2],
      ["consul GET /v1/acl/tokens", 1],
    ]);
  });
});
