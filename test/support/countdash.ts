/** The countdash example as a Job: what examples/countdash says, with every default filled in. */
import type { Job, TaskGroup } from "../../src/model/job.ts";
import { aGroup, aJob, aMeshService, anUpstream, aTask } from "./builders.ts";

export function countdashApi(over: Partial<TaskGroup> = {}): TaskGroup {
  return aGroup({
    name: "api",
    services: [aMeshService({ name: "count-api", port: "9001" })],
    tasks: [aTask({ name: "web" }, { image: "hashicorpdev/counter-api:v3" })],
    ...over,
  });
}

export function countdashDashboard(over: Partial<TaskGroup> = {}): TaskGroup {
  return aGroup({
    name: "dashboard",
    network: { mode: "bridge", ports: [{ label: "http", static: 9002, to: 9002 }] },
    services: [aMeshService({ name: "count-dashboard", port: "http" }, { upstreams: [anUpstream()] })],
    tasks: [
      aTask(
        { name: "dashboard", env: { COUNTING_SERVICE_URL: "http://${NOMAD_UPSTREAM_ADDR_count_api}" } },
        { image: "hashicorpdev/counter-dashboard:v3" },
      ),
    ],
    ...over,
  });
}

export function countdash(): Job {
  return aJob({ id: "countdash", name: "countdash", groups: [countdashApi(), countdashDashboard()] });
}
