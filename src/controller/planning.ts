/** What would become of each job if the directory held other files: the agent's own rules and choices, played ahead. Pure. */
import { diffFields } from "../model/diff.ts";
import { GROUP, JOB } from "../model/fields/job.ts";
import type { Job } from "../model/job.ts";
import type { FieldChange, GroupCost, GroupPlan, JobPlan, Plan, PlannedFile, PlanRequest } from "../model/plan.ts";
import { changeOf, type GroupChange, type GroupScene } from "./group-cost.ts";
import { fileStatus, STOPPED } from "./board.ts";
import { type JobsState, nextJobs, wishFor } from "./jobs.ts";
import { notPlaced } from "./placement.ts";

export interface PlanScene extends Pick<GroupScene, "settings" | "now"> {
  readonly jobs: JobsState;
  /** Texts of their files that are not to be shown. */
  readonly sensitive: ReadonlySet<string>;
  /** The version of a job that was whole before the present one. */
  readonly before: (job: string) => Job | undefined;
  /** By job: the groups of which anything exists. */
  readonly seen: ReadonlyMap<string, ReadonlySet<string>>;
  readonly group: (job: string, group: string) => Pick<GroupScene, "observed" | "memory">;
}

interface Comparison {
  readonly scene: PlanScene;
  readonly next: JobsState;
  /** The version that the next one is compared with. */
  readonly base: (job: string) => Job | undefined;
  readonly sensitive: ReadonlySet<string>;
}

/** Without files: what the present ones still change about what runs. */
export function planJobs(scene: PlanScene, request: Omit<PlanRequest, "version">): Plan {
  const { files, whole } = request;
  const own = (id: string): Job | undefined => scene.jobs.jobs.get(id)?.job;
  const next = files === undefined ? scene.jobs : after(scene, files, whole);
  const base = files === undefined ? (id: string): Job | undefined => scene.before(id) ?? own(id) : own;
  const comparison = { scene, next, base, sensitive: new Set([...scene.sensitive, ...request.sensitive]) };
  const ids = files === undefined || whole ? allJobs(scene, next) : files.map(({ job }) => job.id);
  const jobs = [...new Set(ids)].sort().flatMap((id) => planJob(comparison, id));
  return {
    changes: jobs.some(isChange),
    jobs,
    files:
      files === undefined
        ? [...next.files.values()].map(fileStatus).filter(({ diagnostics }) => diagnostics.length > 0)
        : [],
  };
}

/** A reading of the directory as it would be then; what is missing has been so for long. */
function after(scene: PlanScene, files: readonly PlannedFile[], whole: boolean): JobsState {
  const ids = new Set(files.map(({ job }) => job.id));
  const others = [...scene.jobs.jobs.values()].filter(({ job }) => !whole && !ids.has(job.id));
  const all = [...files, ...others.map((other): PlannedFile => ({ ...other, diagnostics: [] }))];
  const reading = {
    ok: true,
    device: scene.jobs.device ?? "",
    files: all.map(({ path, hash }, index) => ({ path, hash, text: String(index) })),
  } as const;
  return nextJobs(scene.jobs, reading, {
    now: scene.now,
    pruneDelay: 0,
    parse: (_path, text) => all[Number(text)] ?? { diagnostics: [] },
    isPlaced: (job) => notPlaced(job, scene.settings) === undefined,
  });
}

function allJobs({ jobs, seen }: PlanScene, next: JobsState): readonly string[] {
  const declared = [...next.files.values()].flatMap(({ job }) => job ?? []);
  return [...jobs.jobs.keys(), ...next.jobs.keys(), ...seen.keys(), ...declared];
}

/** Nothing to say of a job that is neither there nor declared. */
function planJob(comparison: Comparison, id: string): readonly JobPlan[] {
  const { next, base } = comparison;
  const before = base(id);
  const outcome = outcomeOf(comparison, id);
  const { job, reason, isHeld } = outcome;
  const fields = before === undefined || job === undefined ? [] : jobFields(comparison, before, job);
  const groups = isHeld && job === undefined ? [] : planGroups(comparison, id, [before, job], fields);
  if (before === undefined && job === undefined && reason === undefined && groups.length === 0) return [];
  const file = next.jobs.get(id)?.path ?? [...next.files.values()].find((each) => each.job === id)?.path;
  return [
    {
      id,
      ...(file === undefined ? {} : { file }),
      action: actionOf(comparison, id, outcome, { fields, groups }),
      ...(reason === undefined ? {} : { reason }),
      fields,
      groups,
    },
  ];
}

