/** The mark in a token's description. */
import { assert, nat, property, record, string } from "fast-check";
import { describe as group, expect, test } from "vitest";
import { describe, markOf } from "../../../../src/adapters/consul/token-mark.ts";

const text = string({ unit: "grapheme" });
const count = nat({ max: 999_999_999 });
const ref = record({ job: text, group: text, index: count, alloc: text });
const mark = record({ instance: text, node: text, ref, service: text, generation: count });

const PLAIN = "remora instance=remora node=host job=shop group=api index=0 alloc=1f service=api generation=2";

group("a token's mark", () => {
  test("is one line that a person can read", () => {
    const ref = { job: "shop", group: "api", index: 0, alloc: "1f" };
    expect(describe({ instance: "remora", node: "host", ref, service: "api", generation: 2 })).toBe(PLAIN);
  });

  test("comes back as it was, whatever the names are", () => {
    assert(
      property(mark, (one) => {
        const line = describe(one);
        expect(line).not.toMatch(/[\n\r]/);
        expect(markOf(line)).toEqual(one);
      }),
    );
  });

  test.each([
    ["another word before it", `x${PLAIN}`],
    ["something after it", `${PLAIN} x=1`],
    ["a line after it", `${PLAIN}\n`],
    ["another order", PLAIN.replace("instance=remora node=host", "node=host instance=remora")],
    ["a key missing", PLAIN.replace(" service=api", "")],
    ["a number that is none", PLAIN.replace("index=0", "index=zero")],
    ["a negative number", PLAIN.replace("generation=2", "generation=-2")],
    ["a leading zero", PLAIN.replace("generation=2", "generation=02")],
    ["a wrong escape", PLAIN.replace("job=shop", "job=%zz")],
    ["an escape that need not be", PLAIN.replace("job=shop", "job=%73hop")],
    ["Nomad's description", "_nomad_si [1f] [task] [service]"],
    ["nothing", ""],
  ])("is not seen in a description with %s", (_, line) => {
    expect(markOf(line)).toBeUndefined();
  });
});
