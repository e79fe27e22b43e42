/** Decodes a job file's top level and its job block. */
import type { Job } from "../../model/job.ts";
import type { Block, Body } from "../tree.ts";
import { words } from "./content.ts";
import type { Shape } from "./content.ts";
import { decodeGroup } from "./group.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

const FILE: Shape = {
  name: "a job file",
  blocks: { job: 1 },
  later: ["variable", "variables", "locals"],
};

const JOB: Shape = {
  name: "a job block",
  arguments: ["id", "name", "type", "region", "namespace", "priority", "datacenters"],
  blocks: { group: 1 },
  maps: ["meta"],
  later: words(`
    affinity all_at_once constraint consul_token migrate multiregion node_pool parameterized periodic reschedule
    restart spread task ui update vault vault_token
  `),
};

/** Problems go to the context; a job comes back when there is one job block, complete or not. */
export function decodeFile(context: Context, body: Body): Job | undefined {
  const file: Block = { type: "file", range: { start: 0, end: 0 }, labels: [], body };
  const reader = new Reader(context, file, FILE);
  const [first, second] = reader.blocks("job");
  if (second !== undefined)
    context.problems.add(second.range, "A file holds one job", "Put this one into a file of its own");
  if (first !== undefined) return decodeJob(context, first);
  if (!reader.incomplete) context.problems.add(file.range, "There is no job in this file", 'Write job "NAME" { … }');
  return undefined;
}

function decodeJob(context: Context, block: Block): Job {
  const reader = new Reader(context, block, JOB);
  const id = reader.text("id", reader.label);
  const name = reader.text("name", id);
  const type = reader.choice("type", ["service", "system"], /^(sys)?batch$/) ?? "service";
  const job: Job = {
    id,
    name,
    type,
    region: reader.text("region", "global"),
    namespace: reader.text("namespace", "default"),
    priority: reader.integer("priority", 50),
    datacenters: reader.texts("datacenters", []),
    meta: reader.textMap("meta") ?? {},
    groups: reader.blocks("group").map((group) => decodeGroup(context, group, { job: name, type })),
  };
  return context.places.note(job, reader.place);
}
