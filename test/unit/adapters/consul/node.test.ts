/** Who the agent is, from answers that a real one gives rarely. */
import { afterEach, describe, expect, test } from "vitest";
import { agentInfo, agentNodeName } from "../../../../src/adapters/consul/node.ts";
import { json, line, refuse, stub } from "./stub.ts";
import type { Handler, Stub } from "./stub.ts";

const SELF = {
  Config: { Datacenter: "dc1", NodeName: "box", Version: "1.8.7" },
  DebugConfig: { ConnectEnabled: false, ACLsEnabled: true },
  Member: { Addr: "192.0.2.1" },
};

const never = new AbortController().signal;
const stubs: Stub[] = [];

afterEach(async () => {
  await Promise.all(stubs.splice(0).map((each) => each.stop()));
});

/** An agent that answers so when it is asked for the roots of Connect. */
async function agent(roots: Handler): Promise<ReturnType<typeof line>> {
  const made = await stub((request, response) =>
    (request.url === "/v1/agent/self" ? json(SELF) : roots)(request, response),
  );
  stubs.push(made);
  return line(made.address);
}

describe("Connect is", () => {
  test("enabled when there are roots, though the agent's own configuration does not say so", async () => {
    const { ask } = await agent(json({ Roots: [] }));
    expect(await agentInfo(ask, never)).toMatchObject({ connectEnabled: true, nodeName: "box", address: "192.0.2.1" });
  });

  test.each([
    [500, "Connect must be enabled in order to use this endpoint"],
    [500, "rpc error making call: Connect must be enabled in order to use this endpoint"],
    [404, "404 page not found"],
  ])("not enabled when the servers refuse with %i %s", async (status, text) => {
    expect((await agentInfo((await agent(refuse(status, text))).ask, never)).connectEnabled).toBe(false);
  });

  test("not known when the servers cannot be asked: that is a failure to try again", async () => {
    const { ask } = await agent(refuse(500, "No cluster leader"));
    await expect(agentInfo(ask, never)).rejects.toMatchObject({ code: "server", retry: "backoff" });
  });
});

test("the node's name is asked of the agent alone, once until it proves wrong", async () => {
  const { ask, events } = await agent(refuse(500, "No cluster leader"));
  const name = agentNodeName();
  for (let i = 0; i < 2; i += 1) expect(await name.get(ask, never)).toBe("box");
  expect(events).toHaveLength(1);
  name.forget();
  expect(await name.get(ask, never)).toBe("box");
  expect(events).toHaveLength(2);
});
