/** Admission: what the services of a job need and its file leaves out, added to the job as it was read. */
import type { Job, Service, TaskGroup } from "../../model/job.ts";
import { type Exposure, exposureOf } from "./expose.ts";

/**
 * The job as it will be run, for one that its rules found no error in. Admitting it again gives an equal one, and a job that
 * needs nothing stays the object that it is.
 */
export function admit(job: Job): Job {
  const groups = job.groups.map(admittedGroup);
  return groups.every((group, at) => group === job.groups[at]) ? job : { ...job, groups };
}

function admittedGroup(group: TaskGroup): TaskGroup {
  const exposures = group.services.map((service) => exposureOf(group, service));
  if (exposures.every(({ ports }) => ports.size === 0)) return group;
  const added = exposures.flatMap(({ paths }) => paths.flatMap(({ port }) => port ?? []));
  return {
    ...group,
    network: { ...group.network, ports: [...group.network.ports, ...added] },
    services: group.services.map((service, at) => admittedService(service, exposures[at])),
  };
}

function admittedService(service: Service, exposure: Exposure | undefined): Service {
  const { connect } = service;
  if (connect === undefined || exposure === undefined || exposure.ports.size === 0) return service;
  const { sidecarService } = connect;
  const expose = exposure.paths.map(({ path }) => path);
  return {
    ...service,
    checks: service.checks.map((check) => ({ ...check, port: exposure.ports.get(check) ?? check.port })),
    connect: { ...connect, sidecarService: { ...sidecarService, proxy: { ...sidecarService.proxy, expose } } },
  };
}
