/** The rules for reschedule blocks that limit their attempts: these must fit into the interval (Nomad's). */
import type { Part } from "./part.ts";
import { seconds } from "./part.ts";

const SECOND = 1e9;
const MIN_INTERVAL = 15 * SECOND;
const MIN_DELAY = 5 * SECOND;

interface Policy {
  readonly attempts: number;
  readonly interval: number;
  readonly delay: number;
  readonly maxDelay: number;
  readonly growth: string;
}

export function judgeLimited(block: Part): void {
  if (!block.isSure("attempts", "interval", "delay", "max_delay", "delay_function", "unlimited")) return;
  if (block.bool("unlimited")) return;
  const policy = policyOf(block);
  const { attempts, interval, delay, maxDelay, growth } = policy;
  if (attempts <= 0) return;
  if (delay < MIN_DELAY) return block.refuse("delay", "The delay of a reschedule policy must be at least 5s");
  if (growth !== "constant" && maxDelay < delay)
    return block.refuse("max_delay", "max_delay cannot be shorter than delay");
  if (interval < MIN_INTERVAL) {
    const detail = 'Write interval = "1h", or take attempts out for no limit';
    return block.refuse("interval", "Attempts are counted in an interval of at least 15s", detail);
  }
  const needed = timeOf(policy);
  if (needed < interval || (needed === interval && growth !== "exponential")) return;
  const detail = `With these delays they take ${seconds(needed)}, and the interval is ${seconds(interval)}`;
  block.refuse("attempts", `${attempts} attempts do not fit into the interval`, detail);
}

function policyOf(block: Part): Policy {
  return {
    attempts: block.number("attempts"),
    interval: block.number("interval"),
    delay: block.number("delay"),
    maxDelay: block.number("max_delay"),
    growth: block.text("delay_function"),
  };
}

/** When the last attempt is made, by Nomad's count: a growing wait is the time since the first, and adds up once it has its ceiling. */
function timeOf({ attempts, delay, maxDelay, growth }: Policy): number {
  if (growth === "constant") return attempts * delay;
  let [before, wait] = growth === "fibonacci" ? [delay, delay] : [0, delay];
  for (let attempt = growth === "fibonacci" ? 2 : 1; attempt < attempts; attempt++) {
    const next = growth === "fibonacci" ? before + wait : 2 * wait;
    if (next > maxDelay) return cappedTime(wait, { attempt, attempts, maxDelay, growth });
    [before, wait] = [wait, next];
  }
  return wait;
}

interface Ceiling {
  readonly attempt: number;
  readonly attempts: number;
  readonly maxDelay: number;
  readonly growth: string;
}

/** In fibonacci's growth, the first wait at the ceiling still stands for the time since the first. */
function cappedTime(wait: number, { attempt, attempts, maxDelay, growth }: Ceiling): number {
  const left = attempts - attempt;
  return growth === "fibonacci" ? left * maxDelay : wait + left * maxDelay;
}
