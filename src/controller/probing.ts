/** Looking from the containers of the self-test: both ways to the listener, and that it listens at all. */
import type { Millis } from "../model/job.ts";
import type { Runtime } from "../ports/runtime.ts";
import type { Clock } from "../ports/time.ts";
import {
  callCommand,
  HOSTS_COMMAND,
  isAnswered,
  listenerAddress,
  PROBE_PORT,
  type ProbeSpecs,
} from "../reconcilers/probes.ts";
import { PASSED, type Verdict } from "./verdict.ts";

export interface Surroundings {
  readonly runtime: Runtime;
  readonly clock: Clock;
  /** Where the listener is published. */
  readonly address: string;
  readonly port: number;
}

/** How often, and after what pause, a listener that was just started is asked whether it listens. */
const ASKS = 5;
const PAUSE: Millis = 200;

/** A call that is not answered means something only if the listener answers itself. Throws PortFailure. */
export async function lookFrom(
  { listener, caller }: ProbeSpecs,
  { runtime, clock, address, port }: Surroundings,
  signal: AbortSignal,
): Promise<Verdict> {
  const calls = async (from: string, to: string, at: number): Promise<boolean> =>
    isAnswered((await runtime.exec(from, callCommand(to, at), signal)).stdout);
  let isListening = false;
  for (let ask = 0; ask < ASKS && !isListening; ask++) {
    if (ask > 0) await clock.sleep(PAUSE, signal);
    isListening = await calls(listener.name, "127.0.0.1", PROBE_PORT);
  }
  const direct = listenerAddress((await runtime.exec(listener.name, HOSTS_COMMAND, signal)).stdout);
  if (!isListening || direct === undefined)
    return { kind: "failed", why: `the listener does not answer itself: ${listener.image} needs sh, nc and cat` };
  const isReachable = await calls(caller.name, address, port);
  const isIsolated = !(await calls(caller.name, direct, PROBE_PORT));
  return isReachable && isIsolated ? PASSED : { kind: "tried", isReachable, isIsolated };
}
