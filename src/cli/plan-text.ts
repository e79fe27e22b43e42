/** A plan as a page for a terminal: each job, what each of its groups costs, and every field that differs. */
import type { FieldChange, GroupPlan, JobPlan, Plan } from "../model/plan.ts";
import { printable } from "../model/text.ts";
import type { Colour, Paint } from "./colours.ts";

export function planText(plan: Plan, paint: Paint): string {
  const jobs = plan.jobs.map((job) => jobLines(job, paint).join("\n"));
  return `${[...jobs, summary(plan)].join("\n\n")}\n`;
}

function jobLines(job: JobPlan, paint: Paint): readonly string[] {
  const file = job.file === undefined ? "" : ` (${job.file})`;
  const reason = job.reason === undefined ? "" : `: ${job.reason}`;
  const { mark, colour, words } = ACTIONS[job.action];
  const head = `${paint("bold", printable(`job ${JSON.stringify(job.id)}`))}${printable(file)}`;
  return [
    `${paint(colour, mark)} ${head}: ${paint(colour, words)}${printable(reason)}`,
    ...job.fields.map((field) => `  ${fieldLine(field, paint)}`),
    ...job.groups.flatMap((group) => groupLines(group, paint)),
  ];
}

const ACTIONS: Readonly<
  Record<JobPlan["action"], { readonly mark: string; readonly colour: Colour; readonly words: string }>
> = {
  none: { mark: " ", colour: "dim", words: "no change" },
  create: { mark: "+", colour: "green", words: "comes" },
  change: { mark: "~", colour: "yellow", words: "changes" },
  stop: { mark: "-", colour: "red", words: "stops" },
  hold: { mark: "!", colour: "red", words: "held" },
};

function groupLines(group: GroupPlan, paint: Paint): readonly string[] {
  const { allocations, reason } = group;
  const name = printable(`group ${JSON.stringify(group.group)}`);
  const line = `  ${name}: ${paint(COSTS[group.cost], costWords(group))}${countWords(allocations)}`;
  return [
    line,
    ...(reason === undefined ? [] : [`    ${paint("dim", reason)}`]),
    ...group.fields.map((field) => `    ${fieldLine(field, paint)}`),
  ];
}

const COSTS: Readonly<Record<GroupPlan["cost"], Colour>> = {
  nothing: "dim",
  "in place": "green",
  "replace (start-first)": "yellow",
  "replace (stop-first)": "red",
  create: "green",
  stop: "red",
};

function costWords({ cost, ports = [] }: GroupPlan): string {
  if (cost !== "replace (stop-first)") return cost;
  return `replace (stop-first: static ${ports.length === 1 ? "port" : "ports"} ${ports.join(", ")})`;
}

type Counts = GroupPlan["allocations"];

function sum(groups: readonly GroupPlan[], key: keyof Counts): number {
  return groups.reduce((all, group) => all + group.allocations[key], 0);
}

/** `update`: those of `keep` that change in place, where that is not said already. */
function countWords({ create, keep, replace, stop, update = 0 }: Counts & { readonly update?: number }): string {
  const parts = [
    replace > 0 ? `${allocations(replace)} replaced` : "",
    update > 0 ? `${allocations(update)} changed in place` : "",
    create > 0 ? `${allocations(create)} created` : "",
    stop > 0 ? `${allocations(stop)} stopped` : "",
    keep > 0 ? `${allocations(keep)} kept` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `, ${parts.join(", ")}`;
}

function allocations(count: number): string {
  return `${count} ${count === 1 ? "allocation" : "allocations"}`;
}

const MARKS = { added: "+", removed: "-", changed: "~" } as const;
const COLOURS = { added: "green", removed: "red", changed: "yellow" } as const;

function fieldLine({ path, change, before, after, cost }: FieldChange, paint: Paint): string {
  const value = [before, after].filter((side) => side !== undefined).join(" -> ");
  const text = printable(`${path.join(" > ")}${value === "" ? "" : `: ${value}`}`);
  return `${paint(COLOURS[change], `${MARKS[change]} ${text}`)} ${paint("dim", `(${cost})`)}`;
}

function summary({ changes, jobs }: Plan): string {
  const held = jobs.filter(({ action }) => action === "hold").length;
  const groups = jobs.flatMap((job) => job.groups);
  const touched = groups.filter(({ cost }) => cost === "in place");
  const kept = groups.filter(({ cost }) => cost !== "in place");
  const words = countWords({
    create: sum(groups, "create"),
    replace: sum(groups, "replace"),
    stop: sum(groups, "stop"),
    update: sum(touched, "keep"),
    keep: sum(kept, "keep"),
  });
  const holds = held === 0 ? "" : ` ${held} ${held === 1 ? "job is" : "jobs are"} held.`;
  if (!changes) return `No change.${holds}`;
  return `Changes${words === "" ? "" : `: ${words.slice(2)}`}.${holds}`;
}
