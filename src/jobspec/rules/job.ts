/** The rules for a job as a whole and for its groups (Nomad 1.3's admission, as far as the model goes). */
import type { Job, Port, TaskGroup } from "../../model/job.ts";
import type { Judge } from "./judge.ts";
import { judgeNetwork } from "./network.ts";
import { judgeReschedule, judgeRestart } from "./policies.ts";
import { judgeReferences } from "./references.ts";
import { judgeServices } from "./services.ts";
import { judgeTasks } from "./tasks.ts";

const PRIORITIES = [1, 100] as const;

export function judgeJob(judge: Judge, job: Job): void {
  judgeName(judge, job, "id", "job", job.id);
  if (/\s/.test(job.id)) judge.refuse(job, "id", "The name of a job cannot contain spaces");
  judge.range(job, "priority", job.priority, PRIORITIES);
  judgeDatacenters(judge, job);
  if (job.groups.length === 0 && judge.isMissing(job, "group")) {
    judge.refuse(job, undefined, "A job needs at least one group", 'Write group "NAME" { … } in it');
  }
  judge.duplicates(job.groups, nameOf, (group, name, first) =>
    judge.refuse(group, undefined, `There is another group "${name}"`, undefined, first),
  );
  for (const group of job.groups) judgeGroup(judge, job, group);
  judgeStaticPorts(judge, job);
  judgeReferences(judge, job);
}

function nameOf(part: { readonly name: string }): string {
  return part.name;
}

function judgeDatacenters(judge: Judge, job: Job): void {
  const detail = 'Write datacenters = ["dc1"] with the name of Consul\'s datacenter';
  if (!judge.require(job, "datacenters", "A job", detail)) return;
  if (job.datacenters.length === 0) judge.refuse(job, "datacenters", "A job needs at least one datacenter", detail);
  if (job.datacenters.includes("")) judge.refuse(job, "datacenters", "The name of a datacenter cannot be empty");
}

/** Names become parts of container names, labels and paths. */
export function judgeName(judge: Judge, part: object, argument: string | undefined, what: string, name: string): void {
  if (name === "") judge.refuse(part, argument, `The name of a ${what} cannot be empty`);
  if (/\p{Cc}/u.test(name)) judge.refuse(part, argument, `The name of a ${what} cannot contain control characters`);
}

function judgeGroup(judge: Judge, job: Job, group: TaskGroup): void {
  judgeName(judge, group, undefined, "group", group.name);
  judge.notNegative(group, "count", group.count);
  judge.notNegative(group, "shutdown_delay", group.shutdownDelay);
  judgeSystemGroup(judge, job, group);
  if (group.tasks.length === 0 && judge.isMissing(group, "task")) judgeEmpty(judge, group);
  judgeRestart(judge, group.restart);
  if (job.type === "service") judgeReschedule(judge, group.reschedule);
  judgeNetwork(judge, group.network);
  judgeServices(judge, group);
  judgeTasks(judge, group);
}

/** Nomad adds the task of a gateway itself. */
function judgeEmpty(judge: Judge, group: TaskGroup): void {
  const isGateway = group.services.some((service) => service.connect === undefined && judge.given(service, "connect"));
  if (isGateway) {
    const detail = "The group would have nothing to run: take it out of the file";
    return judge.refuse(group, undefined, `The gateway of the group "${group.name}" cannot be run yet`, detail);
  }
  const detail = 'Write task "NAME" { … } in it';
  judge.refuse(group, undefined, `The group "${group.name}" needs at least one task`, detail);
}

function judgeSystemGroup(judge: Judge, job: Job, group: TaskGroup): void {
  if (job.type !== "system") return;
  if (group.count > 1) judge.refuse(group, "count", "A system job has one allocation per host", "Take count out");
  if (judge.given(group, "reschedule")) {
    judge.refuse(group, "reschedule", "A system job cannot be rescheduled", "Take the reschedule block out");
  }
}

/** Each host runs all groups, and `count` allocations of each: a host port can be asked for only once. */
function judgeStaticPorts(judge: Judge, job: Job): void {
  const owners = new Map<number, Owner>();
  for (const group of job.groups.filter(({ count }) => count > 0)) {
    for (const port of group.network.ports) {
      if (port.static !== undefined) judgeStaticPort(judge, group, port, owners);
    }
  }
}

interface Owner {
  readonly group: string;
  readonly port: Port;
}

function judgeStaticPort(judge: Judge, group: TaskGroup, port: Port, owners: Map<number, Owner>): void {
  const number = port.static ?? 0;
  const owner = owners.get(number);
  if (owner === undefined) owners.set(number, { group: group.name, port });
  else {
    const summary = `The static port ${number} is taken already by group "${owner.group}"`;
    judge.refuse(port, "static", summary, undefined, owner.port);
  }
  if (group.count <= 1) return;
  const summary = `${group.count} allocations on one host cannot share the static port ${number}`;
  judge.refuse(port, "static", summary, "Take static out for ports of their own, or write count = 1");
}
