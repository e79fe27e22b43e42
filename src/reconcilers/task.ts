/** The tasks of a group: started in Nomad's order once the sidecars are ready, restarted by their policy, repaired at once. */
import type { Container, ContainerSpec } from "../model/container.ts";
import { interpolate } from "../model/interpolate.ts";
import type { Millis, Task } from "../model/job.ts";
import { LABEL } from "../model/labels.ts";
import { taskEnvironment, taskValues } from "./environment.ts";
import { busy, runMember, standingOf, startMember, stopMember } from "./member.ts";
import { memberLabels } from "./namespace.ts";
import { allocVolume, localVolume, memberName, mount, secretsVolume } from "./naming.ts";
import { notListening } from "./registration-spec.ts";
import { stopOfTask, writeMemberStop } from "./stopping.ts";
import {
  NOTHING_DUE,
  isInNamespace,
  isUp,
  joinDue,
  patience,
  restartsOf,
  writeRestarts,
  type AllocView,
  type Due,
} from "./view.ts";

/** Stages of a group's start, in order; poststop tasks run when it stops. */
const STAGES = ["prestart", "main", "poststart"] as const;

function stageOf(task: Task): (typeof STAGES)[number] | "poststop" {
  return task.lifecycle?.hook ?? "main";
}

/** A prestart or poststart task that is to end by itself. */
export function isEphemeral(task: Task): boolean {
  return task.lifecycle !== undefined && !task.lifecycle.sidecar;
}

/** It does what it should: runs in the living namespace, or has ended well if that is its way. */
function isDone(view: AllocView, task: Task): boolean {
  const container = view.tasks.get(task.name);
  if (container === undefined && isEphemeral(task)) return isLaterStageUp(view, task);
  if (isUp(container, view.infra)) return !isEphemeral(task);
  return (
    isEphemeral(task) &&
    container?.state === "exited" &&
    container.exitCode === 0 &&
    isInNamespace(container, view.infra)
  );
}

/** Tasks of a later stage run, so this one ended well once; someone has cleaned its container up since. */
function isLaterStageUp(view: AllocView, task: Task): boolean {
  const later = STAGES.slice(STAGES.findIndex((stage) => stage === stageOf(task)) + 1);
  return view.group.tasks.some((other) => {
    return later.some((stage) => stage === stageOf(other)) && isUp(view.tasks.get(other.name), view.infra);
  });
}

/** All tasks do what they should. */
export function areTasksUp(view: AllocView): boolean {
  return view.group.tasks.every((task) => stageOf(task) === "poststop" || isDone(view, task));
}

/** The next stage that is not done, as far as it may go. */
export function planTasks(view: AllocView): Due {
  const { infra } = view;
  if (infra?.state !== "running") return NOTHING_DUE;
  for (const stage of STAGES) {
    const tasks = view.group.tasks.filter((task) => stageOf(task) === stage && !isDone(view, task));
    if (tasks.length > 0) return joinDue(tasks.map((task) => planTask(view, task, infra)));
  }
  const deaf = notListening(view);
  if (deaf === undefined) return NOTHING_DUE;
  const youngest = [...view.tasks.values()].sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0))[0];
  return { steps: [], waiting: deaf, recheck: patience(youngest, view.now) };
}

function planTask(view: AllocView, task: Task, infra: Container): Due {
  const container = view.tasks.get(task.name);
  const waiting = `the task ${task.name} is being started`;
  const fresh = (restarts = restartsOf(container)): Due => ({
    steps: runMember(infra, taskSpec(view, task, infra, restarts), [], container),
    waiting,
  });
  switch (standingOf(container, infra)) {
    case "absent":
      return fresh();
    case "foreign":
      return (container === undefined ? undefined : stopMember(container, view.memory, view.now)) ?? fresh();
    case "startable":
      return { steps: container === undefined ? [] : [startMember(infra, container, [])], waiting };
    case "stranded":
      return (container === undefined ? undefined : stopMember(container, view.memory, view.now)) ?? NOTHING_DUE;
    case "ended":
      return restart(view, task, container, fresh);
    case "up":
      return { steps: [], waiting: `the task ${task.name} has not ended yet` };
    case "busy":
      return busy(container);
  }
}

