/** The rules for update and migrate blocks: what a deployment waits for must fit into what it waits (Nomad's). */
import type { Part } from "./part.ts";
import { seconds } from "./part.ts";

const TIMES = ["min_healthy_time", "healthy_deadline", "progress_deadline"] as const;

export function judgeUpdate(update: Part): void {
  for (const name of ["max_parallel", "canary", "min_healthy_time", "progress_deadline"]) update.notNegative(name);
  for (const name of ["stagger", "healthy_deadline"]) {
    if (update.has(name) && update.number(name) <= 0) update.refuse(name, `${name} must be longer than 0s`);
  }
  if (update.isSure(...TIMES)) judgeTimes(update);
  if (!update.isSure("canary", "auto_promote") || !update.bool("auto_promote") || update.number("canary") !== 0) return;
  const detail = "Write canary = 1, or take auto_promote out";
  update.refuse("auto_promote", "auto_promote needs canaries to promote", detail);
}

function judgeTimes(update: Part): void {
  const [healthy, deadline, progress] = TIMES.map((name) => update.number(name));
  if (healthy === undefined || deadline === undefined || progress === undefined) return;
  if (healthy >= deadline && healthy >= 0 && deadline > 0)
    mustBeShorter(update, "min_healthy_time", "healthy_deadline");
  if (progress > 0 && deadline >= progress) mustBeShorter(update, "healthy_deadline", "progress_deadline");
}

/** Points at the one of the two that the file gives. */
function mustBeShorter(part: Part, shorter: string, longer: string): void {
  const detail = `They are ${seconds(part.number(shorter))} and ${seconds(part.number(longer))}`;
  part.refuse(part.has(shorter) ? shorter : longer, `${shorter} must be shorter than ${longer}`, detail);
}

/** A task that may take longer to end than a deployment may stand still would make it fail. */
export function judgeKillTimeout(task: Part, update: Part | undefined): void {
  const deadline = update?.number("progress_deadline") ?? DEFAULT_PROGRESS;
  if (deadline <= 0 || update?.isSure("progress_deadline") === false || task.number("kill_timeout") <= deadline) return;
  const detail = `progress_deadline is ${seconds(deadline)}: write a longer one in the update block, or a shorter kill_timeout`;
  task.refuse("kill_timeout", "kill_timeout is longer than the progress_deadline of an update", detail);
}

/** Nomad gives service jobs an update block with this progress_deadline. */
const DEFAULT_PROGRESS = 600e9;

export function judgeMigrate(migrate: Part): void {
  const names = ["max_parallel", "min_healthy_time", "healthy_deadline"];
  for (const name of names) migrate.notNegative(name);
  if (migrate.text("health_check") === "manual") {
    const detail = 'Write health_check = "checks" or "task_states"';
    migrate.refuse("health_check", "Nobody can say by hand that a moved allocation is healthy", detail);
  }
  if (!migrate.isSure(...names) || migrate.number("healthy_deadline") < 0) return;
  if (migrate.number("min_healthy_time") <= migrate.number("healthy_deadline")) return;
  mustBeShorter(migrate, "min_healthy_time", "healthy_deadline");
}
