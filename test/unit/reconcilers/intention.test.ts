/** Which intentions have to change: what is needed is entered, what nobody here needs any more is left. */
import { describe, expect, test } from "vitest";
import { agentOf, ownerOf } from "../../../src/model/intention.ts";
import type { Intention } from "../../../src/model/intention.ts";
import { type IntentionView, planIntentions } from "../../../src/reconcilers/intention.ts";

const ME = agentOf({ instance: "remora", node: "host-1", datacenter: "dc1" });
const MINE = ownerOf("shop", ME);
const SECOND = ownerOf("blog", ME);
const THEIRS = ownerOf("shop", agentOf({ instance: "remora", node: "host-2", datacenter: "dc1" }));
const PAIR = { source: "web", destination: "api" };

function plan(over: Partial<IntentionView>): ReturnType<typeof planIntentions> {
  return planIntentions({ agent: ME, needs: [], stays: () => false, intentions: [], ...over });
}

function marked(...owners: readonly string[]): Intention {
  return { ...PAIR, action: "allow", owners };
}

describe("a pair", () => {
  test("that is needed and not there is held", () => {
    const { steps } = plan({ needs: [{ pair: PAIR, owners: [MINE] }] });
    expect(steps).toEqual([{ kind: "hold-intention", pair: PAIR, owners: [MINE] }]);
  });

  test("that is needed and held asks for nothing", () => {
    expect(plan({ needs: [{ pair: PAIR, owners: [MINE] }], intentions: [marked(MINE, THEIRS)] }).steps).toEqual([]);
  });

  test("that somebody decided on asks for nothing, whether it is needed or not", () => {
    const intentions = [{ ...PAIR, action: "deny" }];
    expect(plan({ needs: [{ pair: PAIR, owners: [MINE] }], intentions }).steps).toEqual([]);
    expect(plan({ intentions }).steps).toEqual([]);
  });

  test("that is needed no more is left to its other owners", () => {
    expect(plan({ intentions: [marked(MINE, THEIRS)] }).steps).toEqual([
      { kind: "hold-intention", pair: PAIR, owners: [] },
    ]);
  });

  test("of others is nobody's business here", () => {
    expect(plan({ intentions: [marked(THEIRS), { ...marked(THEIRS), source: "x", action: "deny" }] }).steps).toEqual(
      [],
    );
  });

  test("keeps an owner that is to stay, and loses one that is not", () => {
    const intentions = [marked(MINE, SECOND)];
    expect(plan({ intentions, stays: (owner) => owner === MINE }).steps).toEqual([
      { kind: "hold-intention", pair: PAIR, owners: [MINE] },
    ]);
    expect(plan({ intentions, stays: () => true }).steps).toEqual([]);
  });

  test("is one step, however many jobs come and go in it", () => {
    const steps = plan({ needs: [{ pair: PAIR, owners: [SECOND] }], intentions: [marked(MINE, THEIRS)] }).steps;
    expect(steps).toEqual([{ kind: "hold-intention", pair: PAIR, owners: [SECOND] }]);
  });
});

test("names of services that would run into each other stay apart", () => {
  const needs = [
    { pair: { source: "a", destination: "b-c" }, owners: [MINE] },
    { pair: { source: "a-b", destination: "c" }, owners: [MINE] },
  ];
  expect(plan({ needs }).steps).toHaveLength(2);
});
