/** The lifecycle chart: sorting from facts alone, but for the latch of draining. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextPhase, type ServiceFacts } from "../../../src/machines/service.ts";
import type { Phase } from "../../../src/model/status.ts";
import { anyFacts, livingFacts, NOTHING, theFacts } from "../../support/facts.ts";

/** The phase after a history of observations, as the controller keeps it from turn to turn. */
function after(history: readonly ServiceFacts[]): Phase | undefined {
  return history.reduce<Phase | undefined>(nextPhase, undefined);
}

describe("a service instance is sorted as", () => {
  const rules: readonly (readonly [Phase, string, Partial<ServiceFacts>])[] = [
    ["absent", "nothing of it exists", NOTHING],
    ["provisioning", "its namespace does not run", { registered: "absent", namespace: false }],
    ["provisioning", "its identity is missing", { registered: "absent", identity: false }],
    ["provisioning", "only its token exists", { ...NOTHING, exists: true, identity: true }],
    ["provisioning", "its registration is gated and its namespace is gone", { registered: "gated", namespace: false }],
    ["identified", "it has namespace and identity and is not in Consul", { registered: "absent" }],
    ["registered", "it is gated and its sidecar does not listen", { registered: "gated", sidecar: false }],
    ["proxied", "it is gated and its sidecar listens", { registered: "gated", tasks: false }],
    ["proxied", "it is gated and does not answer yet", { registered: "gated", answers: false }],
    ["proxied", "it is gated though all is ready", { registered: "gated" }],
    ["serving", "the gate is down and everything is up", {}],
    ["degraded", "the gate is down and its sidecar is not up", { sidecar: false }],
    ["degraded", "the gate is down and its tasks are not up", { tasks: false }],
    ["degraded", "the gate is down and its identity is gone", { identity: false }],
    ["degraded", "the gate is down and its namespace is gone", { namespace: false }],
    ["degraded", "only its open registration is left", { ...NOTHING, registered: "open" }],
    ["draining", "it is not wanted and something runs", { wanted: false }],
    ["draining", "its latch is on and something runs", { maintenance: true }],
    ["leaving", "it is not wanted and nothing runs", { wanted: false, running: false }],
    ["leaving", "its latch is on and nothing runs", { maintenance: true, running: false }],
  ];

  test.each(rules)("%s when %s", (phase, _, facts) => {
    expect(nextPhase(undefined, theFacts(facts))).toBe(phase);
  });
});

describe("the phase after any history", () => {
  test("is that of a new process on the last facts, while the allocation is wanted and no latch is set", () => {
    fc.assert(
      fc.property(fc.array(livingFacts), livingFacts, (history, last) => {
        expect(after([...history, last])).toBe(nextPhase(undefined, last));
      }),
    );
  });

  test("is draining or leaving from the first such phase on, whatever is seen later", () => {
    fc.assert(
      fc.property(fc.array(anyFacts), anyFacts, fc.array(anyFacts), (before, end, later) => {
        const going = { ...end, wanted: false };
        expect(["draining", "leaving"]).toContain(after([...before, going, ...later]));
      }),
    );
  });

  test("never goes from leaving back to draining", () => {
    fc.assert(
      fc.property(fc.array(anyFacts), (later) => {
        expect(later.reduce<Phase>(nextPhase, "leaving")).toBe("leaving");
      }),
    );
  });

  test("goes from draining to leaving as soon as nothing runs, and not before", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        expect(nextPhase("draining", facts)).toBe(facts.running ? "draining" : "leaving");
      }),
    );
  });

  test("is on its way out in a new process too, for the latch is in the world", () => {
    fc.assert(
      fc.property(fc.array(anyFacts), anyFacts, (history, last) => {
        const latched = { ...last, maintenance: true };
        expect(nextPhase(undefined, latched)).toBe(latched.running ? "draining" : "leaving");
        expect(["draining", "leaving"]).toContain(after([...history, latched]));
      }),
    );
  });

  test("is the same a second time for the same facts", () => {
    fc.assert(
      fc.property(fc.array(anyFacts), anyFacts, (history, last) => {
        const once = after([...history, last]);
        expect(nextPhase(once, last)).toBe(once);
      }),
    );
  });
});
