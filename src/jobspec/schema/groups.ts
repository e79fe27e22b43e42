/** The groups of a job: its tasks without a group first, each in one of its own name (Nomad's short form), then its groups. */
import type { Checked } from "./checked.ts";
import { GROUP } from "./table/group.ts";

export function groupsOf(job: Checked): readonly Checked[] {
  const tasks = job.blocks.get("task") ?? [];
  return [...tasks.map(groupOf), ...(job.blocks.get("group") ?? [])];
}

function groupOf(task: Checked): Checked {
  const { block, label } = task;
  const place = { block: block.range, parts: new Map([["task", block.range]]), unreadable: new Set<string>() };
  return {
    table: GROUP.table,
    block,
    label,
    values: new Map(),
    blocks: new Map([["task", [task]]]),
    place: { ...place, incomplete: false },
  };
}
