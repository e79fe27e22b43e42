/** The HTTP API as requests and responses, without a socket. */
import { expect, test } from "vitest";
import { controlApp } from "../../../src/server/control-app.ts";
import { readApp } from "../../../src/server/read-app.ts";
import type { AgentStatus } from "../../../src/model/status.ts";
import type { ReadSide, StopResult } from "../../../src/server/read-side.ts";
import { aGroup, anAlloc, aReadSide, aStatus } from "./status.ts";

const errors: unknown[] = [];

function app(more: Partial<ReadSide> = {}): ReturnType<typeof readApp> {
  return readApp(aReadSide(more), { hosts: ["remora.internal"], onError: (error) => errors.push(error) });
}

function get(path: string, more: Partial<ReadSide> = {}): Promise<Response> {
  return Promise.resolve(app(more).request(path, { headers: { host: "127.0.0.1:4656" } }));
}

test("healthz tells whether the process lives, whatever fails outside, and looks at nothing else", async () => {
  const failing = () => [{ name: "docker", ok: false, message: "is away", since: 0 }];
  expect((await get("/healthz", { failing, status: () => expect.unreachable() })).status).toBe(200);
  expect((await get("/healthz", { live: () => false })).status).toBe(503);
});

test("readyz names what fails, one per line", async () => {
  expect((await get("/readyz")).status).toBe(200);
  const failing = () => [
    { name: "docker", ok: false, message: "is away", since: 0 },
    { name: "consul", ok: false, message: "has no leader", since: 0 },
  ];
  const answer = await get("/readyz", { failing });
  expect(answer.status).toBe(503);
  expect(await answer.text()).toBe("docker: is away\nconsul: has no leader\n");
});

test("metrics are served with their own content type", async () => {
  const answer = await get("/metrics");
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(await answer.text()).toBe("up 1\n");
});

test("status, jobs and allocations are JSON", async () => {
  expect(await (await get("/v1/status")).json()).toEqual(aStatus());
  expect(await (await get("/v1/jobs")).json()).toEqual(aStatus().jobs);
  expect(await (await get("/v1/jobs/countdash")).json()).toEqual(aStatus().jobs[0]);
  const listed = { ...anAlloc(), job: "countdash", group: "api" };
  expect(await (await get("/v1/allocations")).json()).toEqual([listed]);
  expect(await (await get(`/v1/allocations/${anAlloc().id}`)).json()).toEqual(listed);
  expect(await (await get("/v1/allocations/1f3c9a2b")).json()).toEqual(listed);
});

test("no line of a job file leaves the host: diagnostics have it on the control socket only", async () => {
  const place = { severity: "error", file: "a.nomad", line: 3, column: 7, summary: "no such key" } as const;
  const diagnostics = [{ ...place, detail: "did you mean env?", snippet: 'envv { PASSWORD = "s3cret" }' }];
  const status = () => aStatus({ files: [{ path: "a.nomad", ok: false, diagnostics }] });
  for (const path of ["/", "/v1/status", "/v1/jobs", "/readyz"])
    expect(await (await get(path, { status })).text()).not.toContain("s3cret");
  const shown = (await (await get("/v1/status", { status })).json()) as AgentStatus;
  expect(shown.files[0]?.diagnostics).toEqual([{ ...place, detail: "did you mean env?" }]);
  const stopJob = () => expect.unreachable();
  const control = controlApp(aReadSide({ status }), { stopJob, plan: () => expect.unreachable() }, (error) =>
    errors.push(error),
  );
  expect(await (await control.request("/v1/status")).json()).toEqual(status());
});

test("a job's id may hold any character", async () => {
  const jobs = [{ id: "team/web über", stale: false, state: "running" as const, groups: [] }];
  const answer = await get(`/v1/jobs/${encodeURIComponent("team/web über")}`, { status: () => aStatus({ jobs }) });
  expect(await answer.json()).toMatchObject({ id: "team/web über" });
});

