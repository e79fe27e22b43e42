/** The rules for tasks. */
import type { SidecarTask, Task, TaskGroup } from "../../model/job.ts";
import { judgeImage } from "./image.ts";
import type { Judge } from "./judge.ts";
import { judgeRestart } from "./policies.ts";

const MIN_CPU = 1;
const MIN_MEMORY = 10;
const SIGNAL =
  /^(?:SIG)?(?:ABRT|ALRM|BUS|CHLD|CONT|FPE|HUP|ILL|INT|IO|KILL|PIPE|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ|RTM(?:IN(?:\+\d+)?|AX(?:-\d+)?))$/;

export function judgeTasks(judge: Judge, group: TaskGroup): void {
  judge.duplicates(
    group.tasks,
    ({ name }) => name,
    (task, name, first) => {
      judge.refuse(task, undefined, `There is another task "${name}" in this group`, undefined, first);
    },
  );
  for (const task of group.tasks) judgeTask(judge, group, task);
  const [leader, second] = group.tasks.filter((task) => task.leader);
  if (second === undefined) return;
  judge.refuse(second, "leader", "Only one task of a group can be the leader", undefined, leader);
}

function judgeTask(judge: Judge, group: TaskGroup, task: Task): void {
  judgeTaskName(judge, task);
  judge.require(task, "driver", `The task "${task.name}"`, 'Write driver = "docker"');
  judgeConfig(judge, task);
  judgeResources(judge, task.resources);
  judgeKill(judge, task);
  if (task.restart !== group.restart) judgeRestart(judge, task.restart);
  if (task.lifecycle === undefined) return;
  judge.require(task.lifecycle, "hook", "A lifecycle block", 'Write hook = "prestart" or "poststart"');
}

function judgeTaskName(judge: Judge, task: Task): void {
  if (task.name === "") judge.refuse(task, undefined, "The name of a task cannot be empty");
  if (/[/\\]|\p{Cc}/u.test(task.name)) judge.refuse(task, undefined, "The name of a task cannot contain slashes");
}

function judgeConfig(judge: Judge, task: Task): void {
  const detail = 'Write config { image = "NAME:TAG" } in the task';
  if (judge.isMissing(task, "config"))
    return judge.refuse(task, undefined, `The task "${task.name}" needs an image`, detail);
  const readable = judge.require(task.config, "image", `The config of task "${task.name}"`, detail);
  if (readable) judgeImage(judge, task.config, task.config.image);
}

function judgeResources(judge: Judge, resources: Task["resources"]): void {
  judge.range(resources, "cpu", resources.cpu, [MIN_CPU, Infinity]);
  judge.range(resources, "memory", resources.memory, [MIN_MEMORY, Infinity]);
}

/** How a task or a sidecar ends. */
export function judgeKill(judge: Judge, task: Task | SidecarTask): void {
  judge.notNegative(task, "kill_timeout", task.killTimeout ?? 0);
  const signal = task.killSignal ?? "";
  if (signal === "" || SIGNAL.test(signal)) return;
  judge.refuse(task, "kill_signal", `There is no signal "${signal}"`, 'Write it in capitals, such as "SIGTERM"');
}
