/** The fields of a job, its groups and their network: the roof of the table. */
import type { Dns, Job, Network, Port, ReschedulePolicy, TaskGroup } from "../job.ts";
import { block, blocks, duration, type Fields, IN_PLACE, leaf, NOTHING, REPLACE } from "./field.ts";
import { SERVICE } from "./service.ts";
import { RESTART, TASK } from "./task.ts";

const PORT: Fields<Port> = {
  label: leaf("label", REPLACE),
  static: leaf("static", REPLACE),
  to: leaf("to", REPLACE),
};

const DNS: Fields<Dns> = {
  servers: leaf("servers", REPLACE),
  searches: leaf("searches", REPLACE),
  options: leaf("options", REPLACE),
};

const NETWORK: Fields<Network> = {
  mode: leaf("mode", REPLACE),
  ports: blocks("port", "label", PORT),
  dns: block("dns", DNS),
  hostname: leaf("hostname", REPLACE),
};

const RESCHEDULE: Fields<ReschedulePolicy> = {
  attempts: leaf("attempts", NOTHING),
  interval: duration("interval", NOTHING),
  delay: duration("delay", NOTHING),
  delayFunction: leaf("delay_function", NOTHING),
  maxDelay: duration("max_delay", NOTHING),
  unlimited: leaf("unlimited", NOTHING),
};

export const GROUP: Fields<TaskGroup> = {
  name: leaf("name", REPLACE, { identity: true }),
  count: leaf("count", IN_PLACE),
  network: block("network", NETWORK),
  services: blocks("service", "name", SERVICE),
  tasks: blocks("task", "name", TASK),
  restart: block("restart", RESTART),
  reschedule: block("reschedule", RESCHEDULE),
  meta: leaf("meta", REPLACE),
  shutdownDelay: duration("shutdown_delay", NOTHING),
};

/** What the texts of services may refer to (`${NOMAD_JOB_NAME}` and the like) is told to Consul anew. */
export const JOB: Fields<Job> = {
  id: leaf("id", REPLACE, { identity: true }),
  name: leaf("name", IN_PLACE),
  type: leaf("type", NOTHING),
  region: leaf("region", IN_PLACE),
  namespace: leaf("namespace", IN_PLACE),
  priority: leaf("priority", NOTHING),
  datacenters: leaf("datacenters", NOTHING),
  meta: leaf("meta", REPLACE),
  groups: blocks("group", "name", GROUP),
};
