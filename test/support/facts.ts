/** Facts about a service instance: those of a serving one, and any that chance comes up with. */
import * as fc from "fast-check";
import type { ServiceFacts } from "../../src/machines/service.ts";

/** Of a service that serves, unless said otherwise. */
export function theFacts(over: Partial<ServiceFacts> = {}): ServiceFacts {
  return {
    wanted: true,
    mesh: true,
    exists: true,
    namespace: true,
    identity: true,
    registered: "open",
    sidecar: true,
    tasks: true,
    app: true,
    answers: true,
    maintenance: false,
    running: true,
    ...over,
  };
}

export const NOTHING: Partial<ServiceFacts> = {
  exists: false,
  namespace: false,
  identity: false,
  registered: "absent",
  sidecar: false,
  tasks: false,
  app: false,
  answers: false,
  running: false,
};

export const anyFacts: fc.Arbitrary<ServiceFacts> = fc.record({
  wanted: fc.boolean(),
  mesh: fc.boolean(),
  exists: fc.boolean(),
  namespace: fc.boolean(),
  identity: fc.boolean(),
  registered: fc.constantFrom("absent", "gated", "open"),
  sidecar: fc.boolean(),
  tasks: fc.boolean(),
  app: fc.boolean(),
  answers: fc.boolean(),
  maintenance: fc.boolean(),
  running: fc.boolean(),
});

/** Of an allocation that is to live and whose latch is not set. */
export const livingFacts = anyFacts.map((facts): ServiceFacts => ({ ...facts, wanted: true, maintenance: false }));
