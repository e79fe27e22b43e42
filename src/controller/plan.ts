/** The plan of a task group: what is wanted beside what is there, into steps, status and the time of the next look. Pure. */
import { type AllocObserved, joinDue, lanesOf } from "../reconcilers/view.ts";
import { collectAllocs } from "./allocations.ts";
import { asItRuns } from "./kept-proxy.ts";
import { planLiving } from "./chosen.ts";
import { type GroupInput, type GroupPlan, wishOf } from "./group.ts";
import { planLeftover, statusOf } from "./leftovers.ts";
import { groupStatus } from "./status.ts";

export function planGroup(given: GroupInput): GroupPlan {
  const allocs = collectAllocs(given.observed);
  const { desired } = given;
  if (desired.kind === "frozen") return frozen(given, allocs, desired.reason);
  const input =
    desired.kind === "run" ? { ...given, settings: asItRuns(given.settings, desired, allocs.values()) } : given;
  const wish = desired.kind === "run" ? wishOf(input.settings, desired.job, desired.group) : undefined;
  const live = wish === undefined ? [] : planLiving(input, wish, allocs);
  const chosen = new Map(live.map((plan) => [plan.alloc, plan]));
  const leftovers = [...allocs.values()].filter(({ ref }) => !chosen.has(ref.alloc));
  const leaving = leftovers.map((alloc) => planLeftover(input, alloc, live));
  const plans = [...live, ...leaving];
  const recheck = joinDue(plans.map(({ due }) => due)).recheck;
  return {
    lanes: plans.flatMap(({ alloc, due }) => lanesOf(due).map((steps) => ({ alloc, steps }))),
    status: groupStatus(
      input,
      wish,
      plans.map(({ status }) => status),
    ),
    memory: new Map(plans.map(({ alloc, memory }) => [alloc, memory])),
    ...(recheck === undefined ? {} : { recheck }),
  };
}

function frozen(input: GroupInput, allocs: ReadonlyMap<string, AllocObserved>, reason: string): GroupPlan {
  const statuses = [...allocs.values()].map((alloc) => {
    const phases = input.memory.get(alloc.ref.alloc)?.phases ?? {};
    return statusOf(input, alloc, { state: "running", reason, phases });
  });
  return { lanes: [], status: groupStatus(input, undefined, statuses), memory: input.memory };
}
