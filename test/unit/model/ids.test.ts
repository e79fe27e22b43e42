/** Names that follow from what they name. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocId, canonicalJson, hashOf, tokenAccessor, uuidOf, type AllocIdentity } from "../../../src/model/ids.ts";

const UUID_V5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const parts = fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 5 });

describe("a UUID made from parts", () => {
  test("carries version 5 and the variant of RFC 9562, whatever the parts", () => {
    fc.assert(
      fc.property(parts, (list) => {
        expect(uuidOf(...list)).toMatch(UUID_V5);
      }),
    );
  });

  test("is the same for the same parts, and another for any other list of parts", () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(uuidOf(...one) === uuidOf(...other)).toBe(canonicalJson(one) === canonicalJson(other));
      }),
    );
  });

  test("knows where one part ends and the next begins", () => {
    const lists = [["a", "b"], ["ab"], ["a", "b", ""], ['a","b'], ["a,b"]];
    expect(new Set(lists.map((list) => uuidOf(...list))).size).toBe(lists.length);
  });

  test("never changes from one version of Remora to the next", () => {
    expect(uuidOf("alloc", 1)).toBe("d86890b0-fcc3-5c9f-9564-bd1573d1873d");
  });
});

describe("the id of an allocation", () => {
  const identity: AllocIdentity = {
    instance: "remora",
    node: "host-1",
    job: "shop",
    group: "api",
    index: 0,
    revision: "r1",
    attempt: 0,
  };

  test("differs when any one thing it is made of differs", () => {
    const others: readonly Partial<AllocIdentity>[] = [
      { instance: "other" },
      { node: "host-2" },
      { job: "shop2" },
      { group: "web" },
      { index: 1 },
      { revision: "r2" },
      { attempt: 1 },
    ];
    const ids = [identity, ...others.map((other) => ({ ...identity, ...other }))].map(allocId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("is no accessor of a token, whose generations differ from each other", () => {
    const accessors = [tokenAccessor("a", "api", 0), tokenAccessor("a", "api", 1), tokenAccessor("a", "web", 0)];
    expect(new Set([...accessors, allocId(identity)]).size).toBe(4);
  });
});

describe("canonical JSON", () => {
  test("does not know in which order keys were set, at any depth", () => {
    expect(canonicalJson({ b: { d: 1, c: [{ f: 1, e: 2 }] }, a: 0 })).toBe('{"a":0,"b":{"c":[{"e":2,"f":1}],"d":1}}');
  });

  test("leaves out what is undefined, and keeps null", () => {
    expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
  });

  test("keeps the order of lists", () => {
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });

  test("says what the value says, and is its own canonical form", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(JSON.parse(text)).toEqual(plain);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe("a short hash", () => {
  test("is as long as asked for and does not know the order of keys", () => {
    expect(hashOf({ a: 1, b: 2 }, 10)).toMatch(/^[0-9a-f]{10}$/);
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: 2 }));
  });
});
