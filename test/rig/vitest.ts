/** The rig's facts, for tests. */
import { describe, inject } from "vitest";
import type { EnvoyBinary } from "./envoy-binary.ts";
import type { Rig } from "./rig.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly rig: Rig;
  }
}

/** What the global set-up found and made. */
export function rig(): Rig {
  return inject("rig");
}

/** A suite that needs a real Envoy; where none can be had it is skipped, and its name says why. */
export function describeWithEnvoy(name: string, suite: (envoy: EnvoyBinary) => void): void {
  const { envoy } = rig();
  if (envoy !== undefined) describe(name, () => suite(envoy));
  else
    describe.skip(`${name} (there is no Envoy here: set ENVOY_BIN)`, () => suite({ path: "envoy", version: "0.0.0" }));
}
