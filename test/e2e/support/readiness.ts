/** Whether an agent says that it is ready, and that its self-test is over. */
import { until } from "../../rig/wait.ts";
import type { Agent } from "./agent.ts";

/** The body of /readyz: `ok`, or a line for each condition that does not hold. */
export function readiness(agent: Agent): Promise<string> {
  return agent.get("/readyz");
}

/** The containers of the self-test are there no more when its outcome is. */
export async function isTested(agent: Agent): Promise<boolean> {
  const { conditions } = await agent.status();
  return conditions.some(({ name, note }) => name === "isolation" && note !== true);
}

/** Ready, and by more than hope: the self-test is over. */
export async function untilReady(agent: Agent): Promise<void> {
  const isReady = async (): Promise<boolean> => (await isTested(agent)) && (await readiness(agent)) === "ok\n";
  await until(isReady, { what: "the agent to be ready", timeoutMs: 60_000 });
}
