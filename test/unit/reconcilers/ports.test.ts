/** Choosing host ports: what is asked for, what is free, and never one port twice. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Port, TaskGroup } from "../../../src/model/job.ts";
import type { AllocatedPort } from "../../../src/model/ports.ts";
import { proxyPortLabel } from "../../../src/model/sidecar.ts";
import { allocatePorts } from "../../../src/reconcilers/ports.ts";
import { aConnect, aGroup, aMeshService, anUpstream, aPort, aService } from "../../support/builders.ts";

const RANGE = { from: 20_000, to: 20_009 };
const SETTINGS = { advertise: "10.0.0.5", portRange: RANGE };

function groupOf(ports: readonly Port[], services: TaskGroup["services"] = []): TaskGroup {
  return aGroup({ network: { mode: "bridge", ports }, services });
}

function allocate(
  group: TaskGroup,
  taken: readonly number[] = [],
  random = (): number => 0,
): readonly AllocatedPort[] | undefined {
  return allocatePorts(group, SETTINGS, new Set(taken), random);
}

describe("a declared port", () => {
  const cases: readonly (readonly [string, Partial<Port>, Partial<AllocatedPort>])[] = [
    ["static: is that port, inside and outside", { static: 9002 }, { value: 9002, to: 9002 }],
    ["static with `to`: is mapped", { static: 80, to: 8080 }, { value: 80, to: 8080 }],
    ["static with `to` -1: is the same inside", { static: 80, to: -1 }, { value: 80, to: 80 }],
    ["dynamic: is chosen from the range, and the same inside", {}, { value: 20_000, to: 20_000 }],
    ["dynamic with `to`: is mapped", { to: 8080 }, { value: 20_000, to: 8080 }],
    ["dynamic with `to` -1: is the same inside", { to: -1 }, { value: 20_000, to: 20_000 }],
  ];

  test.each(cases)("%s", (_, port, expected) => {
    expect(allocate(groupOf([aPort(port)]))).toEqual([
      { label: "http", hostIp: "0.0.0.0", role: "declared", ...expected },
    ]);
  });
});

describe("a mesh service", () => {
  test("gets its sidecar's public port on the advertised address and a ready port on loopback", () => {
    expect(allocate(groupOf([], [aMeshService({ name: "api" })]))).toEqual([
      { label: "connect-proxy-api", value: 20_000, to: 20_000, hostIp: "10.0.0.5", role: "proxy" },
      { label: "remora-ready-api", value: 20_001, to: 20_001, hostIp: "127.0.0.1", role: "ready" },
    ]);
  });

  test("whose sidecar names a declared port gets that one", () => {
    const service = aService({ name: "api", connect: aConnect({}, { port: "public" }) });
    const ports = allocate(groupOf([aPort({ label: "public", static: 443 })], [service]));
    expect(proxyPortLabel(service)).toBe("public");
    expect(ports?.map(({ label, role }) => [label, role])).toEqual([
      ["public", "declared"],
      ["remora-ready-api", "ready"],
    ]);
  });

  test("is what gets ports: a plain one does not", () => {
    expect(allocate(groupOf([], [aService()]))).toEqual([]);
  });
});

describe("a dynamic port", () => {
  test("is never one that is taken, nor one that the group asks for", () => {
    const ports = allocate(groupOf([aPort({ label: "a", static: 20_001 }), aPort({ label: "b" })]), [20_000]);
    expect(ports?.map(({ value }) => value)).toEqual([20_001, 20_002]);
  });

  test("is none of those that upstreams and apps of the group listen on in its namespace", () => {
    const upstreams = [anUpstream({ localBindPort: 20_000 })];
    const service = aMeshService({ port: "20001" }, { upstreams, localServicePort: 20_002 });
    const ports = allocate(groupOf([aPort({ static: 80, to: 20_003 })], [service]));
    expect(ports?.map(({ value }) => value)).toEqual([80, 20_004, 20_005]);
  });

  test("is found at the other end of the range when chance starts at the end of it", () => {
    const ports = allocate(groupOf([aPort({ label: "a" }), aPort({ label: "b" })]), [], () => 0.999);
    expect(ports?.map(({ value }) => value)).toEqual([20_009, 20_000]);
  });

  test("is not to be had when the range is used up, and then nothing is", () => {
    const all = Array.from({ length: 10 }, (_, index) => RANGE.from + index);
    expect(allocate(groupOf([aPort()]), all)).toBeUndefined();
    expect(allocate(groupOf([aPort()]), all.slice(1))).toHaveLength(1);
  });

  test("is a free one of the range whenever there is one, whatever chance says, and no two are the same", () => {
    const taken = fc.uniqueArray(fc.integer({ min: RANGE.from, max: RANGE.to }), { maxLength: 10 });
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(taken, chance, fc.integer({ min: 1, max: 4 }), (used, random, count) => {
        const group = groupOf(Array.from({ length: count }, (_, index) => aPort({ label: `p${index}` })));
        const ports = allocate(group, used, () => random);
        expect(ports === undefined).toBe(used.length + count > 10);
        const values = (ports ?? []).map(({ value }) => value);
        expect(new Set([...values, ...used]).size).toBe(values.length + used.length);
        for (const value of values) expect(value >= RANGE.from && value <= RANGE.to).toBe(true);
      }),
    );
  });
});