test("a beginning that names two allocations, or is too short, names none", async () => {
  const allocs = [anAlloc({ id: "aaaa1111" }), anAlloc({ id: "aaaa2222" })];
  const job = { id: "countdash", stale: false, state: "running" as const, groups: [aGroup({ allocs })] };
  const status = () => aStatus({ jobs: [job] });
  expect((await get("/v1/allocations/aaaa", { status })).status).toBe(404);
  expect((await get("/v1/allocations/aaa", { status })).status).toBe(404);
  expect((await get("/v1/allocations/aaaa1", { status })).status).toBe(200);
});

test("the front page is text", async () => {
  const answer = await get("/");
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(await answer.text()).toContain("countdash: running");
});

test("what is not there is 404, in JSON", async () => {
  for (const path of ["/v1/jobs/nope", "/v1/allocations/nope-nope", "/v2", "/v1/jobs/%E0%A4%A"]) {
    const answer = await get(path);
    expect(answer.status, path).toBe(404);
    expect(await answer.json()).toEqual({ error: expect.any(String) as string });
  }
});

test("over TCP nothing but GET and HEAD is served, not even where the control socket serves more", async () => {
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    const init = { method, headers: { host: "localhost" } };
    const answer = await app().request("/v1/jobs/countdash/stop", init);
    expect(answer.status, method).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD");
  }
  const head = await app().request("/v1/jobs", { method: "HEAD", headers: { host: "localhost" } });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe("");
});

test.each([
  "127.0.0.1:4656",
  "localhost",
  "LOCALHOST:4656",
  "a.localhost.",
  "[::1]:4656",
  "10.1.2.3",
  "remora.internal:1",
])("the host %s is answered", async (host) =>
  expect((await app().request("/healthz", { headers: { host } })).status).toBe(200),
);

test.each(["evil.example", "evil.example:4656", "127.0.0.1.evil.example", "localhost.evil.example", "[", ""])(
  "the host %j is refused before anything is read",
  async (host) => {
    const answer = await app({ status: () => expect.unreachable() }).request("/v1/status", { headers: { host } });
    expect(answer.status).toBe(421);
  },
);

test("a request without a host is refused", async () => {
  expect((await app().request("/v1/status")).status).toBe(421);
});

test("every answer, refusals too, forbids sniffing and caching and allows no script", async () => {
  const answers = [get("/"), get("/nope"), get("/metrics"), Promise.resolve(app().request("/healthz"))];
  for (const answer of await Promise.all(answers)) {
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  }
});

test("an error inside is reported to the agent and tells the client nothing", async () => {
  errors.length = 0;
  const boom = new Error("/var/lib/secret broke");
  const answer = await get("/metrics", { metrics: () => Promise.reject(boom) });
  expect(answer.status).toBe(500);
  const text = await answer.text();
  expect(text).not.toContain("secret");
  expect(text).not.toContain(" at ");
  expect(errors).toEqual([boom]);
});

test("the control socket serves the reads under any host name, and stops jobs", async () => {
  const stopped: string[] = [];
  const results: Record<string, StopResult> = {
    a: { outcome: "stopping", message: "a stops" },
    b: { outcome: "unknown", message: "there is no job b" },
    c: { outcome: "refused", message: "c.nomad declares it: delete the file" },
  };
  const stopJob = (id: string): Promise<StopResult> => {
    stopped.push(id);
    return Promise.resolve(results[id] ?? { outcome: "unknown", message: "?" });
  };
  const control = controlApp(aReadSide(), { stopJob, plan: () => expect.unreachable() }, (error) => errors.push(error));
  expect((await control.request("/v1/jobs", { headers: { host: "anything" } })).status).toBe(200);
  const stop = (id: string): Promise<Response> =>
    Promise.resolve(control.request(`/v1/jobs/${id}/stop`, { method: "POST" }));
  expect((await stop("a")).status).toBe(202);
  const unknown = await stop("b");
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toEqual({ error: "there is no job b" });
  expect((await stop("c")).status).toBe(409);
  expect(stopped).toEqual(["a", "b", "c"]);
  expect((await control.request("/v1/jobs/a/stop")).status).toBe(404);
  expect((await control.request("/v1/jobs", { method: "DELETE" })).status).toBe(404);
});
