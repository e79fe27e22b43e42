/** A key is in one pair of hands, and nothing is thrown that was not foreseen. */
import type { World } from "../world.ts";
import type { Invariant, Report } from "./invariant.ts";

export function oneTurnAtATime(world: World, report: Report): Invariant {
  const ends = new Map<string, number>();
  let life = 0;
  return {
    onEvent: (event) => {
      if (event.kind === "problem") report(`the controller reports: ${event.message}`);
      if (event.kind !== "reconciled") return;
      if (life !== world.lives) ends.clear();
      life = world.lives;
      const now = world.clock.now();
      if (now - event.ms < (ends.get(event.key) ?? 0)) report(`two turns of ${event.key} overlapped`);
      ends.set(event.key, now);
    },
  };
}
