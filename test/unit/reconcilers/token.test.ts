/** Identities: minted once per generation, renewed when they vanish, and deleted only when nothing uses them. */
import { describe, expect, test } from "vitest";
import { tokenAccessor } from "../../../src/model/ids.ts";
import { LABEL } from "../../../src/model/labels.ts";
import { META } from "../../../src/model/registration.ts";
import { currentToken, needsIdentity, planToken } from "../../../src/reconcilers/token.ts";
import type { AllocView } from "../../../src/reconcilers/view.ts";
import {
  ALLOC,
  aMeshService,
  aRef,
  aRegistration,
  aService,
  aSettings,
  aSidecarContainer,
  aToken,
  aView,
  byId,
} from "../../support/builders.ts";

const service = aMeshService();
const plan = (over: Partial<AllocView>): ReturnType<typeof planToken> => planToken(aView(over), [service]);

function traces(generation: number): Pick<AllocView, "registrations" | "sidecars"> {
  const text = String(generation);
  return {
    registrations: byId(aRegistration({ meta: { [META.generation]: text } })),
    sidecars: new Map([["api", aSidecarContainer("api", { labels: { [LABEL.generation]: text } })]]),
  };
}

describe("the token of a mesh service", () => {
  test("is minted with an accessor that is known before", () => {
    expect(plan({}).steps).toEqual([
      {
        kind: "mint-token",
        token: { accessor: tokenAccessor(ALLOC, "api", 0), ref: aRef(), service: "api", generation: 0 },
      },
    ]);
  });

  test("is left alone when it is there", () => {
    expect(plan({ tokens: [aToken()] }).steps).toEqual([]);
  });

  test("that vanished is minted in the next generation, never under an accessor that was used", () => {
    for (const trace of [{ registrations: traces(4).registrations }, { sidecars: traces(4).sidecars }]) {
      expect(plan(trace).steps).toMatchObject([{ kind: "mint-token", token: { generation: 5 } }]);
    }
  });

  test("is the one of the highest generation", () => {
    const tokens = [aToken({ generation: 1 }), aToken({ generation: 3 }), aToken({ generation: 2 })];
    expect(currentToken({ tokens }, "api")?.generation).toBe(3);
    expect(currentToken({ tokens }, "other")).toBeUndefined();
  });

  test("of an older generation is deleted once registration and sidecar use the newer one, and not before", () => {
    const tokens = [aToken({ accessor: "old" }), aToken({ accessor: "new", generation: 1 })];
    expect(plan({ tokens, ...traces(0) }).steps).toEqual([]);
    expect(plan({ tokens, registrations: traces(1).registrations, sidecars: traces(0).sidecars }).steps).toEqual([]);
    expect(plan({ tokens, ...traces(1) }).steps).toEqual([{ kind: "delete-token", accessor: "old" }]);
  });
});

test("only mesh services have an identity, and only with ACLs", () => {
  const off = aSettings({ aclsEnabled: false });
  expect(needsIdentity(aView(), service)).toBe(true);
  expect(needsIdentity(aView(), aService())).toBe(false);
  expect(needsIdentity(aView({ settings: off }), service)).toBe(false);
  expect(planToken(aView({ settings: off }), [service]).steps).toEqual([]);
});
