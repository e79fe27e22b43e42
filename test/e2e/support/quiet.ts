/** Whether an agent still writes: its own count of calls and of passes. */
import { until } from "../../rig/wait.ts";
import type { Agent } from "./agent.ts";

/** Calls that change something, as Remora counts them. */
export function writes(agent: Agent): Promise<number> {
  return agent.metric("remora_api_requests_total", 'write="true"');
}

/** Turns that found nothing to do. */
export function passes(agent: Agent): Promise<number> {
  return agent.metric("remora_reconcile_total", 'result="settled"');
}

/** What follows a start, such as removing the gates, is over when passes settle without a write. */
export async function untilQuiet(agent: Agent): Promise<void> {
  let seen = { writes: -1, passes: 0 };
  const quiet = async (): Promise<boolean> => {
    const now = { writes: await writes(agent), passes: await passes(agent) };
    if (now.writes !== seen.writes) seen = now;
    return now.passes >= seen.passes + 4;
  };
  await until(quiet, { what: "the world to settle", timeoutMs: 60_000 });
}
