/** How Remora's own work grows with the number of groups: its processor time alone, over ports that answer at once. */
import { exponent, median } from "./stats.ts";
import { StillWorld, wholeGroups } from "./still-world.ts";

export interface Growth {
  readonly groups: readonly number[];
  /** Milliseconds of processor time for each number of groups. */
  readonly milliseconds: Readonly<Record<Work, readonly number[]>>;
  /** Slope of log(milliseconds) on log(groups): 0 is constant, 1 is linear. */
  readonly exponents: Readonly<Record<Work, number>>;
}

/** `listing` is the floor of it: one walk over all that there is, which every reading has to make. */
export type Work = "start" | "resync" | "one change" | "listing";

const CHANGES = 5;
const RESYNCS = 3;

export async function growth(sizes: readonly number[]): Promise<Growth> {
  const groups = wholeGroups(Math.max(...sizes));
  const milliseconds: Record<Work, number[]> = { start: [], resync: [], "one change": [], listing: [] };
  for (const size of sizes) {
    const some = groups.slice(0, size);
    const world = new StillWorld(some);
    milliseconds.start.push(await world.start());
    milliseconds.resync.push(await medianOf(RESYNCS, () => world.resync()));
    milliseconds["one change"].push(await medianOf(CHANGES, (at) => world.change(at)));
    await world.stop();
    milliseconds.listing.push(await medianOf(CHANGES, () => Promise.resolve(walk(some))));
  }
  const slope = (work: Work): number => exponent(sizes.map((size, at) => [size, milliseconds[work][at] ?? Number.NaN]));
  return {
    groups: sizes,
    milliseconds,
    exponents: {
      start: slope("start"),
      resync: slope("resync"),
      "one change": slope("one change"),
      listing: slope("listing"),
    },
  };
}

async function medianOf(count: number, measure: (at: number) => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let at = 0; at < count; at++) values.push(await measure(at));
  return median(values);
}

/** Copies everything once, as a client does that reads a listing. */
function walk(all: readonly object[]): number {
  const before = process.cpuUsage();
  JSON.parse(JSON.stringify(all));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
