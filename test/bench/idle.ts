/** An idle minute over a settled world: every call counted, and what it costs the agent, Docker and Consul. */
import { readFile, readdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { findDockerd } from "../rig/dockerd.ts";
import { untilCalm, withAgentStill } from "./agent-pause.ts";
import { callsSince } from "./bench-world.ts";
import type { BenchWorld } from "./bench-world.ts";
import { isWrite, tally } from "./calls.ts";
import type { Traffic } from "./counting-proxy.ts";
import { cpuSeconds, residentMib } from "./machine.ts";

export interface Idle {
  readonly seconds: number;
  /** By route, as if the window had lasted a minute. */
  readonly calls: ReadonlyMap<string, number>;
  readonly sidecarCalls: number;
  readonly writes: number;
  /** During the window; connections are those that were opened. */
  readonly traffic: Readonly<Record<"docker" | "consul", Traffic>>;
  readonly agentCpuSeconds: number;
  readonly agentMib: number;
  /** CPU seconds a minute with the agent awake, and with it held still. */
  readonly induced: Readonly<Record<string, { readonly awake: number; readonly still: number }>>;
}

/** `seconds` with the agent awake, and a third of that without. */
export async function idleMinute(world: BenchWorld, seconds: number): Promise<Idle> {
  await untilCalm(world);
  await delay(3_000);
  const others = await servers(world);
  const before = { traffic: trafficOf(world), agent: await cpuSeconds(world.agent.pid), others: await cpuOf(others) };
  const began = performance.now();
  await delay(seconds * 1_000);
  const ended = performance.now();
  const awake = await cpuOf(others);
  const agentCpuSeconds = (await cpuSeconds(world.agent.pid)) - before.agent;
  const after = trafficOf(world);
  const calls = callsSince(world, began, ended);
  const mine = calls.filter(({ caller }) => caller === "remora");
  const minute = 60_000 / (ended - began);
  const still = await withAgentStill(world, () => cpuOver(others, seconds / 3));
  const induced = Object.keys(others).map((name) => {
    const used = ((awake[name] ?? 0) - (before.others[name] ?? 0)) * minute;
    return [name, { awake: used, still: ((still[name] ?? 0) * 60) / (seconds / 3) }] as const;
  });
  return {
    seconds,
    calls: new Map([...tally(mine)].map(([route, count]) => [route, count * minute])),
    sidecarCalls: (calls.length - mine.length) * minute,
    writes: mine.filter(isWrite).length,
    traffic: { docker: since(before.traffic.docker, after.docker), consul: since(before.traffic.consul, after.consul) },
    agentCpuSeconds: agentCpuSeconds * minute,
    agentMib: await residentMib(world.agent.pid),
    induced: Object.fromEntries(induced),
  };
}

type Servers = Readonly<Record<string, readonly number[]>>;

/** Pids by name; an engine that the rig did not start is not looked at. */
async function servers(world: BenchWorld): Promise<Servers> {
  const daemon = (await findDockerd())?.daemon.pid;
  const docker =
    daemon === undefined ? {} : { "dockerd and containerd": [daemon, ...(await childrenOf(daemon, "containerd"))] };
  return { ...docker, consul: [world.consul.pid()] };
}

async function childrenOf(parent: number, name: string): Promise<readonly number[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const isChild = await Promise.all(
    pids.map(async (pid) => {
      // Processes come and go while they are read.
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      return status.startsWith(`Name:\t${name}\n`) && status.includes(`\nPPid:\t${parent}\n`);
    }),
  );
  return pids.filter((_, at) => isChild[at]);
}

async function cpuOf(all: Servers): Promise<Readonly<Record<string, number>>> {
  const sums = Object.entries(all).map(async ([name, pids]) => {
    const used = await Promise.all(pids.map(cpuSeconds));
    return [name, used.reduce((sum, each) => sum + each, 0)] as const;
  });
  return Object.fromEntries(await Promise.all(sums));
}

async function cpuOver(all: Servers, seconds: number): Promise<Readonly<Record<string, number>>> {
  const before = await cpuOf(all);
  await delay(seconds * 1_000);
  const after = await cpuOf(all);
  return Object.fromEntries(Object.keys(all).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
}

function trafficOf({ proxies }: BenchWorld): Idle["traffic"] {
  return { docker: proxies.docker.traffic(), consul: proxies.consul.traffic() };
}

function since(before: Traffic, after: Traffic): Traffic {
  return {
    connections: after.connections - before.connections,
    received: after.received - before.received,
    sent: after.sent - before.sent,
  };
}
