/** The rules for services of groups and tasks. */
import type { Service, TaskGroup } from "../../model/job.ts";
import { judgeCheck } from "./checks.ts";
import { judgeBindAddresses, judgeConnect } from "./connect.ts";
import { judgeExposed } from "./expose.ts";
import { judgeKnown } from "./judge.ts";
import type { Judge } from "./judge.ts";
import { judgeListeners } from "./listeners.ts";
import { judgePort } from "./ports.ts";

/** Consul offers services through DNS: RFC 1123 labels, in either case. */
const SERVICE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

export function judgeServices(judge: Judge, group: TaskGroup): void {
  const labels = judge.isWhole(group.network) ? new Set(group.network.ports.map(({ label }) => label)) : undefined;
  for (const service of group.services) {
    judgeServiceName(judge, service);
    judgePort(judge, service, "a service", labels);
    for (const check of service.checks) judgeCheck(judge, check, service, labels);
    judgeCheckNames(judge, service);
    if (service.connect !== undefined) judgeConnect(judge, group, service, service.connect);
  }
  const named = group.services.filter((service) => judge.isKnown(service, "name"));
  judgeUnique(judge, named);
  judgeBindAddresses(judge, group);
  judgeExposed(judge, group);
  judgeListeners(judge, group);
}

function judgeServiceName(judge: Judge, service: Service): void {
  if (!judge.isKnown(service, "name")) return;
  if (!judgeKnown(judge, service, "name", service.name, "a service") || SERVICE_NAME.test(service.name)) return;
  const detail = "Letters, digits and hyphens, at most 63, neither first nor last a hyphen";
  judge.refuse(service, "name", `"${service.name}" cannot be the name of a service`, detail);
}

function judgeCheckNames(judge: Judge, service: Service): void {
  judge.duplicates(
    service.checks,
    ({ name }) => name,
    (check, name, first) => {
      judge.refuse(
        check,
        "name",
        `There is another check "${name}" in this service`,
        "Give each check a name of its own",
        first,
      );
    },
  );
}

/** Name, owner and port make a registration's id; and one proxy serves one service name. */
function judgeUnique(judge: Judge, services: readonly Service[]): void {
  judge.duplicates(
    services,
    ({ name, task, port }) => JSON.stringify([name, task, port]),
    (service, _, first) => {
      const summary = `There is another service "${service.name}" with the same port`;
      judge.refuse(service, "name", summary, undefined, first);
    },
  );
  const meshed = services.filter((service) => service.connect !== undefined);
  judge.duplicates(
    meshed,
    ({ name }) => name,
    (service, name, first) => {
      const summary = `There is another service "${name}" with a sidecar in this group`;
      judge.refuse(service, "name", summary, undefined, first);
    },
  );
}
