/** Choosing from lists that are never empty. */
import type { Chance } from "../sim/random.ts";

export function pick<T>(chance: Chance, list: readonly T[]): T {
  const picked = chance.pick(list);
  if (picked === undefined) throw new Error("there is nothing to pick from");
  return picked;
}

/** One of the makers, called. */
export function oneOf<T>(chance: Chance, makers: readonly (() => T)[]): T {
  return pick(chance, makers)();
}

/** So many of what is made, joined. */
export function several(chance: Chance, most: number, make: () => string, separator = ""): string {
  return Array.from({ length: chance.between(0, most) }, make).join(separator);
}
