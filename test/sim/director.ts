/** Which faults there are, and how often: each seed picks its own mix. */
import type { Chance } from "./random.ts";
import { type Call, type Director, type Fault, LATEST, type StreamFault } from "./wire.ts";

/** Probabilities of each call, or hint, to go wrong in that way. */
export interface Rates {
  readonly before: number;
  readonly after: number;
  readonly late: number;
  readonly lost: number;
  /** A call that is slow on its way there or back. */
  readonly slow: number;
  readonly drop: number;
  readonly double: number;
  readonly break: number;
  readonly silence: number;
}

export const CALM: Rates = {
  before: 0,
  after: 0,
  late: 0,
  lost: 0,
  slow: 0,
  drop: 0,
  double: 0,
  break: 0,
  silence: 0,
};

/** Swarm testing: every kind of fault is absent from some seeds, so that none hides another. */
export function seededRates(chance: Chance): Rates {
  const rate = (highest: number): number => (chance.happens(0.4) ? 0 : highest * chance.next());
  return {
    before: rate(0.1),
    after: rate(0.1),
    late: rate(0.1),
    lost: rate(0.05),
    slow: rate(0.15),
    drop: rate(0.5),
    double: rate(0.3),
    break: rate(0.1),
    silence: rate(0.05),
  };
}

export class SeededDirector implements Director {
  rates: Rates = CALM;
  /** Who does not answer at all for the time being. */
  readonly outages = new Set<Call["api"]>();
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  fault(call: Call): Fault {
    const chance = this.#chance;
    const { before, after, late, lost, slow } = this.rates;
    const there = chance.between(1, 15);
    const back = chance.between(1, 15);
    const lot = chance.next();
    const report = chance.happens(0.5) ? chance.between(1, 300) : 5_000;
    if (this.outages.has(call.api)) return { kind: "before", there };
    const bounds = [before, after, late, lost, slow];
    const at = bounds.findIndex((_, index) => lot < sum(bounds.slice(0, index + 1)));
    if (call.operation === "pull")
      return { kind: at === 0 ? "before" : "none", there: chance.between(100, 4_000), back };
    switch (at) {
      case 0:
        return { kind: "before", there };
      case 1:
        return { kind: "after", there, back };
      case 2:
        return { kind: "late", report, late: chance.between(1, LATEST) };
      case 3:
        return { kind: "lost", report };
      case 4:
        return chance.happens(0.5)
          ? { kind: "none", there: chance.between(50, 2_000), back }
          : { kind: "none", there, back: chance.between(50, 2_500) };
      default:
        return { kind: "none", there, back };
    }
  }

  stream(): StreamFault {
    const lot = this.#chance.next();
    const { drop, double, break: broken, silence } = this.rates;
    if (lot < drop) return "drop";
    if (lot < drop + double) return "double";
    if (lot < drop + double + broken) return "break";
    return lot < drop + double + broken + silence ? "silence" : "none";
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
