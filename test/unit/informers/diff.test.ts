/** The keys that a new reading wakes. */
import { describe, expect, test } from "vitest";
import { changedGroups } from "../../../src/informers/diff.ts";
import { groupKey } from "../../../src/model/keys.ts";
import type { Container } from "../../../src/model/container.ts";
import { aContainer, aRef } from "../../support/builders.ts";

const API = groupKey("shop", "api");
const WEB = groupKey("shop", "web");

const ofApi = aContainer({ id: "1" });
const ofWeb = aContainer({ id: "2", ref: aRef({ group: "web" }) });

function woken(before: readonly Container[] | undefined, after: readonly Container[]): readonly string[] {
  return changedGroups(before, after, ({ id }) => id);
}

describe("a reading wakes", () => {
  test("every group in it when it is the first", () => {
    expect(woken(undefined, [ofApi, ofWeb])).toEqual([API, WEB]);
  });

  test("nobody when nothing differs, in whatever order things are listed and fields are set", () => {
    const { id, ...rest } = ofApi;
    expect(woken([ofApi, ofWeb], [ofWeb, { ...rest, id }])).toEqual([]);
  });

  test("the groups of what came, went or changed, each once", () => {
    expect(woken([ofApi], [ofApi, ofWeb])).toEqual([WEB]);
    expect(woken([ofApi, ofWeb], [ofWeb])).toEqual([API]);
    expect(woken([ofApi, ofWeb], [{ ...ofApi, state: "exited" }, ofWeb, aContainer({ id: "3" })])).toEqual([API]);
  });

  test("nobody for what belongs to no group", () => {
    const { ref: _, ...relay } = aContainer({ id: "relay", role: "relay" });
    expect(woken([], [relay])).toEqual([]);
  });
});
