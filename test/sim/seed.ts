/** One seed, played: people, faults and crashes as the seed has it, then in peace until all is as the files say. */
import type { Millis } from "../../src/model/job.ts";
import { ACTION_NAMES, Actions, type ActionName } from "./actions.ts";
import { settled } from "./clock.ts";
import { CALM, SeededDirector, seededRates } from "./director.ts";
import { Chance } from "./random.ts";
import { Run } from "./run.ts";
import type { World } from "./world.ts";

/** Only where Remora has to do with intentions. */
const MEDDLE: ActionName = "meddle-with-intention";

export interface Result {
  readonly seed: number;
  /** Same seed, same hash: of every call, event and action with its time. */
  readonly hash: string;
  /** What was violated; empty if the seed holds. */
  readonly failures: readonly string[];
  readonly steps: number;
  /** How long it took to come to rest, in virtual time. */
  readonly rest: Millis;
}

/** Half of the seeds have Envoy, and half `--intentions=upstreams`, unless `intentions` says which. */
export async function runSeed(
  seed: number,
  onLine: (line: string) => void = () => undefined,
  intentions: "none" | "upstreams" = new Chance(seed).fork("intentions").happens(0.5) ? "upstreams" : "none",
): Promise<Result> {
  const chance = new Chance(seed);
  const director = new SeededDirector(chance.fork("faults"));
  const nature = chance.fork("nature");
  const proxy = chance.fork("proxy").happens(0.5) ? "envoy" : "consul";
  const setting = { acls: nature.happens(0.8), stocked: nature.happens(0.7), intentions, proxy } as const;
  const run = new Run({ chance, ...setting, director }, onLine);
  const { world, wishes, foreign, log } = run;
  const actions = new Actions({ world, wishes, foreign, director, chance: chance.fork("actions"), log });
  const names = ACTION_NAMES.filter((name) => name !== MEDDLE);
  const known: ActionName[] = names.filter(() => nature.happens(0.5));
  if (intentions === "upstreams" && chance.fork(MEDDLE).happens(0.5)) known.push(MEDDLE);
  actions.addJob();
  world.start();
  director.rates = seededRates(nature);
  const troubled = world.clock.now() + nature.between(20_000, 120_000);
  const acting = keepActing(world, actions, known, nature.fork("pace"), troubled);
  await run.until(troubled + 60_000, () => acting.isOver);
  director.rates = CALM;
  actions.heal();
  await settled();
  const rest = await run.comesToRest();
  return { seed, hash: run.hash, failures: run.failures, steps: run.steps, rest };
}

/** Things happen one after another, sometimes at the same time. */
function keepActing(
  world: World,
  actions: Actions,
  known: readonly ActionName[],
  pace: Chance,
  until: Millis,
): { readonly isOver: boolean } {
  const state = { isOver: false };
  const one = async (): Promise<void> => {
    while (world.clock.now() < until) {
      await world.clock.sleep(pace.between(1, 8_000));
      await actions.act(known);
    }
  };
  void Promise.all([one(), one()]).then(() => (state.isOver = true));
  return state;
}
