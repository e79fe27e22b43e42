/** Plays seeded cases until the time is up or their number is reached; a difference is told as short as it can be made. */
import { setImmediate } from "node:timers/promises";
import { caseOf, compare, type Case, type Difference } from "./compare.ts";
import { shrink } from "./shrink.ts";

export interface Limits {
  readonly from: number;
  /** Whichever comes first. */
  readonly seconds: number;
  readonly cases: number;
}

/** Every so many cases it says how far it is. */
const PROGRESS = 20_000;

/** Resolves with how many cases were played. Throws at the first difference. */
export async function play({ from, seconds, cases }: Limits, say: (line: string) => void): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let seed = from;
  for (; seed < from + cases && performance.now() < end; seed++) {
    await playSeed(seed);
    if ((seed + 1 - from) % PROGRESS === 0) say(`${seed + 1 - from} cases agree, up to seed ${seed}`);
    // The oracle answers without giving the event loop a turn of its own.
    if (seed % 100 === 0) await setImmediate();
  }
  say(`cases of the seeds ${from} to ${seed - 1} agree`);
  return seed - from;
}

/** Throws where HCL and we do not say the same. */
export async function playSeed(seed: number): Promise<void> {
  const found = caseOf(seed);
  const difference = await compare(found);
  if (difference === undefined) return;
  const text = await shrink(found.text, async (shorter) =>
    differsAlike(await compare({ ...found, text: shorter }), difference),
  );
  throw new Error(told(seed, { ...found, text }, (await compare({ ...found, text })) ?? difference));
}

/** Shorter, but still the same kind of difference: one that is accepted does not become one with another line. */
function differsAlike(found: Difference, wanted: NonNullable<Difference>): boolean {
  const kind = (told: string): string => told.split(/[ ,]/, 1)[0] ?? "";
  return found !== undefined && kind(found.hcl) === kind(wanted.hcl) && kind(found.ours) === kind(wanted.ours);
}

function told(seed: number, { kind, text }: Case, { hcl, ours }: NonNullable<Difference>): string {
  return `seed ${seed} (${kind}): ${JSON.stringify(text)}\n  HCL:  ${hcl}\n  ours: ${ours}\nReplay it with: make fuzz SEED=${seed}`;
}
