/** What a wish costs the allocations of a group, found out by the same choice as the turn's. Pure. */
import type { Job, Millis, TaskGroup } from "../model/job.ts";
import { LABEL } from "../model/labels.ts";
import type { AllocationCounts } from "../model/plan.ts";
import { readPorts } from "../model/ports.ts";
import type { Settings } from "../model/settings.ts";
import type { AllocMemory, AllocObserved } from "../reconcilers/view.ts";
import { collectAllocs, type GroupObserved, isLeaving, memberLabel } from "./allocations.ts";
import { chooseFor } from "./chosen.ts";
import { wishOf } from "./group.ts";
import { asItRuns } from "./kept-proxy.ts";

/** What is there of a group. */
export interface GroupScene {
  readonly observed: GroupObserved;
  readonly memory: ReadonlyMap<string, AllocMemory>;
  readonly settings: Settings;
  readonly now: Millis;
}

export interface GroupChange {
  readonly allocations: AllocationCounts;
  /** Static ports that are wanted and still held by those that are replaced. */
  readonly ports: readonly number[];
  /** The proxy that the group has or gets. */
  readonly proxy: Settings["proxy"];
}

/** Without a wish all of it stops. */
export function changeOf(
  scene: GroupScene,
  wished: { readonly job: Job; readonly group: TaskGroup } | undefined,
): GroupChange {
  const allocs = collectAllocs(scene.observed);
  const here = [...allocs.values()].filter((alloc) => isThere(alloc, scene.memory));
  if (wished === undefined)
    return { allocations: counts({ stop: here.length }), ports: [], proxy: scene.settings.proxy };
  const settings = asItRuns(scene.settings, wished, allocs.values());
  const wish = wishOf(settings, wished.job, wished.group);
  const choices = Array.from({ length: wish.group.count }, (_, index) =>
    chooseFor({ ...scene, settings }, wish, allocs, index),
  );
  const kept = new Set(choices.flatMap(({ alloc, observed }) => (observed === undefined ? [] : [alloc])));
  const leaving = here.filter(({ ref }) => !kept.has(ref.alloc));
  const made = choices.filter(({ observed }) => observed === undefined).map(({ index }) => index);
  const replace = made.filter((index) => leaving.some(({ ref }) => ref.index === index)).length;
  return {
    allocations: {
      create: made.length - replace,
      keep: kept.size,
      replace,
      stop: leaving.length - leaving.filter(({ ref }) => made.includes(ref.index)).length,
    },
    ports: replace === 0 ? [] : heldPorts(wish.group, leaving),
    proxy: settings.proxy,
  };
}

function isThere(alloc: AllocObserved, memory: GroupScene["memory"]): boolean {
  return memberLabel(alloc, LABEL.attempt) !== undefined && !isLeaving(alloc, memory.get(alloc.ref.alloc));
}

function counts(given: Partial<AllocationCounts>): AllocationCounts {
  return { create: 0, keep: 0, replace: 0, stop: 0, ...given };
}

/** What makes a replacement stop-first. */
function heldPorts(group: TaskGroup, leaving: readonly AllocObserved[]): readonly number[] {
  const held = new Set(
    leaving.flatMap(({ infra }) => (readPorts(infra?.labels[LABEL.ports]) ?? []).map(({ value }) => value)),
  );
  return group.network.ports.flatMap(({ static: port }) => (port !== undefined && held.has(port) ? [port] : []));
}