/** What the restart policy says of a task that ended: when to try again, or that it has failed. */
export function restartDecision(
  task: Task,
  ended: Container,
  now: Millis,
):
  | { readonly failed: true }
  | { readonly failed: false; readonly at: Millis; readonly count: number; readonly since: Millis } {
  const { attempts, interval, delay, mode } = task.restart;
  const finished = ended.finishedAt ?? now;
  const before = restartsOf(ended);
  const isOld = finished - before.since >= interval;
  const { count, since } = isOld ? { count: 0, since: finished } : before;
  if (count < attempts) return { failed: false, at: finished + delay, count: count + 1, since };
  if (mode === "fail") return { failed: true };
  return { failed: false, at: since + interval, count: 1, since: since + interval };
}

/** The task that has used up its restarts, if one has: the allocation failed with it. */
export function failedTask(
  view: Pick<AllocView, "group" | "tasks" | "infra" | "now">,
): { readonly task: Task; readonly at: Millis } | undefined {
  for (const task of view.group.tasks) {
    const container = view.tasks.get(task.name);
    if (container?.state !== "exited" || (isEphemeral(task) && container.exitCode === 0)) continue;
    if (!isInNamespace(container, view.infra)) continue;
    if (restartDecision(task, container, view.now).failed) return { task, at: container.finishedAt ?? view.now };
  }
  return undefined;
}

function restart(
  { now }: AllocView,
  task: Task,
  ended: Container | undefined,
  fresh: (restarts: { readonly count: number; readonly since: Millis }) => Due,
): Due {
  if (ended === undefined) return NOTHING_DUE;
  const decision = restartDecision(task, ended, now);
  if (decision.failed) return NOTHING_DUE;
  if (decision.at <= now) return fresh(decision);
  const left = decision.at - now;
  const exit = `exit code ${ended.exitCode ?? "unknown"}${ended.oomKilled ? ", out of memory" : ""}`;
  const waiting = `the task ${task.name} ended (${exit}), restart ${decision.count} of ${task.restart.attempts} in ${Math.ceil(left / 1000)} s`;
  return { steps: [], waiting, recheck: left };
}

function taskSpec(
  view: AllocView,
  task: Task,
  infra: Container,
  restarts: { readonly count: number; readonly since: Millis },
): ContainerSpec {
  const { ref } = view;
  const values = taskValues(view, task);
  const text = (raw: string): string => (raw.includes("${") ? interpolate(raw, values) : raw);
  const { config } = task;
  const command = [...(config.command === undefined ? [] : [config.command]), ...config.args].map(text);
  return {
    name: memberName(task.name, ref.alloc),
    image: text(config.image),
    ...(config.entrypoint === undefined ? {} : { entrypoint: config.entrypoint.map(text) }),
    ...(command.length === 0 ? {} : { command }),
    env: taskEnvironment(view, task),
    labels: {
      ...Object.fromEntries(Object.entries(config.labels).map(([key, value]) => [key, text(value)])),
      ...memberLabels(view),
      [LABEL.role]: "task",
      [LABEL.task]: task.name,
      [LABEL.restarts]: writeRestarts(restarts),
      [LABEL.stop]: writeMemberStop(stopOfTask(task)),
    },
    ...(task.user === "" ? {} : { user: text(task.user) }),
    ...(config.workDir === undefined ? {} : { workDir: text(config.workDir) }),
    network: { kind: "container", id: infra.id },
    publish: [],
    mounts: [
      mount(allocVolume(view), "/alloc"),
      mount(localVolume(view, task.name), "/local"),
      mount(secretsVolume(view, task.name), "/secrets"),
    ],
    memory: task.resources.memory * 1024 * 1024,
    cpuShares: Math.max(2, task.resources.cpu),
    capAdd: config.capAdd,
    capDrop: capDrop(config),
    readonlyRootfs: config.readonlyRootfs,
    noNewPrivileges: false,
    restart: "no",
    logs: { maxFiles: 10, maxSizeMb: 10 },
  };
}

/** Docker's default less NET_RAW, which lets one task spoof its neighbours on the bridge (CVE-2021-32575); Nomad drops it too. */
function capDrop({ capAdd, capDrop: own }: Task["config"]): readonly string[] {
  const added = new Set(capAdd.map((name) => name.toUpperCase()));
  return added.has("NET_RAW") || added.has("ALL") ? own : [...new Set([...own, "NET_RAW"])];
}
