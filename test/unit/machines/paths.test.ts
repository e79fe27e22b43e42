/** The chart by its paths: every state can be reached, and stepping through it agrees with `nextPhase`. */
import { getShortestPaths } from "xstate/graph";
import { describe, expect, test } from "vitest";
import { DUE, DUE_WITHOUT_SERVICE } from "../../../src/machines/due.ts";
import { nextPhase, type ServiceFacts, serviceChart } from "../../../src/machines/service.ts";
import { type Phase, PHASES } from "../../../src/model/status.ts";
import { NOTHING, theFacts } from "../../support/facts.ts";

/** States that only sort: the machine never rests in them. */
const SORTERS = ["sorting", "going"];

const sightings: readonly Partial<ServiceFacts>[] = [
  NOTHING,
  { registered: "absent", identity: false },
  { registered: "absent" },
  { registered: "gated", sidecar: false },
  { registered: "gated", tasks: false },
  {},
  { tasks: false },
  { maintenance: true },
  { wanted: false, running: false },
];

const paths = getShortestPaths(serviceChart, {
  input: theFacts(NOTHING),
  events: sightings.map((seen) => ({ type: "OBSERVED" as const, facts: theFacts(seen) })),
  serializeState: (state) => state.value,
});

describe("the chart", () => {
  test("can reach every one of its states", () => {
    const reached = paths.map(({ state }) => state.value).sort();
    const states = Object.keys(serviceChart.states).filter((name) => !SORTERS.includes(name));
    expect(reached).toEqual(states.sort());
  });

  test("has the phases of the status for states", () => {
    const states = Object.keys(serviceChart.states).filter((name) => !SORTERS.includes(name));
    expect(states.sort()).toEqual([...PHASES].sort());
  });

  test("says of every state what it means", () => {
    for (const node of Object.values(serviceChart.states)) expect(node.description, node.key).toBeTruthy();
  });

  test.each(paths.map((path) => [path.state.value, path] as const))(
    "ends in %s where the phases that the controller keeps end",
    (value, { steps }) => {
      const history = steps.map(({ event }) => ("facts" in event ? event.facts : theFacts(NOTHING)));
      expect(history.reduce<Phase | undefined>(nextPhase, undefined)).toBe(value);
    },
  );
});

describe("the table of what is due", () => {
  const concerns = ["namespace", "token", "registration", "sidecar", "task", "drain", "removal"];

  test("has a row for every phase, and in each something is due", () => {
    expect(Object.keys(DUE).sort()).toEqual([...PHASES].sort());
    for (const row of Object.values(DUE)) expect(row.length).toBeGreaterThan(0);
  });

  test("leaves no reconciler without work", () => {
    expect([...new Set(Object.values(DUE).flat())].sort()).toEqual([...concerns].sort());
  });

  test("never registers what is on its way out, which would end its maintenance mode", () => {
    expect([...DUE.draining, ...DUE.leaving]).not.toContain("registration");
  });

  test("keeps the order in which an allocation is made", () => {
    for (const row of [...Object.values(DUE), DUE_WITHOUT_SERVICE]) {
      expect(row).toEqual(concerns.filter((concern) => row.some((due) => due === concern)));
    }
  });
});
