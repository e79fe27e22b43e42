/** Measured times against the times that are promised. */
import { expect } from "vitest";
import { print } from "../../rig/say.ts";

/** Two test files share two cores with Docker, Consul and all proxies: what takes processor time may take this much longer. */
export const LOADED = 2;

/** Prints what was measured, and fails if it is more than `limitMs` on a machine as loaded as in this suite. */
export function expectWithin(what: string, tookMs: number, limitMs: number): void {
  print(`  ${what}: ${Math.round(tookMs)} ms (promised: ${limitMs} ms)`);
  expect(tookMs, what).toBeLessThanOrEqual(limitMs * LOADED);
}

/** How long something takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
