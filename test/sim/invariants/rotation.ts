/** A mesh service is in rotation only once it has served, and not for long after it ceased to. */
import type { Millis } from "../../../src/model/job.ts";
import { META } from "../../../src/model/registration.ts";
import { worstOf } from "../fakes/consul/agent.ts";
import { allocsIn, isServing } from "../truth.ts";
import type { World } from "../world.ts";
import type { Invariant, Report } from "./invariant.ts";

/** How long it may stay while a controller lives among faults: a check's interval, faulty calls, back-off. */
const LIMIT: Millis = 90_000;
/** The same when nothing else goes wrong. */
const LIMIT_CALM: Millis = 15_000;

export function rotatesOnlyWhatServes(world: World, calmSince: () => Millis | undefined, report: Report): Invariant {
  const served = new Set<string>();
  const darkSince = new Map<string, Millis>();
  return {
    onStep: () => {
      const { now, dark } = look(world, served, report);
      for (const id of darkSince.keys()) if (!dark.has(id)) darkSince.delete(id);
      for (const id of dark) {
        const since = Math.max(darkSince.get(id) ?? now, world.isAlive ? world.bornAt : now);
        darkSince.set(id, since);
        const limit = (calmSince() ?? now + 1) <= since ? LIMIT_CALM : LIMIT;
        if (now - since > limit) report(`${id} is in rotation for ${now - since} ms and does not serve`);
      }
    },
  };
}

/** Sidecars that are in rotation, and do not serve. */
function look(world: World, served: Set<string>, report: Report): { now: Millis; dark: ReadonlySet<string> } {
  const allocs = allocsIn(world);
  for (const alloc of allocs.values())
    for (const service of alloc.sidecars.keys())
      if (isServing(world, alloc, service)) served.add(`${alloc.ref.alloc} ${service}-sidecar-proxy`);
  const dark = new Set<string>();
  for (const [id, { service, checks }] of world.consul.catalog) {
    const { meta, kind, name } = service;
    const isOurs = meta[META.instance] === world.settings.instance && kind === "connect-proxy";
    if (!isOurs || worstOf(checks) !== "passing") continue;
    const alloc = allocs.get(meta[META.alloc] ?? "");
    if (!served.has(`${meta[META.alloc]} ${name}`)) report(`${id} is in rotation and has never served`);
    if (alloc === undefined || !isServing(world, alloc, name.replace(/-sidecar-proxy$/, ""))) dark.add(id);
  }
  return { now: world.clock.now(), dark };
}
