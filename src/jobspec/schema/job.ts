/** Decodes a job file's top level and its job block. */
import type { Job } from "../../model/job.ts";
import type { Problems } from "../problems.ts";
import type { Block, Body } from "../tree.ts";
import { checkBlock } from "./apply.ts";
import type { Checked } from "./checked.ts";
import { decodeGroup } from "./group.ts";
import { groupsOf } from "./groups.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";
import { FILE } from "./table/job.ts";

/** The one job of a file, as the table sees it; problems are told of, and undefined means that there is none. */
export function checkFile(problems: Problems, body: Body): Checked | undefined {
  const block: Block = { type: "file", range: { start: 0, end: 0 }, labels: [], body };
  const author = body.kind === "object" && body.author === "program" ? "program" : "person";
  const file = checkBlock(problems, block, FILE, author);
  const [first, second] = file.blocks.get("job") ?? [];
  if (second !== undefined)
    problems.add(second.block.range, "A file holds one job", "Put this one into a file of its own");
  if (first === undefined && !file.place.incomplete) {
    problems.add(block.range, "There is no job in this file", 'Write job "NAME" { … }');
  }
  return first;
}

export function decodeJob(context: Context, block: Checked): Job {
  const reader = new Reader(context, block);
  const id = reader.text("id", reader.label);
  const name = reader.text("name", reader.label);
  const type = reader.choice("type", ["service", "system"]) ?? "service";
  const facts = { job: name, id, type, reschedule: reader.single("reschedule") };
  const job: Job = {
    id,
    name,
    type,
    region: reader.text("region", "global"),
    namespace: reader.text("namespace", "default"),
    priority: reader.integer("priority", 50),
    datacenters: reader.texts("datacenters", []),
    meta: reader.textMap("meta") ?? {},
    groups: groupsOf(block).map((group) => decodeGroup(context, group, facts)),
  };
  return context.places.note(job, reader.place);
}
