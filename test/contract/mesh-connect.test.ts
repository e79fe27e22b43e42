/** Whether Connect is enabled is for the servers to say, whatever the agent that is asked has in its own configuration. */
import { afterEach, expect, test } from "vitest";
import { consulMesh } from "../../src/adapters/consul/mesh.ts";
import { systemClock } from "../../src/adapters/system.ts";
import type { MeshInfo } from "../../src/ports/mesh.ts";
import { eventually, never } from "./mesh-hands.ts";
import { SERVER, startOpenConsul } from "./mesh-open.ts";
import type { OpenConsul } from "./mesh-open.ts";

const agents: OpenConsul[] = [];

afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.stop()));
});

async function start(role?: object): Promise<OpenConsul> {
  const agent = await startOpenConsul(role);
  agents.push(agent);
  return agent;
}

function info({ address }: OpenConsul): Promise<MeshInfo> {
  const mesh = consulMesh({ address, observer: () => undefined, clock: systemClock, instance: "remora", node: "host" });
  return eventually(() => mesh.info(never));
}

/** A client agent that says nothing of Connect, and knows nothing of it. */
async function clientOf(server: OpenConsul): Promise<OpenConsul> {
  const client = await start({ retry_join: [server.gossip] });
  const self = (await (await fetch(`${client.address}/v1/agent/self`)).json()) as { readonly DebugConfig: object };
  expect(self.DebugConfig).toMatchObject({ ConnectEnabled: false });
  return client;
}

test("Connect is enabled at a client agent without a connect stanza when its servers have it on", async () => {
  expect(await info(await clientOf(await start()))).toMatchObject({ connectEnabled: true, aclsEnabled: false });
}, 60_000);

test("Connect is not enabled where the servers have it off, at them and at their clients", async () => {
  const server = await start(SERVER);
  expect((await info(server)).connectEnabled).toBe(false);
  expect((await info(await clientOf(server))).connectEnabled).toBe(false);
}, 60_000);
