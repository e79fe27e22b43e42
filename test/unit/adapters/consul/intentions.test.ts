/** Intentions as Consul tells them: those of other kinds, and refusals that a contract's Consul does not give. */
import { afterEach, describe, expect, test } from "vitest";
import { intentionVerbs } from "../../../../src/adapters/consul/intentions.ts";
import { systemClock } from "../../../../src/adapters/system.ts";
import { agentOf, describeOwners, ownerOf } from "../../../../src/model/intention.ts";
import { json, line, refuse, stub } from "./stub.ts";
import type { Handler, Stub } from "./stub.ts";

const never = new AbortController().signal;
const WHO = { instance: "remora", node: "host-1" };
const OWNER = ownerOf("shop", agentOf({ ...WHO, datacenter: "dc1" }));
const PAIR = { source: "web", destination: "api" };
const FOUND = { SourceName: "web", DestinationName: "api", SourceNS: "default", DestinationNS: "default" };
const EXACT = "/v1/connect/intentions/exact?source=web&destination=api";
const stubs: Stub[] = [];

afterEach(async () => {
  await Promise.all(stubs.splice(0).map((each) => each.stop()));
});

/** Consul of a version, with a list of intentions, that answers writes so. */
async function consul(
  version: string,
  list: unknown,
  write: Handler = json(true),
): Promise<{ readonly verbs: ReturnType<typeof intentionVerbs>; readonly writes: () => readonly string[] }> {
  const self = {
    Config: { Datacenter: "dc1", NodeName: "n", Version: version },
    DebugConfig: {},
    Member: { Addr: "" },
  };
  const [one] = Array.isArray(list) ? (list as readonly unknown[]) : [];
  const reads: Readonly<Record<string, Handler>> = {
    "/v1/agent/self": json(self),
    [EXACT]: one === undefined ? refuse(404, "Intention not found") : json(one),
  };
  const made = await stub((request, response) => {
    const answer = request.method === "GET" ? (reads[request.url ?? ""] ?? json(list)) : write;
    answer(request, response);
  });
  stubs.push(made);
  const writes = (): readonly string[] =>
    made.requests.filter(({ method }) => method !== "GET").map(({ method, url }) => `${method} ${url}`);
  return { verbs: intentionVerbs({ ask: line(made.address).ask, clock: systemClock, ...WHO }), writes };
}

describe("what is listed", () => {
  test("is nothing where Consul says null", async () => {
    expect(await (await consul("1.8.7", null)).verbs.intentions.list(never)).toEqual([]);
  });

  test("is between services of the default namespace alone", async () => {
    const others = [
      { ...FOUND, SourceNS: "team" },
      { ...FOUND, DestinationNS: "team" },
      { ...FOUND, SourcePeer: "cloud" },
      { ...FOUND, SourcePartition: "p" },
      { ...FOUND, SourceSamenessGroup: "g" },
      { ...FOUND, SourceType: "external" },
    ];
    const { verbs } = await consul("1.16.4", [...others, { ...FOUND, SourceType: "consul", Action: "allow" }]);
    expect(await verbs.intentions.list(never)).toEqual([{ ...PAIR, action: "allow" }]);
  });

  test("is somebody else's when it has permissions, whatever its description says", async () => {
    const description = describeOwners([OWNER]);
    const { verbs } = await consul("1.16.4", [{ ...FOUND, Description: description, Permissions: [{}] }]);
    expect(await verbs.intentions.list(never)).toEqual([{ ...PAIR, action: "" }]);
  });

  test("has the mark of its description, else that of Meta, which a later version still shows", async () => {
    const Meta = { "remora-owners": "jjjj:aaaaaa" };
    const list = [
      { ...FOUND, Action: "allow", Description: "by hand", Meta, ID: "1" },
      { ...FOUND, SourceName: "b", Action: "allow", Description: describeOwners([OWNER]), Meta },
    ];
    const { verbs } = await consul("1.9.0", list);
    expect((await verbs.intentions.list(never)).map(({ owners }) => owners)).toEqual([["jjjj:aaaaaa"], [OWNER]]);
  });
});

describe("what is written", () => {
  const THERE = { ...FOUND, Action: "deny", Description: describeOwners([OWNER]), ID: "1-2" };

  test.each([
    ["1.8.7", [], "POST /v1/connect/intentions"],
    ["1.8.7", [THERE], "PUT /v1/connect/intentions/1-2"],
    ["1.9.0", [], `PUT ${EXACT}`],
    ["1.22.0+ent", [THERE], `PUT ${EXACT}`],
    ["2.0.1", [THERE], `PUT ${EXACT}`],
  ])("by Consul %s for %j is %s", async (version, list, request) => {
    const { verbs, writes } = await consul(version, list);
    await verbs.holdIntention(PAIR, [OWNER], never);
    expect(writes()).toEqual([request]);
  });

  test("is nothing when all is as it should be", async () => {
    const { verbs, writes } = await consul("1.16.4", [{ ...THERE, Action: "allow" }]);
    await verbs.holdIntention(PAIR, [OWNER], never);
    expect(writes()).toEqual([]);
  });

  test("and refused for want of a right names the rule that is missing", async () => {
    const { verbs } = await consul("1.8.7", [], refuse(403, "Permission denied"));
    const refused = verbs.holdIntention(PAIR, [OWNER], never);
    await expect(refused).rejects.toMatchObject({ code: "forbidden", effect: "none", retry: "never" });
    await expect(refused).rejects.toThrow('needs intentions = "write" in service_prefix ""');
  });

  test("after somebody else made it, or took it away, is looked at again soon", async () => {
    for (const text of ["duplicate intention found: ALLOW", "Cannot modify non-existent intention: '1'"]) {
      const { verbs } = await consul("1.8.7", [], refuse(500, text));
      const overtaken = { code: "conflict", effect: "none", retry: "backoff" };
      await expect(verbs.holdIntention(PAIR, [OWNER], never)).rejects.toMatchObject(overtaken);
    }
  });

  test("and gone already when it was to be deleted is done", async () => {
    const { verbs } = await consul("1.8.7", [THERE], refuse(500, "Cannot delete non-existent intention: '1-2'"));
    await verbs.holdIntention(PAIR, [], never);
  });
});
