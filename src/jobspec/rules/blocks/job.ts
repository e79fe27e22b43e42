/** The rules across the fields of blocks that are read and not heeded yet: a file that Nomad 1.3 refuses is refused here too. */
import { Budget } from "../../budget.ts";
import type { Problems } from "../../problems.ts";
import type { Checked } from "../../schema/checked.ts";
import { groupsOf } from "../../schema/groups.ts";
import { judgeAffinity, judgeSpread, refuseForSystem } from "./affinity.ts";
import { judgeArtifact } from "./artifact.ts";
import { judgeConstraint } from "./constraint.ts";
import { judgeDisk } from "./disk.ts";
import { Part } from "./part.ts";
import { judgeLimited } from "./reschedule.ts";
import { judgeResources } from "./resources.ts";
import { judgeScaling, judgeTaskScaling } from "./scaling.ts";
import { judgeServices } from "./services.ts";
import { judgeTemplates } from "./template.ts";
import { judgeKillTimeout, judgeMigrate, judgeUpdate } from "./update.ts";
import { judgeVolumes } from "./volume.ts";

export function judgeBlocks(problems: Problems, checked: Checked): void {
  const court = { problems, budget: new Budget() };
  const job = new Part(court, checked);
  const isSystem = job.text("type") === "system";
  judgePlacement(job, "job", isSystem);
  const groups = groupsOf(checked);
  for (const group of groups) judgeGroup(job, new Part(court, group), isSystem);
  if (groups.length > 0) return;
  const update = job.one("update");
  if (update !== undefined) judgeUpdate(update);
}

function judgePlacement(part: Part, level: "job" | "group" | "task", isSystem: boolean): void {
  for (const constraint of part.all("constraint")) judgeConstraint(constraint, level);
  for (const affinity of part.all("affinity")) {
    if (isSystem) refuseForSystem(affinity, "affinity");
    else judgeAffinity(affinity);
  }
  for (const spread of part.all("spread")) {
    if (isSystem) refuseForSystem(spread, "spread");
    else judgeSpread(spread);
  }
}

function judgeGroup(job: Part, group: Part, isSystem: boolean): void {
  judgePlacement(group, "group", isSystem);
  const update = group.oneOver("update", job);
  if (update !== undefined) judgeUpdate(update);
  judgeDrain(job, group, isSystem);
  const scaling = group.one("scaling");
  if (scaling !== undefined) judgeScaling(group, scaling);
  judgeDisconnect(group, isSystem);
  judgeVolumes(group);
  judgeDisk(group);
  judgeServices(group);
  for (const task of group.all("task")) {
    judgeTask(task, isSystem);
    if (!isSystem) judgeKillTimeout(task, update);
  }
  for (const task of sidecarTasks(group)) if (!isSystem) judgeKillTimeout(task, update);
}

/** How a group leaves a host, or a failed allocation is replaced. */
function judgeDrain(job: Part, group: Part, isSystem: boolean): void {
  const migrate = group.oneOver("migrate", job);
  if (migrate !== undefined && isSystem) {
    const detail = "Its allocations stay on their hosts: take the migrate block out";
    migrate.refuse(undefined, "A system job cannot have migrate", detail);
  } else if (migrate !== undefined) judgeMigrate(migrate);
  const reschedule = group.oneOver("reschedule", job);
  if (reschedule !== undefined && !isSystem) judgeLimited(reschedule);
  if (isSystem && group.one("reschedule") === undefined) {
    const detail = "Take the reschedule block out";
    reschedule?.refuse(undefined, "A system job cannot be rescheduled", detail);
  }
}

function judgeDisconnect(group: Part, isSystem: boolean): void {
  const [stop, most] = ["stop_after_client_disconnect", "max_client_disconnect"] as const;
  for (const name of [stop, most]) group.notNegative(name);
  if (isSystem && group.number(stop) > 0) group.refuse(stop, `A system job cannot have ${stop}`, `Take ${stop} out`);
  if (!group.has(stop) || !group.has(most)) return;
  group.refuse(most, `A group has either ${most} or ${stop}`, "Take one of them out");
}

function sidecarTasks(group: Part): readonly Part[] {
  return group.all("service").flatMap((service) => service.one("connect")?.all("sidecar_task") ?? []);
}

function judgeTask(task: Part, isSystem: boolean): void {
  judgePlacement(task, "task", isSystem);
  task.notNegative("shutdown_delay");
  judgeTemplates(task.all("template"));
  for (const artifact of task.all("artifact")) judgeArtifact(artifact);
  judgeTaskScaling(task.all("scaling"));
  const resources = task.one("resources");
  if (resources !== undefined) judgeResources(resources);
}
