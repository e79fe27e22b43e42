/** What sidecars and tasks have in common: how a member container of a namespace is brought up, renewed and stopped. */
import type { Container, ContainerSpec } from "../model/container.ts";
import type { Millis } from "../model/job.ts";
import type { PrivateFile, Step } from "../model/step.ts";
import { isAlive, isInNamespace, joined, type AllocView, type Due } from "./view.ts";
import { SOON } from "./namespace.ts";
import { memberStopOf } from "./stopping.ts";

/** `run` removes what is there and creates a new container; `start` starts the one that is there. */
export function runMember(
  infra: Container,
  spec: ContainerSpec,
  files: readonly PrivateFile[],
  old?: Container,
): Step[] {
  const removal: Step[] = old === undefined ? [] : [{ kind: "remove-container", container: old.id, name: old.name }];
  return [...removal, { kind: "run-member", spec, infra: infra.id, files }];
}

export function startMember(infra: Container, member: Container, files: readonly PrivateFile[]): Step {
  return { kind: "start-member", container: member.id, name: member.name, infra: infra.id, files };
}

/** How a member stands towards the living namespace. */
export type Standing =
  | "absent"
  /** Runs where it should. */
  | "up"
  /** Made for this namespace and never started, or ended before the namespace was started again: start it. */
  | "startable"
  /** Runs in a namespace that is gone: stop it, then start it. */
  | "stranded"
  /** Made for an infra container that is gone, or dead: make it again. */
  | "foreign"
  /** Ended in the living namespace. */
  | "ended"
  /** Docker is busy with it, or someone paused it. */
  | "busy";

export function standingOf(member: Container | undefined, infra: Container): Standing {
  if (member === undefined) return "absent";
  if (member.state === "paused" || member.state === "restarting" || member.state === "removing") return "busy";
  if (!joined(member, infra) || member.state === "dead") return "foreign";
  if (member.state === "created") return "startable";
  const here = isInNamespace(member, infra);
  if (member.state === "running") return here ? "up" : "stranded";
  return here ? "ended" : "startable";
}

/** Docker is at it, or someone paused it: nothing to do but to say so. */
export function busy(member: Container | undefined): Due {
  const name = member?.name ?? "a container";
  if (member?.state === "paused")
    return { steps: [], waiting: `${name} is paused: unpause it with docker unpause`, recheck: 1000 };
  return { steps: [], waiting: `${name} is ${member?.state ?? "away"}`, recheck: SOON };
}

/** A signal, a look, and a kill when due. Done (undefined) when it does not run any more. */
export function stopMember(member: Container, memory: AllocView["memory"], now: Millis): Due | undefined {
  if (!isAlive(member)) return undefined;
  const stop = memberStopOf(member);
  const since = memory.signalled[member.id];
  const step = (signal: string): Step => ({ kind: "signal", container: member.id, name: member.name, signal });
  const waiting = `${member.name} is being stopped`;
  if (since === undefined) return { steps: [step(stop.signal)], waiting, recheck: SOON };
  const left = since + stop.timeout - now;
  if (left <= 0) return { steps: [step("SIGKILL")], waiting, recheck: SOON };
  return { steps: [], waiting, recheck: left };
}
