/** Decodes restart and reschedule blocks over their defaults. */
import type { ReschedulePolicy, RestartPolicy } from "../../model/job.ts";
import type { Checked } from "./checked.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Nomad's for service and system jobs. */
export const DEFAULT_RESTART: RestartPolicy = { attempts: 2, interval: 30 * MINUTE, delay: 15 * SECOND, mode: "fail" };

/** Nomad's: service jobs without end, ever more slowly; system jobs never, since they have nowhere else to go. */
export function defaultReschedule(type: "service" | "system"): ReschedulePolicy {
  const unlimited = type === "service";
  const [delay, maxDelay] = unlimited ? [30 * SECOND, HOUR] : [0, 0];
  return {
    attempts: 0,
    interval: 0,
    delay,
    delayFunction: unlimited ? "exponential" : "constant",
    maxDelay,
    unlimited,
  };
}

/** What the block leaves out comes from `base`: the default, or for a task the policy of its group. */
export function decodeRestart(context: Context, block: Checked | undefined, base: RestartPolicy): RestartPolicy {
  if (block === undefined) return base;
  const reader = new Reader(context, block);
  const policy: RestartPolicy = {
    attempts: reader.integer("attempts", base.attempts),
    interval: reader.duration("interval", base.interval),
    delay: reader.duration("delay", base.delay),
    mode: reader.choice("mode", ["fail", "delay"]) ?? base.mode,
  };
  return context.places.note(policy, reader.place);
}

export function decodeReschedule(
  context: Context,
  block: Checked | undefined,
  base: ReschedulePolicy,
): ReschedulePolicy {
  if (block === undefined) return base;
  const reader = new Reader(context, block);
  const delayFunction = reader.choice("delay_function", ["constant", "exponential", "fibonacci"]);
  const unlimited = reader.bool("unlimited", base.unlimited);
  const attempts = reader.integer("attempts", base.attempts);
  // Attempts are not counted, and warned of: what is limited to some of them goes on without end.
  const counted = !unlimited && attempts > 0;
  const policy: ReschedulePolicy = {
    attempts: counted ? 0 : attempts,
    interval: 0,
    delay: reader.duration("delay", base.delay),
    delayFunction: delayFunction ?? base.delayFunction,
    maxDelay: reader.duration("max_delay", base.maxDelay),
    unlimited: unlimited || counted,
  };
  return context.places.note(policy, reader.place);
}
