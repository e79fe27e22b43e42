/** Admission: what the services of a job need and its file leaves out, added to the job as it was read. */
import type { Job, Service, TaskGroup } from "../../model/job.ts";
import { exposedOf, exposedPort, isExposed } from "./expose.ts";

/**
 * The job as it will be run, for one that its rules found no error in. Admitting it again gives an equal one, and a job
 * that needs nothing stays the object that it is.
 */
export function admit(job: Job): Job {
  const groups = job.groups.map(admittedGroup);
  return groups.every((group, at) => group === job.groups[at]) ? job : { ...job, groups };
}

function admittedGroup(group: TaskGroup): TaskGroup {
  if (!group.services.some((service) => service.checks.some((check) => isExposed(service, check)))) return group;
  const ports = new Map(group.network.ports.map((port) => [port.label, port]));
  for (const service of group.services)
    for (const { port } of exposedOf(group, service)) if (port !== undefined) ports.set(port.label, port);
  return {
    ...group,
    network: { ...group.network, ports: [...ports.values()] },
    services: group.services.map((service) => admittedService(group, service)),
  };
}

function admittedService(group: TaskGroup, service: Service): Service {
  const { connect } = service;
  if (connect === undefined || !service.checks.some((check) => isExposed(service, check))) return service;
  const { sidecarService } = connect;
  const expose = exposedOf(group, service).map(({ path }) => path);
  return {
    ...service,
    checks: service.checks.map((check) =>
      isExposed(service, check) ? { ...check, port: exposedPort(service, check) } : check,
    ),
    connect: { ...connect, sidecarService: { ...sidecarService, proxy: { ...sidecarService.proxy, expose } } },
  };
}
