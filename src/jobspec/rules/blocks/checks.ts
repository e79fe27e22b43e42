/** The rules for checks that are not the model's: script checks, the tasks of checks, and check_restart (Nomad's). */
import { judgeTaskName } from "./native.ts";
import type { Part } from "./part.ts";

const MIN_DURATION = 1e9;
const COUNTERS = ["success_before_passing", "failures_before_critical"] as const;

/** Where a service stands: the tasks of its group, and whether it is one of the group itself. */
export interface Surroundings {
  readonly tasks: readonly string[];
  readonly ofGroup: boolean;
}

export function judgeChecks(service: Part, around: Surroundings): void {
  const base = service.one("check_restart");
  for (const check of service.all("check")) {
    if (check.text("type").toLowerCase() === "script") judgeScript(service, check, around);
    judgeTask(check, around);
    judgeRestart(service, check, base);
  }
}

function judgeScript(service: Part, check: Part, { ofGroup }: Surroundings): void {
  if (check.isSure("command") && check.text("command") === "") {
    check.refuse("command", "A script check needs a command", 'Write command = "/bin/…"');
  }
  for (const name of ["interval", "timeout"]) judgeDuration(check, name);
  if (check.bool("expose")) check.refuse("expose", "Only http and grpc checks can be exposed");
  for (const name of COUNTERS) {
    if (check.number(name) !== 0) check.refuse(name, `A script check cannot count with ${name}`, `Take ${name} out`);
  }
  if (!ofGroup || !check.isSure("task") || !service.isSure("task")) return;
  if (check.text("task") !== "" || service.text("task") !== "") return;
  check.refuse(undefined, "A script check of a group's service needs the task it runs in", "Write task = NAME in it");
}

function judgeDuration(check: Part, name: string): void {
  if (!check.isSure(name)) return;
  if (!check.has(name)) check.refuse(undefined, `A check needs ${name}`, `Write ${name} = "10s"`);
  else if (check.number(name) < MIN_DURATION) check.refuse(name, `The ${name} of a check must be at least 1s`);
}

function judgeTask(check: Part, { tasks, ofGroup }: Surroundings): void {
  const task = check.text("task");
  if (task === "" || !ofGroup || !check.isSure("type")) return;
  if (!["script", "grpc"].includes(check.text("type").toLowerCase())) {
    check.refuse("task", "Only script and grpc checks can name a task", "Take task out");
  }
  judgeTaskName(check, task, tasks);
}

/** A check has what its service says, over it field by field. */
function judgeRestart(service: Part, check: Part, base: Part | undefined): void {
  const restart = check.one("check_restart") ?? base;
  if (restart === undefined) return;
  for (const name of ["limit", "grace"]) restart.notNegative(name);
  const update = check.has("on_update") ? check : service;
  const mode = update.text("on_update");
  if (!restart.isSure("ignore_warnings")) return;
  if (mode === "ignore") {
    const detail = 'Take check_restart out, or write on_update = "require_healthy"';
    update.refuse("on_update", "A check that an update ignores cannot restart its task", detail);
  }
  if (mode !== "ignore_warnings" || restart.bool("ignore_warnings")) return;
  const detail = "Write ignore_warnings = true in check_restart";
  update.refuse("on_update", "A check whose warnings an update ignores cannot restart its task on them", detail);
}
