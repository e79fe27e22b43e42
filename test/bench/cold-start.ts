/** Cold start of countdash: the agent against the floor with gate and read-back, and against the bare sequence. */
import { until } from "../rig/wait.ts";
import { firstAnswer, isInRotation } from "./answer.ts";
import { untilCalm, withAgentStill } from "./agent-pause.ts";
import { callsSince, node } from "./bench-world.ts";
import type { BenchWorld } from "./bench-world.ts";
import { tally } from "./calls.ts";
import type { Call } from "./calls.ts";
import { removeAll, untilClean } from "./clean.ts";
import { Floor } from "./floor.ts";
import type { Variant } from "./floor.ts";
import { phasesOf, sharesOf } from "./milestones.ts";
import type { Phases, Shares } from "./milestones.ts";
import { interleaved } from "./rounds.ts";
import { renewed, templatesOf } from "./template.ts";
import type { GroupTemplate } from "./template.ts";

export const SERVICES = ["count-api", "count-dashboard"] as const;
const FLOOR_INSTANCE = "floor";

/** One start, as the proxies saw it. */
export interface Start {
  /** To the first answer. */
  readonly ms: number;
  readonly phases: Readonly<Record<string, Phases>>;
  readonly shares: Shares;
  /** By route, until all was in rotation. */
  readonly calls: ReadonlyMap<string, number>;
}

export type Contender = "remora" | "floor" | "bare";

export interface ColdStarts {
  /** Milliseconds to the first answer. */
  readonly answer: Readonly<Record<Contender, readonly number[]>>;
  /** All rounds but the warm-up, in their order. */
  readonly starts: Readonly<Record<Contender, readonly Start[]>>;
}

export async function coldStarts(world: BenchWorld, rounds: number): Promise<ColdStarts> {
  const starts: Record<Contender, Start[]> = { remora: [], floor: [], bare: [] };
  const templates = await recorded(world);
  const note = (who: Contender, start: Start): number => {
    starts[who].push(start);
    return start.ms;
  };
  const answer = await interleaved<Contender>(
    {
      remora: async () => note("remora", (await remoraStart(world)).start),
      floor: async () => note("floor", await floorStart(world, templates, "gated")),
      bare: async () => note("bare", await floorStart(world, templates, "bare")),
    },
    rounds,
  );
  for (const each of Object.values(starts)) each.shift();
  return { answer, starts };
}

/** The floor makes the agent's own calls, so the agent goes first. */
async function recorded(world: BenchWorld): Promise<readonly GroupTemplate[]> {
  const { calls } = await remoraStart(world);
  return templatesOf(calls, SERVICES);
}

/** From the rename to the first answer, and back to nothing. */
async function remoraStart(world: BenchWorld): Promise<{ readonly start: Start; readonly calls: readonly Call[] }> {
  await untilCalm(world);
  const seen = await observedStart(world, world.place);
  await world.take();
  await untilClean(world.docker, world.consul.api, world.instance);
  return seen;
}

async function floorStart(world: BenchWorld, templates: readonly GroupTemplate[], variant: Variant): Promise<Start> {
  const { docker, consul, dockerSocket, consulPort, token } = world;
  await untilCalm(world);
  const fresh = templates.map((each) => renewed(each, { from: world.instance, to: FLOOR_INSTANCE }));
  return withAgentStill(world, async () => {
    const floor = new Floor({ socketPath: dockerSocket }, { host: "127.0.0.1", port: consulPort }, token, node);
    try {
      return (await observedStart(world, () => floor.start(fresh, variant))).start;
    } finally {
      floor.close();
      await removeAll(docker, consul.api, FLOOR_INSTANCE);
      await untilClean(docker, consul.api, FLOOR_INSTANCE);
    }
  });
}

/** `begin` need not be through when the first answer comes; it is when this resolves. */
async function observedStart(
  world: BenchWorld,
  begin: () => Promise<void>,
): Promise<{ readonly start: Start; readonly calls: readonly Call[] }> {
  const began = performance.now();
  const [answered] = await Promise.all([firstAnswer(world.port), begin()]);
  await until(() => isInRotation(world.consul.api), { what: "countdash to be in rotation", everyMs: 20 });
  const calls = callsSince(world, began);
  const mine = calls.filter(({ caller }) => caller === "remora");
  const phases = Object.fromEntries(SERVICES.map((service) => [service, phasesOf(calls, service, began)]));
  const start = { ms: answered - began, phases, shares: sharesOf(calls, began, answered), calls: tally(mine) };
  return { start, calls };
}
