/** Labels, ports and keys: what is written can be read again, and what is not Remora's is not taken for it. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GROUND_KEY, groupKey, intentionsKey, parseKey } from "../../../src/model/keys.ts";
import { allocLabels, instanceLabels, LABEL, refOf, roleOf } from "../../../src/model/labels.ts";
import { type AllocatedPort, readPorts, readyPortLabel, writePorts } from "../../../src/model/ports.ts";
import { seenIn, type Step, subjectOf } from "../../../src/model/step.ts";
import { aRef } from "../../support/builders.ts";

const name = fc.string({ unit: "binary", minLength: 1 });
const refs = fc.record({ job: name, group: name, index: fc.nat(1_000), alloc: fc.uuid() });

describe("the labels of an allocation", () => {
  test("are read as the allocation they were written for, whatever its names", () => {
    fc.assert(
      fc.property(refs, (ref) => {
        expect(refOf(allocLabels("remora", ref))).toEqual(ref);
      }),
    );
  });

  test.each([LABEL.job, LABEL.group, LABEL.alloc, LABEL.index])("name no allocation without %s", (label) => {
    const { [label]: _, ...rest } = { ...allocLabels("remora", aRef()) };
    expect(refOf(rest)).toBeUndefined();
  });

  test("name no allocation with an index that is no number", () => {
    expect(refOf({ ...allocLabels("remora", aRef()), [LABEL.index]: "first" })).toBeUndefined();
  });

  test("of the instance alone name no allocation", () => {
    expect(refOf(instanceLabels("remora"))).toBeUndefined();
  });
});

describe("a role", () => {
  test("is one that this version knows, else none", () => {
    expect(roleOf({ [LABEL.role]: "sidecar" })).toBe("sidecar");
    expect(roleOf({ [LABEL.role]: "gateway" })).toBeUndefined();
    expect(roleOf({})).toBeUndefined();
  });
});

const port: fc.Arbitrary<AllocatedPort> = fc.record({
  label: name,
  value: fc.integer({ min: 1, max: 65_535 }),
  to: fc.integer({ min: 1, max: 65_535 }),
  hostIp: fc.ipV4(),
  role: fc.constantFrom("declared", "proxy", "ready"),
});

describe("the label of ports", () => {
  test("is read as the ports it was written for", () => {
    fc.assert(
      fc.property(fc.array(port), (ports) => {
        expect(readPorts(writePorts(ports))).toEqual(ports);
      }),
    );
  });

  test.each(["", "{", "{}", "null", "[1]", '[["a",1,1,"ip"]]', '[["a","1",1,"ip","proxy"]]', '[["a",1,1,"ip","x"]]'])(
    "is no list of ports when it says %s",
    (text) => {
      expect(readPorts(text)).toBeUndefined();
    },
  );

  test("keeps the ready port of a service apart from its public one", () => {
    expect(readyPortLabel("api")).not.toBe("connect-proxy-api");
  });
});

describe("a key of the work queue", () => {
  test("is read as the group it was made for, whatever the names", () => {
    const wellFormed = name.filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(wellFormed, wellFormed, (job, group) => {
        expect(parseKey(groupKey(job, group))).toEqual({ kind: "group", job, group });
      }),
    );
  });

  test("is read as the destination it was made for, whatever the name", () => {
    fc.assert(
      fc.property(
        name.filter((text) => text.isWellFormed()),
        (destination) => {
          expect(parseKey(intentionsKey(destination))).toEqual({ kind: "intentions", destination });
        },
      ),
    );
  });

  test("of two groups is never the same", () => {
    expect(groupKey("a/b", "c")).not.toBe(groupKey("a", "b/c"));
    expect(groupKey("ground", "ground")).not.toBe(GROUND_KEY);
  });

  test("is the ground's, or a defect", () => {
    expect(parseKey(GROUND_KEY)).toEqual({ kind: "ground" });
    expect(() => parseKey("job/group")).toThrow("not a work key: job/group");
    expect(() => parseKey("group/only")).toThrow("not a work key");
  });
});

describe("a step", () => {
  const steps: readonly Step[] = [
    { kind: "deregister", id: "s" },
    { kind: "enable-maintenance", id: "s", reason: "r" },
    { kind: "delete-token", accessor: "s" },
    { kind: "remove-volume", name: "s" },
    { kind: "signal", container: "c", name: "s", signal: "SIGTERM" },
    { kind: "hold-intention", pair: { source: "s", destination: "d" }, owners: [] },
  ];

  test("is seen in the source that holds what it changes", () => {
    expect(steps.map(seenIn)).toEqual(["registrations", "registrations", "tokens", "runtime", "runtime", "intentions"]);
  });

  test("is told by what it is about", () => {
    expect(steps.map(subjectOf)).toEqual(["s", "s", "s", "s", "s", "s -> d"]);
  });
});
