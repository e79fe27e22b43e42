/** One HTTP call to Consul and its answer, as data. */
import type { Millis } from "../../model/job.ts";
import type { Secret } from "../../model/secret.ts";
import { CALL_LIMIT } from "../../model/settings.ts";
import type { Clock } from "../../ports/time.ts";

export interface Call {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Template below `/v1`, e.g. `/agent/service/deregister/:id`. */
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** It only asks, whatever its method. */
  readonly isRead?: true;
  /** What is asked for, for humans: `register web-1`. */
  readonly what: string;
  /** Acts with this instead of the controller's own token. */
  readonly as?: Secret;
  /** Longest time; CALL_LIMIT unless told. */
  readonly limit?: Millis;
}

/** Whether it may change something. */
export function isWrite({ method, isRead }: Call): boolean {
  return method !== "GET" && isRead !== true;
}

/** Whatever Consul answered, refusals included. */
export interface Answer {
  readonly status: number;
  /** Parsed JSON, or text; undefined when empty. */
  readonly body: unknown;
  /** X-Consul-Index, 0 if there is none. */
  readonly index: number;
}

/** Resolves with any answer; throws a PortFailure when there was none. */
export type Ask = (call: Call, signal: AbortSignal) => Promise<Answer>;

/** The same line, for one verb that needs several calls: together they take no longer than CALL_LIMIT from now. */
export function withinLimit(ask: Ask, clock: Clock): Ask {
  const deadline = clock.now() + CALL_LIMIT;
  return (call, signal) => ask({ ...call, limit: Math.max(1, deadline - clock.now()) }, signal);
}
