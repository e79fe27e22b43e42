/** A job as Nomad's API JSON, with Nomad's defaults and what its parts take over from the parts around them. */
import type { Checked } from "../schema/checked.ts";
import { groupsOf } from "../schema/groups.ts";
import { MIGRATE, RESCHEDULE, RESTART, UPDATE } from "../schema/table/policies.ts";
import type { Plain } from "../schema/table/rows.ts";
import { defaultsOf, printed, writtenOf } from "./print.ts";
import type { Json } from "./print.ts";
import { canonicalService } from "./service.ts";

/** What a group takes over from its job. */
interface Above {
  readonly job: Checked;
  readonly name: string;
  readonly type: Plain;
}

export function canonicalJob(job: Checked): Json {
  const json = printed(job);
  const id = textOf(json["ID"]) ?? job.label;
  const above = { job, name: textOf(json["Name"]) ?? job.label, type: json["Type"] ?? null };
  return {
    ...json,
    ID: id,
    Name: above.name,
    TaskGroups: groupsOf(job).map((group) => canonicalGroup(group, above)),
    Update: json["Update"] ?? (above.type === "service" ? defaultsOf(UPDATE.table) : null),
    Reschedule: asWritten(job, "reschedule"),
    Migrate: asWritten(job, "migrate"),
  };
}

function textOf(value: Plain | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Nomad fills these in only where they end up, in the groups. */
function asWritten(job: Checked, type: string): Plain {
  const block = single(job, type);
  return block === undefined ? null : printed(block, { rest: "nothing" });
}

function single({ blocks }: Checked, type: string): Checked | undefined {
  return blocks.get(type)?.[0];
}

function written(block: Checked | undefined): Json | undefined {
  return block && writtenOf(block);
}

function canonicalGroup(group: Checked, above: Above): Json {
  const json = printed(group);
  const restart = { ...defaultsOf(RESTART.table), ...written(single(group, "restart")) };
  const least = single(group, "scaling")?.values.get("min") ?? 1;
  const count = group.values.get("count") ?? least;
  return {
    Name: group.label,
    ...json,
    Count: count,
    Tasks: (group.blocks.get("task") ?? []).map((task) => canonicalTask(task, group, restart, above)),
    RestartPolicy: restart,
    ReschedulePolicy: reschedulePolicy(group, above),
    Update: updateOf(group, above),
    Migrate: migrateOf(group, above),
    Services: servicesOf(group, `${above.name}-${group.label}`),
    Scaling: scalingOf(json["Scaling"] ?? null, count),
  };
}

function reschedulePolicy(group: Checked, { job, type }: Above): Plain {
  const [outer, inner] = [written(single(job, "reschedule")), written(single(group, "reschedule"))];
  if (type === "service") return { ...defaultsOf(RESCHEDULE.table), ...outer, ...inner };
  if (outer === undefined && inner === undefined) return null;
  const never = { Attempts: 0, Interval: 0, Delay: 0, DelayFunction: "", MaxDelay: 0, Unlimited: false };
  return { ...never, ...outer, ...inner };
}

function updateOf(group: Checked, { job, type }: Above): Plain {
  const [outer, inner] = [written(single(job, "update")), written(single(group, "update"))];
  if (type !== "service" && outer === undefined && inner === undefined) return null;
  return { ...defaultsOf(UPDATE.table), ...outer, ...inner };
}

function migrateOf(group: Checked, { job, type }: Above): Plain {
  const [outer, inner] = [written(single(job, "migrate")), written(single(group, "migrate"))];
  if (type !== "service" && outer === undefined && inner === undefined) return null;
  return { ...defaultsOf(MIGRATE.table), ...outer, ...inner };
}

function servicesOf(owner: Checked, name: string): Plain {
  const services = owner.blocks.get("service");
  return services === undefined ? null : services.map((service) => canonicalService(service, name));
}

function scalingOf(scaling: Plain, count: Plain): Plain {
  if (scaling === null) return null;
  const json = scaling as Json;
  return { ...json, Min: json["Min"] ?? count };
}

function canonicalTask(task: Checked, group: Checked, restart: Json, above: Above): Json {
  const json = printed(task);
  const lifecycle = single(task, "lifecycle");
  return {
    Name: task.label,
    ...json,
    Lifecycle: (lifecycle?.values.get("hook") ?? "") === "" ? null : (json["Lifecycle"] ?? null),
    RestartPolicy: { ...restart, ...written(single(task, "restart")) },
    Services: servicesOf(task, `${above.name}-${group.label}-${task.label}`),
  };
}
