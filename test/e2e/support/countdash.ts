/** The countdash example in a world: brought up, and asked for the count as a browser asks. */
import { freePorts } from "../../rig/ports.ts";
import { intention } from "../../rig/consul-api.ts";
import { until } from "../../rig/wait.ts";
import { inRotation, passing } from "./consul.ts";
import { countdash } from "./jobs.ts";
import { isTested } from "./readiness.ts";
import type { World } from "./world.ts";

export const file = "countdash.nomad.hcl";
const services = ["count-api", "count-dashboard"] as const;

/** Starts the agent if need be, allows dashboard → api, drops the file and waits; resolves with the dashboard's port. */
export async function countdashUp(world: World): Promise<number> {
  const [port = 0] = await freePorts(1);
  await intention(world.consul.api, "count-dashboard", "count-api");
  await world.place(file, await countdash(port));
  await world.agent.start();
  await untilServing(world);
  await until(() => counted(port), { what: "the dashboard to count" });
  await until(() => isTested(world.agent), { what: "the self-test to be over" });
  return port;
}

/** Both services and their sidecars are passing, and the status says that the job runs. */
export async function untilServing(world: World, timeoutMs = 60_000): Promise<void> {
  await until(() => isServing(world), { what: "countdash to be passing and running", timeoutMs });
}

async function isServing({ consul, agent }: World): Promise<boolean> {
  for (const service of services) {
    const [sidecars, instances] = await Promise.all([inRotation(consul.api, service), passing(consul.api, service)]);
    if (sidecars.length !== 1 || instances.length !== 1) return false;
  }
  const groups = await agent.groups("countdash");
  return groups.length === 2 && groups.every(({ state }) => state === "running");
}

/** The count the dashboard shows; undefined while it shows none. */
export async function counted(port: number): Promise<number | undefined> {
  const { count } = await firstMessage(new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=3&transport=websocket`));
  return count < 0 ? undefined : count;
}

/** The first "message" of a Socket.IO 2 stream: a frame `42["message",{…}]`, perhaps with a number after 42. */
function firstMessage(socket: WebSocket): Promise<{ readonly count: number }> {
  return new Promise<{ readonly count: number }>((done, fail) => {
    const timer = setTimeout(() => fail(new Error("the dashboard's socket sent no count")), 5_000);
    socket.addEventListener("error", () => fail(new Error("the dashboard's socket cannot be opened")));
    socket.addEventListener("close", () => {
      clearTimeout(timer);
      fail(new Error("the dashboard closed its socket without a count"));
    });
    socket.addEventListener("message", ({ data }) => {
      const event = /^42\d*\["message",(.*)\]$/.exec(String(data));
      if (event !== null) done(JSON.parse(event[1] ?? "") as { readonly count: number });
    });
  }).finally(() => socket.close());
}
