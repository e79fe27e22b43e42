/** How a group and its members are to be stopped, as their labels keep it: a job whose file is gone is stopped by these. */
import type { Container } from "../model/container.ts";
import type { Millis, Task } from "../model/job.ts";
import { LABEL } from "../model/labels.ts";

export interface GroupStop {
  readonly shutdownDelay: Millis;
}

export interface MemberStop {
  /** "" means the image's own. */
  readonly signal: string;
  readonly timeout: Millis;
  /** Stopped in this order: leader, main tasks, then sidecars. */
  readonly rank: "leader" | "main" | "sidecar" | "proxy" | "poststop";
  /** Not signalled before its services were out of rotation for so long; absent = at once. */
  readonly delay?: Millis;
}

/** Nomad's default `kill_timeout`. */
const DEFAULT_TIMEOUT: Millis = 5_000;

export function writeGroupStop(stop: GroupStop): string {
  return JSON.stringify(stop);
}

export function writeMemberStop(stop: MemberStop): string {
  return JSON.stringify(stop);
}

export function stopOfTask(task: Task): MemberStop {
  return { signal: task.killSignal, timeout: task.killTimeout, rank: rankOf(task) };
}

function rankOf(task: Task): MemberStop["rank"] {
  if (task.lifecycle?.hook === "poststop") return "poststop";
  if (task.leader) return "leader";
  return task.lifecycle?.sidecar === true ? "sidecar" : "main";
}

export function groupStopOf(infra: Container | undefined): GroupStop {
  const { shutdownDelay } = parsed(infra);
  return { shutdownDelay: typeof shutdownDelay === "number" ? shutdownDelay : 0 };
}

export function memberStopOf(member: Container): MemberStop {
  const { signal, timeout, rank, delay } = parsed(member);
  const fallback = member.role === "sidecar" ? "proxy" : "main";
  return {
    signal: typeof signal === "string" ? signal : "",
    timeout: typeof timeout === "number" ? timeout : DEFAULT_TIMEOUT,
    rank: isRank(rank) ? rank : fallback,
    ...(typeof delay === "number" ? { delay } : {}),
  };
}

function isRank(rank: unknown): rank is MemberStop["rank"] {
  return rank === "leader" || rank === "main" || rank === "sidecar" || rank === "proxy" || rank === "poststop";
}

function parsed(container: Container | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(container?.labels[LABEL.stop] ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
