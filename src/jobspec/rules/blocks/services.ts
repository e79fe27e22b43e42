/** The rules for what services say beyond the model: their kind of Connect, their checks' tasks, their address. */
import { judgeChecks } from "./checks.ts";
import { judgeConnectKind, judgeGateway } from "./gateway.ts";
import { judgeNative } from "./native.ts";
import type { Part } from "./part.ts";
import { judgeSize } from "./disk.ts";
import { judgeTaskService } from "./task-services.ts";
import { judgeResources } from "./resources.ts";

export function judgeServices(group: Part): void {
  const tasks = group.all("task").map(({ label }) => label);
  for (const service of group.all("service")) {
    judgeChecks(service, { tasks, ofGroup: true });
    const connect = service.one("connect");
    if (connect !== undefined) judgeConnect(group, service, connect);
  }
  for (const task of group.all("task")) {
    for (const service of task.all("service")) {
      judgeTaskService(service);
      judgeChecks(service, { tasks, ofGroup: false });
    }
  }
}

function judgeConnect(group: Part, service: Part, connect: Part): void {
  const isOne = judgeConnectKind(connect);
  const gateway = connect.one("gateway");
  if (gateway !== undefined) judgeGateway(group, gateway);
  if (isOne && connect.bool("native")) judgeNative(group, service);
  const task = connect.one("sidecar_task");
  if (task !== undefined) judgeSidecarTask(task);
}

function judgeSidecarTask(task: Part): void {
  task.notNegative("shutdown_delay");
  const resources = task.one("resources");
  if (resources !== undefined) judgeResources(resources);
  const logs = task.one("logs");
  if (logs !== undefined) judgeSize(logs);
}
