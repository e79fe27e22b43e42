/** The rules for restart and reschedule policies (Nomad's). */
import type { ReschedulePolicy, RestartPolicy } from "../../model/job.ts";
import type { Judge } from "./judge.ts";

const MIN_RESTART_INTERVAL = 5000;
const MIN_RESCHEDULE_DELAY = 5000;

export function judgeRestart(judge: Judge, policy: RestartPolicy): void {
  const { attempts, interval, delay, mode } = policy;
  judge.notNegative(policy, "attempts", attempts);
  judge.notNegative(policy, "delay", delay);
  if (judge.given(policy, "interval") && interval < MIN_RESTART_INTERVAL) {
    return judge.refuse(policy, "interval", "The interval of a restart policy must be at least 5s");
  }
  if (attempts === 0 && mode === "delay") {
    judge.refuse(policy, "mode", 'With attempts = 0 there is nothing to delay: mode must be "fail"');
  }
  if (attempts * delay > interval) {
    const detail = `attempts × delay is ${(attempts * delay) / 1000}s, the interval ${interval / 1000}s`;
    judge.refuse(policy, undefined, "So many restarts, with that delay, do not fit into the interval", detail);
  }
}

export function judgeReschedule(judge: Judge, policy: ReschedulePolicy): void {
  const { attempts, delay, delayFunction, maxDelay, unlimited } = policy;
  if (!unlimited) return;
  judge.notNegative(policy, "attempts", attempts);
  if (attempts > 0 && judge.given(policy, "attempts")) {
    const summary = "Unlimited rescheduling cannot count its attempts";
    return judge.refuse(policy, "attempts", summary, "Take attempts out");
  }
  if (delay < MIN_RESCHEDULE_DELAY)
    judge.refuse(policy, "delay", "The delay of a reschedule policy must be at least 5s");
  if (delayFunction !== "constant" && maxDelay < delay) {
    judge.refuse(policy, "max_delay", "max_delay cannot be shorter than delay");
  }
}
