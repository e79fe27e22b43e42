/** Decodes group blocks, with the services of the group and of its tasks. */
import type { Network, TaskGroup } from "../../model/job.ts";
import { over } from "./checked.ts";
import type { Checked } from "./checked.ts";
import { decodeNetwork } from "./network.ts";
import { decodeReschedule, decodeRestart, defaultReschedule, DEFAULT_RESTART } from "./policies.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";
import { decodeService } from "./service.ts";
import { decodeTask } from "./task.ts";

const NO_NETWORK: Network = { mode: "host", ports: [] };

/** What a group must know of its job. */
export interface JobFacts {
  readonly job: string;
  readonly id: string;
  readonly type: "service" | "system";
  readonly reschedule: Checked | undefined;
}

export function decodeGroup(context: Context, block: Checked, facts: JobFacts): TaskGroup {
  const reader = new Reader(context, block);
  const name = reader.label;
  const network = onlyNetwork(reader);
  const restart = decodeRestart(context, reader.single("restart"), DEFAULT_RESTART);
  const reschedule = over(facts.reschedule, reader.single("reschedule"));
  const names = { job: facts.job, id: facts.id, group: name };
  const labels = portLabels(network);
  const isWhole = !reader.incomplete && network?.place.incomplete !== true;
  if (isWhole) for (const task of reader.blocks("task")) checkPorts(context, task, labels);
  const tasks = reader.blocks("task").map((task) => decodeTask(context, task, { ...names, restart }));
  const group: TaskGroup = {
    name,
    count: reader.integer("count", leastCount(context, reader)),
    network: network === undefined ? noNetwork(context, reader) : decodeNetwork(context, network),
    services: [
      ...reader.blocks("service").map((service) => decodeService(context, service, names)),
      ...tasks.flatMap((task) => task.services),
    ],
    tasks: tasks.map(({ task }) => task),
    restart,
    reschedule: decodeReschedule(context, reschedule, defaultReschedule(facts.type)),
    meta: reader.textMap("meta") ?? {},
    shutdownDelay: reader.duration("shutdown_delay", 0),
  };
  return context.places.note(group, reader.place);
}

/** Of several, which is an error already, none is certain to be the one that is meant. */
function onlyNetwork(group: Reader): Checked | undefined {
  const [first, second] = group.blocks("network");
  if (first === undefined || second === undefined) return first;
  const unreadable = new Set([...first.place.unreadable, ...first.place.parts.keys()]);
  return { ...first, place: { ...first.place, unreadable, incomplete: true } };
}

function portLabels(network: Checked | undefined): readonly string[] {
  const blocks = ["port", "reserved_ports"].flatMap((type) => network?.blocks.get(type) ?? []);
  return blocks.map(({ label }) => label);
}

/** The group publishes all its ports; that a task names some of them has no more effect than that they must be there. */
function checkPorts(context: Context, task: Checked, labels: readonly string[]): void {
  for (const config of task.blocks.get("config") ?? []) {
    const reader = new Reader(context, config);
    const wrong = reader.texts("ports", []).find((label) => !labels.includes(label));
    if (wrong === undefined) continue;
    const known = labels.length === 0 ? "It has none" : `Ports of this group: ${labels.join(", ")}`;
    const range = reader.place.parts.get("ports") ?? config.block.range;
    context.problems.add(range, `The group's network has no port "${wrong}"`, known);
  }
}

function noNetwork(context: Context, group: Reader): Network {
  return context.places.note({ ...NO_NETWORK }, { ...group.place, parts: new Map() });
}

/** Nomad's default count is an autoscaler's least one. */
function leastCount(context: Context, group: Reader): number {
  const scaling = group.single("scaling");
  return scaling === undefined ? 1 : new Reader(context, scaling).integer("min", 1);
}
