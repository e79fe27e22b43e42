/** A job file with everything in it that will run: what admission adds, as if it had been written. */
import { interpolateRecord } from "../../model/interpolate.ts";
import type { Check, ExposePath, Job, Service, TaskGroup } from "../../model/job.ts";
import { proxyPortLabel } from "../../model/sidecar.ts";
import { cleaned, knownVariables } from "../../model/variables.ts";
import type { Checked } from "../schema/checked.ts";
import { groupsOf } from "../schema/groups.ts";
import { isRun } from "../schema/service.ts";
import type { Plain } from "../schema/table/rows.ts";
import { appended, made, mapped, withBlocks, withInner, withValue } from "./written.ts";
import { sidecarTask } from "./sidecar.ts";

/** `job` is the admitted job of the same file. */
export function expanded(file: Checked, job: Job): Checked {
  const groups = groupsOf(file).map((group, at) => expandedGroup(group, job, job.groups[at]));
  return withBlocks(withBlocks(file, "task", []), "group", groups);
}

function expandedGroup(written: Checked, job: Job, group: TaskGroup | undefined): Checked {
  if (group === undefined) return written;
  const own = group.services.filter(({ task }) => task === undefined);
  const services = mapped(written, "service", (service, at) => expandedService(service, own[at]));
  const tasks = mapped(services, "task", (task, at) => withEnvironment(task, job, group, at));
  const meshed = own.filter(({ connect }) => connect !== undefined);
  if (meshed.length === 0) return tasks;
  const network = withInner(tasks, ["network"], (inner) => withPorts(inner, group, meshed));
  return appended(
    network,
    "task",
    meshed.flatMap((service) => sidecarTask(network, service)),
  );
}

/** The ports of exposed checks, then the sidecars' public ones. */
function withPorts(network: Checked, group: TaskGroup, meshed: readonly Service[]): Checked {
  const fixed = network.blocks.get("reserved_ports") ?? [];
  const written = new Set([...fixed, ...(network.blocks.get("port") ?? [])].map(({ label }) => label));
  const labels = [...group.network.ports.map(({ label }) => label), ...meshed.map(proxyPortLabel)];
  const added = labels.filter((label) => !written.has(label));
  return appended(
    network,
    "port",
    added.flatMap((label) => made(network, "port", { to: -1 }, label)),
  );
}

function expandedService(written: Checked, service: Service | undefined): Checked {
  const expose = service?.connect?.sidecarService.proxy.expose ?? [];
  if (service === undefined || expose.length === 0) return written;
  const run = new Map(
    (written.blocks.get("check") ?? []).filter(isRun).map((check, at) => [check, service.checks[at]]),
  );
  const checks = mapped(written, "check", (check) => withPort(check, run.get(check)));
  return withInner(checks, EXPOSE, (block) => {
    const paths = expose.flatMap((path) => made(block, "path", argumentsOf(path)));
    return withBlocks(block, "path", paths);
  });
}

/** Where a service says what it exposes. */
const EXPOSE = ["connect", "sidecar_service", "proxy", "expose"];

function argumentsOf({ path, protocol, localPathPort, listenerPort }: ExposePath): Readonly<Record<string, Plain>> {
  return { path, protocol, local_path_port: localPathPort, listener_port: listenerPort };
}

function withPort(written: Checked, check: Check | undefined): Checked {
  return check?.expose === true ? withValue(written, "port", check.port) : written;
}

/** With what is known before there is an allocation. */
function withEnvironment(written: Checked, job: Job, group: TaskGroup, at: number): Checked {
  const task = group.tasks[at];
  if (task === undefined) return written;
  const known = knownVariables(job, group, task);
  const names = [...Object.entries(cleaned(known)), ...Object.entries(known)];
  return withValue(written, "env", { ...cleaned(known), ...interpolateRecord(task.env, new Map(names)) });
}
