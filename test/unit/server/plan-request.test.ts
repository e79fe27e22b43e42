/** What the control socket takes for a request to plan, and what it makes of anything else. */
import { expect, test } from "vitest";
import { controlApp } from "../../../src/server/control-app.ts";
import { readPlanRequest } from "../../../src/server/plan-request.ts";
import { readApp } from "../../../src/server/read-app.ts";
import { aJob } from "../../support/builders.ts";
import { aReadSide } from "./status.ts";

const good = {
  version: "1",
  whole: false,
  sensitive: ["x"],
  files: [{ path: "a", hash: "h", job: aJob(), diagnostics: [] }],
};
const unexpected = (error: unknown): never => expect.unreachable(String(error));

function post(
  body: string,
  headers: Readonly<Record<string, string>> = { "content-length": String(body.length) },
): Promise<Response> {
  const plan = () => ({ outcome: "planned", plan: { changes: false, jobs: [], files: [] } }) as const;
  const control = controlApp(aReadSide(), { plan, stopJob: unexpected }, unexpected);
  return Promise.resolve(control.request("/v1/plan", { method: "POST", body, headers }));
}

test("a request is what the command sends, and nothing else", () => {
  expect(readPlanRequest(JSON.stringify(good))).toEqual(good);
  expect(readPlanRequest('{"version":"1","whole":true,"sensitive":[]}')).toEqual({
    version: "1",
    whole: true,
    sensitive: [],
  });
  const [file] = good.files;
  for (const bad of [
    null,
    [],
    1,
    {},
    { ...good, version: 1 },
    { ...good, whole: "no" },
    { ...good, sensitive: [1] },
    { ...good, files: {} },
    { ...good, files: [null] },
    { ...good, files: [{ ...file, job: {} }] },
    { ...good, files: [{ ...file, hash: 1 }] },
  ])
    expect(readPlanRequest(JSON.stringify(bad)), JSON.stringify(bad)).toBeUndefined();
  expect(readPlanRequest("{")).toBeUndefined();
});

test("the socket answers it, and refuses what is none or too large", async () => {
  expect((await post(JSON.stringify(good))).status).toBe(200);
  expect((await post("{}")).status).toBe(400);
  expect((await post("{}", { "content-length": "99999999999" })).status).toBe(413);
  expect((await post("{}", {})).status).toBe(413);
});

test("over TCP nothing is planned: the answer would show values of job files", async () => {
  const app = readApp(aReadSide(), { hosts: [], onError: unexpected });
  const answer = await app.request("/v1/plan", { method: "POST", body: "{}", headers: { host: "127.0.0.1" } });
  expect(answer.status).toBe(405);
});
