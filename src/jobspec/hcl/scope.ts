/** The names that `for` expressions and `dynamic` blocks bind. */
import type { Value } from "../tree.ts";

/** Innermost first. */
export interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | undefined;
}

export function boundValue(scope: Scope | undefined, name: string): Value | undefined {
  for (let place = scope; place !== undefined; place = place.outer) {
    if (place.name === name) return place.value;
  }
  return undefined;
}
