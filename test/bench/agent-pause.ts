/** The agent held still while the floor works, and awake and calm again before it is measured. */
import { setTimeout as delay } from "node:timers/promises";
import { until } from "../rig/wait.ts";
import { callsSince } from "./bench-world.ts";
import type { BenchWorld } from "./bench-world.ts";
import { isWatch } from "./calls.ts";

/** So long without a call of Remora's is calm. */
const CALM_MS = 400;

/** Does something while the agent is stopped by SIGSTOP: what changes meanwhile it sees only afterwards. */
export async function withAgentStill<T>(world: BenchWorld, work: () => Promise<T>): Promise<T> {
  process.kill(world.agent.pid, "SIGSTOP");
  try {
    return await work();
  } finally {
    process.kill(world.agent.pid, "SIGCONT");
  }
}

/** Resolves when the agent has made no call for a while and waits for changes only. */
export async function untilCalm(world: BenchWorld): Promise<void> {
  await delay(CALM_MS);
  const calm = (): Promise<boolean> => {
    const recent = callsSince(world, 0).filter((call) => call.caller === "remora" && !isWatch(call));
    const last = recent.at(-1);
    return Promise.resolve(last?.ended !== undefined && performance.now() - last.ended > CALM_MS);
  };
  await until(calm, { what: "the agent to be calm" });
}
