/** The rig's facts, for tests. */
import { inject } from "vitest";
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
