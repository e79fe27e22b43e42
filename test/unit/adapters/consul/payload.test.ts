/** The body of a registration, where the contract suite cannot look: how checks are put. */
import { describe, expect, test } from "vitest";
import { registerBody } from "../../../../src/adapters/consul/payload.ts";
import type { CheckSpec, ServiceSpec } from "../../../../src/model/registration.ts";

const common = { id: "c", name: "a check", status: "critical" } as const;
const rhythm = { interval: 10_000, timeout: 1_500 };
const head = { CheckID: "c", Name: "a check", Status: "critical" };
const beat = { Interval: "10000ms", Timeout: "1500ms" };

function checkOf(check: CheckSpec): unknown {
  const service = { id: "a", name: "a", tags: [], meta: {}, address: "", port: 1, enableTagOverride: false };
  const spec: ServiceSpec = { ...service, checks: [check] };
  return (registerBody(spec) as { Checks: readonly unknown[] }).Checks[0];
}

describe("a check", () => {
  test("by TTL has its time as Go writes durations", () => {
    expect(checkOf({ ...common, probe: { kind: "ttl", ttl: 86_400_000 } })).toEqual({ ...head, TTL: "86400000ms" });
  });

  test("by TCP carries the dead-man's time and its thresholds when it has them", () => {
    const probe = { kind: "tcp", address: "10.0.0.1:80", ...rhythm } as const;
    const extra = { deregisterAfter: 3_600_000, successBeforePassing: 2, failuresBeforeCritical: 3 };
    expect(checkOf({ ...common, probe })).toEqual({ ...head, TCP: "10.0.0.1:80", ...beat });
    const more = { SuccessBeforePassing: 2, FailuresBeforeCritical: 3, DeregisterCriticalServiceAfter: "3600000ms" };
    expect(checkOf({ ...common, probe, ...extra })).toEqual({ ...head, TCP: "10.0.0.1:80", ...beat, ...more });
  });

  test("by alias names the service", () => {
    expect(checkOf({ ...common, probe: { kind: "alias", service: "a" } })).toEqual({ ...head, AliasService: "a" });
  });

  test("by HTTP carries method, headers and body", () => {
    const request = { url: "http://10.0.0.1/health", method: "POST", header: { Accept: ["a", "b"] }, body: "x" };
    const probe = { kind: "http", ...request, tlsSkipVerify: true, ...rhythm } as const;
    const fields = { HTTP: request.url, Method: "POST", Header: request.header, Body: "x", TLSSkipVerify: true };
    expect(checkOf({ ...common, probe })).toEqual({ ...head, ...fields, ...beat });
  });

  test("by gRPC carries the target and its TLS", () => {
    const probe = { kind: "grpc", target: "10.0.0.1:90/x", useTls: true, tlsSkipVerify: true, ...rhythm } as const;
    const fields = { GRPC: "10.0.0.1:90/x", GRPCUseTLS: true, TLSSkipVerify: true };
    expect(checkOf({ ...common, probe })).toEqual({ ...head, ...fields, ...beat });
  });
});
