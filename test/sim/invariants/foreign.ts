/** What does not carry this instance's mark is never changed or deleted. */
import type { Foreign } from "../foreign.ts";
import type { Invariant, Report } from "./invariant.ts";

export function leavesForeignAlone(foreign: Foreign, report: Report): Invariant {
  return {
    onStep: () => {
      for (const missing of foreign.missing()) report(`what is not Remora's was touched: ${missing}`);
    },
  };
}
