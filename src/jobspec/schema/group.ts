/** Decodes group blocks, with the services of the group and of its tasks. */
import type { Network, TaskGroup } from "../../model/job.ts";
import type { Block } from "../tree.ts";
import { words } from "./content.ts";
import type { Shape } from "./content.ts";
import { decodeNetwork } from "./network.ts";
import { decodeReschedule, decodeRestart, defaultReschedule, DEFAULT_RESTART } from "./policies.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";
import { decodeService } from "./service.ts";
import { decodeTask } from "./task.ts";

const GROUP: Shape = {
  name: "a group block",
  arguments: ["count", "shutdown_delay"],
  blocks: { network: 0, service: 0, task: 1, restart: 0, reschedule: 0 },
  maps: ["meta"],
  later: words(`
    affinity constraint consul disconnect ephemeral_disk max_client_disconnect migrate
    prevent_reschedule_on_lost scaling spread stop_after_client_disconnect update vault volume
  `),
};

const NO_NETWORK: Network = { mode: "host", ports: [] };

/** What a group must know of its job. */
export interface JobFacts {
  readonly job: string;
  readonly type: "service" | "system";
}

export function decodeGroup(context: Context, block: Block, facts: JobFacts): TaskGroup {
  const reader = new Reader(context, block, GROUP);
  const name = reader.label;
  const network = reader.single("network");
  const restart = decodeRestart(context, reader.single("restart"), DEFAULT_RESTART);
  const names = { job: facts.job, group: name };
  const tasks = reader.blocks("task").map((task) => decodeTask(context, task, { ...names, restart }));
  const group: TaskGroup = {
    name,
    count: reader.integer("count", 1),
    network: network === undefined ? noNetwork(context, reader) : decodeNetwork(context, network),
    services: [
      ...reader.blocks("service").map((service) => decodeService(context, service, names)),
      ...tasks.flatMap((task) => task.services),
    ],
    tasks: tasks.map(({ task }) => task),
    restart,
    reschedule: decodeReschedule(context, reader.single("reschedule"), defaultReschedule(facts.type)),
    meta: reader.textMap("meta") ?? {},
    shutdownDelay: reader.duration("shutdown_delay", 0),
  };
  return context.places.note(group, reader.place);
}

function noNetwork(context: Context, group: Reader): Network {
  return context.places.note({ ...NO_NETWORK }, { ...group.place, parts: new Map() });
}
