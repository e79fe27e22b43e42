/** The mark of an intention: written short, read back whole, and nobody's part of it lost. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  agentOf,
  changeOf,
  describedOwners,
  describeOwners,
  type Intention,
  isCrowded,
  isOwnedBy,
  ownerOf,
  readOwners,
  writeOwners,
} from "../../../src/model/intention.ts";

const PAIR = { source: "web", destination: "api" };
const DC1 = { instance: "remora", datacenter: "dc1" };
const ME = agentOf({ ...DC1, node: "host-1" });
const OTHER = agentOf({ ...DC1, node: "host-2" });
const [MINE, SECOND, THEIRS] = [ownerOf("shop", ME), ownerOf("blog", ME), ownerOf("shop", OTHER)];

const owners = fc.uniqueArray(
  fc
    .tuple(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }))
    .map(([job, node]) => ownerOf(job, agentOf({ ...DC1, node }))),
  { maxLength: 30 },
);

function marked(...all: readonly string[]): Intention {
  return { ...PAIR, action: "allow", owners: all };
}

/** A mark with as many owners of other nodes as it has room for. */
function fullMark(): readonly string[] {
  const all: string[] = [];
  for (let node = 0; ; node += 1) {
    const owner = ownerOf("shop", agentOf({ ...DC1, node: `node-${node}` }));
    const change = changeOf(marked(...all), owner.split(":")[1] ?? "", [owner]);
    if (change.kind !== "put") return all;
    all.push(owner);
  }
}

describe("the mark", () => {
  test("is read as the owners it was written for, whoever they are", () => {
    fc.assert(
      fc.property(owners, (all) => {
        expect(readOwners(writeOwners(all))).toEqual([...all].sort());
        expect(describedOwners(describeOwners(all))).toEqual([...all].sort());
      }),
    );
  });

  test("is the same for the same owners in any order", () => {
    expect(writeOwners([MINE, THEIRS, SECOND])).toBe(writeOwners([SECOND, MINE, THEIRS, MINE]));
  });

  test("is found in a description that people added to", () => {
    expect(describedOwners(`Ticket 12. ${describeOwners([MINE])} Ask Ann.`)).toEqual([MINE]);
  });

  test.each(["", "remora", "for the shop", "[remora", "[Remora a:b]"])("is not in %j", (text) => {
    expect(describedOwners(text)).toBeUndefined();
  });

  test("keeps words it does not know, as they are somebody's", () => {
    const words = `${writeOwners([MINE])} v2=abc what:ever:else`;
    expect(readOwners(words)).toEqual([MINE, "v2=abc", "what:ever:else"].sort());
    expect(readOwners(writeOwners(readOwners(words)))).toEqual(readOwners(words));
  });

  test("tells instances, nodes, datacenters and jobs apart", () => {
    const who = { instance: "a", node: "b", datacenter: "c" };
    const agents = [who, { ...who, instance: "ab", node: "" }, { ...who, node: "bc" }, { ...who, datacenter: "dc2" }];
    const all = [...agents.map((each) => ownerOf("job", agentOf(each))), ownerOf("another job", agentOf(who))];
    expect(new Set(all).size).toBe(all.length);
    expect([isOwnedBy(MINE, ME), isOwnedBy(THEIRS, ME)]).toEqual([true, false]);
  });

  test("has room for one job on 60 nodes", () => {
    expect(fullMark().length).toBeGreaterThanOrEqual(60);
    expect(describeOwners(fullMark()).length).toBeLessThanOrEqual(512);
  });
});

describe("what is done about a pair", () => {
  test("that is not there: it is made for those who need it, and not otherwise", () => {
    expect(changeOf(undefined, ME, [MINE])).toEqual({ kind: "put", owners: [MINE] });
    expect(changeOf(undefined, ME, [])).toEqual({ kind: "none" });
  });

  test("that others own: they stay in, whether one enters or leaves", () => {
    expect(changeOf(marked(THEIRS), ME, [MINE])).toEqual({ kind: "put", owners: [MINE, THEIRS].sort() });
    expect(changeOf(marked(MINE, SECOND, THEIRS), ME, [SECOND])).toEqual({
      kind: "put",
      owners: [SECOND, THEIRS].sort(),
    });
    expect(changeOf(marked(MINE, THEIRS), ME, [])).toEqual({ kind: "put", owners: [THEIRS] });
    expect(changeOf(marked(THEIRS), ME, [])).toEqual({ kind: "none" });
  });

  test("whose last owner leaves: it is deleted", () => {
    expect(changeOf(marked(MINE, SECOND), ME, [])).toEqual({ kind: "delete" });
  });

  test("that is as it should be: nothing, in whatever order its owners are", () => {
    expect(changeOf(marked(THEIRS, MINE), ME, [MINE])).toEqual({ kind: "none" });
    expect(changeOf(marked(MINE, THEIRS), ME, [MINE])).toEqual({ kind: "none" });
  });

  test.each(["allow", "deny", ""])("that is not marked and says %j: nothing", (action) => {
    expect(changeOf({ ...PAIR, action }, ME, [MINE])).toEqual({ kind: "none" });
    expect(changeOf({ ...PAIR, action }, ME, [])).toEqual({ kind: "none" });
  });

  test("that is marked and denied: it is allowed again by those who need it, and by nobody else", () => {
    expect(changeOf({ ...marked(MINE), action: "deny" }, ME, [MINE])).toEqual({ kind: "put", owners: [MINE] });
    expect(changeOf({ ...marked(THEIRS), action: "deny" }, ME, [])).toEqual({ kind: "none" });
  });

  test("whose mark names nobody: it is left to whoever needs it", () => {
    expect(changeOf(marked(), ME, [])).toEqual({ kind: "none" });
    expect(changeOf(marked(), ME, [MINE])).toEqual({ kind: "put", owners: [MINE] });
  });

  test("whose mark is full: it is used as it is, put right if it is denied, and entered when there is room", () => {
    const full = fullMark();
    expect(changeOf(marked(...full), ME, [MINE])).toEqual({ kind: "none" });
    expect(isCrowded(marked(...full), ME, [MINE])).toBe(true);
    const denied = { ...marked(...full), action: "deny" };
    expect(changeOf(denied, ME, [MINE])).toEqual({ kind: "put", owners: [...full].sort() });
    const less = full.slice(1);
    expect(changeOf(marked(...less), ME, [MINE])).toEqual({ kind: "put", owners: [...less, MINE].sort() });
    expect(isCrowded(marked(...less), ME, [MINE])).toBe(false);
  });

  test("never drops nor adds another agent's part, and leaves exactly mine", () => {
    fc.assert(
      fc.property(owners, fc.subarray([MINE, SECOND]), fc.subarray([MINE, SECOND]), (others, before, mine) => {
        const there = [...others, ...before];
        const change = changeOf(there.length === 0 ? undefined : marked(...there), ME, mine);
        const after = change.kind === "put" ? change.owners : change.kind === "delete" ? [] : there;
        expect([...after].sort()).toEqual([...others, ...mine].sort());
      }),
    );
  });
});
