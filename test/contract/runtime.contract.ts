/** The contract of the Runtime port: what every implementation of it must be seen to do. */
import { containersContract } from "./runtime.containers.ts";
import { engineContract } from "./runtime.engine.ts";
import { contractTest } from "./runtime.harness.ts";
import type { RuntimeHarness } from "./runtime.harness.ts";
import { insideContract } from "./runtime.inside.ts";
import { probesContract } from "./runtime.probes.ts";

/** Declares the tests; `open` is called once for each of them. */
export function runtimeContract(open: () => RuntimeHarness): void {
  const test = contractTest(open);
  containersContract(test);
  insideContract(test);
  engineContract(test);
  probesContract(test);
}