interface Outcome {
  /** What is to run; undefined if nothing is, or if what runs is left alone. */
  readonly job?: Job;
  readonly reason?: string;
  readonly isHeld: boolean;
}

function outcomeOf({ scene, next }: Comparison, id: string): Outcome {
  const wish = wishFor(next, id);
  if (wish.kind === "frozen") return { reason: wish.reason, isHeld: true };
  if (wish.kind === "remove") return { isHeld: false, ...(next.stopped.has(id) ? { reason: STOPPED } : {}) };
  const elsewhere = notPlaced(wish.job, scene.settings);
  if (elsewhere !== undefined) return { reason: elsewhere, isHeld: false };
  return wish.held === undefined
    ? { job: wish.job, isHeld: false }
    : { job: wish.job, reason: wish.held, isHeld: true };
}

function actionOf(
  { scene, next }: Comparison,
  id: string,
  { job, isHeld }: Outcome,
  { fields, groups }: Pick<JobPlan, "fields" | "groups">,
): JobPlan["action"] {
  if (isHeld) return "hold";
  const isRemoved = scene.jobs.jobs.has(id) && !next.jobs.has(id);
  if (job === undefined) return isRemoved || groups.some(isDoing) ? "stop" : "none";
  const isOld = groups.some(({ cost }) => cost !== "create");
  if (groups.length > 0 && !isOld) return "create";
  return fields.length > 0 || groups.some((group) => group.fields.length > 0 || isDoing(group)) ? "change" : "none";
}

function isChange({ action, groups }: JobPlan): boolean {
  return action === "hold" ? groups.some(isDoing) : action !== "none";
}

function isDoing({ allocations: { create, replace, stop } }: GroupPlan): boolean {
  return create + replace + stop > 0;
}

function jobFields({ scene, sensitive }: Comparison, before: Job, after: Job): readonly FieldChange[] {
  return diffFields(JOB, [before, after], { proxy: scene.settings.proxy, sensitive }, ["groups"]);
}

function planGroups(
  comparison: Comparison,
  id: string,
  jobs: readonly [Job | undefined, Job | undefined],
  ofJob: readonly FieldChange[],
): readonly GroupPlan[] {
  const { scene, sensitive } = comparison;
  const names = new Set([
    ...jobs.flatMap((job) => job?.groups.map(({ name }) => name) ?? []),
    ...(scene.seen.get(id) ?? []),
  ]);
  const plans = [...names].map((name) => {
    const [old, group] = jobs.map((job) => job?.groups.find((each) => each.name === name));
    const [, job] = jobs;
    const wished = job === undefined || group === undefined ? undefined : { job, group };
    const change = changeOf({ ...scene, ...scene.group(id, name) }, wished);
    const isBoth = old !== undefined && group !== undefined;
    const fields = isBoth ? diffFields(GROUP, [old, group], { proxy: change.proxy, sensitive }) : [];
    const plan = groupPlan(name, change, fields, ofJob);
    return group === undefined ? { ...plan, cost: "stop" as const } : plan;
  });
  return jobs[1] === undefined ? plans.filter(isDoing) : plans;
}

function groupPlan(
  group: string,
  { allocations, ports }: GroupChange,
  fields: readonly FieldChange[],
  ofJob: readonly FieldChange[],
): GroupPlan {
  const all = [...ofJob, ...fields];
  const isUntold = allocations.replace > 0 && !all.some(({ cost }) => cost === "replace");
  return {
    group,
    cost: costOf(allocations, ports, all),
    ...(ports.length === 0 ? {} : { ports }),
    allocations,
    ...(isUntold ? { reason: "what runs is of an earlier version, or is not as this agent would make it now" } : {}),
    fields,
  };
}

function costOf(
  { create, keep, replace, stop }: GroupPlan["allocations"],
  ports: readonly number[],
  fields: readonly FieldChange[],
): GroupCost {
  if (replace > 0) return ports.length > 0 ? "replace (stop-first)" : "replace (start-first)";
  if (keep === 0 && create > 0) return "create";
  if (keep === 0 && stop > 0) return "stop";
  return create + stop > 0 || fields.some(({ cost }) => cost !== "nothing") ? "in place" : "nothing";
}
