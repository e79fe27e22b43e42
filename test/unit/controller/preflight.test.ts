/** From what was found to conditions: each failure one sentence with its mend, and nothing claimed of what could not be looked at. */
import { describe, expect, test } from "vitest";
import { judge } from "../../../src/controller/preflight.ts";
import { PASSED, verdictFindings } from "../../../src/controller/verdict.ts";
import { READ_AGENT, rightsFor } from "../../../src/model/policy.ts";
import type { Finding } from "../../../src/model/status.ts";
import { AMISS, CHOSEN, CONSUL, NOTED, PLACE, refusal, WELL } from "../../support/preflight.ts";

function failing(findings: readonly Finding[]): Readonly<Record<string, string>> {
  return Object.fromEntries(findings.filter(({ ok }) => !ok).map(({ name, message }) => [name, message]));
}

function noted(findings: readonly Finding[]): readonly string[] {
  return findings.filter(({ note }) => note).map(({ name }) => name);
}

function named(findings: readonly Finding[], name: string): Finding | undefined {
  return findings.find((finding) => finding.name === name);
}

test("where all is well, every condition holds and none is worth a word", () => {
  const findings = [...judge(WELL, CHOSEN), ...verdictFindings(PASSED, PLACE)];
  expect(failing(findings)).toEqual({});
  expect(noted(findings)).toEqual([]);
  expect(findings.map(({ name }) => name)).toEqual([
    "consul",
    "consul-version",
    "connect",
    "acl",
    "grpc",
    "envoys",
    "token",
    "docker",
    "advertise",
    "reachability",
    "isolation",
  ]);
});

/** The condition that does not hold, and a part of the mend that it names. */
const MENDS: Readonly<Record<keyof typeof AMISS, readonly (readonly [string, string])[]>> = {
  "Consul does not answer": [["consul", "is the agent running there?"]],
  "Consul is too old": [["consul", "Consul 1.7.14 is too old: upgrade it to 1.8 or later"]],
  "Connect is off": [["connect", "set connect { enabled = true } on Consul's servers"]],
  "ACLs were switched on while Remora ran": [["acl", "Remora starts over with that"]],
  "gRPC is off, and the proxy is Envoy": [["grpc", "set ports { grpc = 8502 }"]],
  "Consul was upgraded past the Envoy of the sidecars": [
    ["envoys", "Envoy 1.26.6, which sidecars get: Remora starts over"],
  ],
  "the token lacks a rule": [["token", 'lacks acl = "write": add that to its policy']],
  "no token was given, and ACLs are on": [["token", 'was given no Consul token: give one that has acl = "write"']],
  "Consul does not know the token": [["token", "give a valid one with --consul-token-file"]],
  "Docker does not answer": [["docker", "is Docker running, and is DOCKER_HOST right?"]],
  "Docker is too old": [["docker", "Docker 19.03.15 offers no API version later than 1.40"]],
  "the advertised address is not this host's": [["advertise", "give an address of this host with --advertise"]],
  "Docker runs without its userland proxy": [["reachability", '"userland-proxy": true']],
  "bridged traffic is not filtered": [["isolation", "sysctl net.bridge.bridge-nf-call-iptables=1"]],
  "the self-test cannot be made": [
    ["reachability", "no space left on device"],
    ["isolation", "no space left on device"],
  ],
};

describe("the condition that fails where", () => {
  test.each(Object.keys(AMISS))("%s is the only one, and names the mend", (what) => {
    const found = failing(AMISS[what] ?? []);
    const wanted = MENDS[what] ?? [];
    expect(Object.keys(found)).toEqual(wanted.map(([name]) => name));
    for (const [name, mend] of wanted) expect(found[name]).toContain(mend);
    for (const message of Object.values(found)) expect(message).not.toMatch(/\n|\.$/);
  });
});

test.each([
  ["ACLs are off", ["acl"]],
  ["the version of Consul has known holes", ["consul-version"]],
  ["Envoy gets its configuration elsewhere", ["grpc"]],
  ["the self-test waits", ["advertise", "reachability", "isolation"]],
])("where %s, nothing fails and %j say so", (what, names) => {
  expect(failing(NOTED[what] ?? [])).toEqual({});
  expect(noted(NOTED[what] ?? [])).toEqual(names);
});

describe("the token", () => {
  test("is told every rule it lacks, as it stands in a policy", () => {
    const rights = rightsFor({ intentions: "upstreams" });
    expect(rights.map(({ resource }) => resource)).toEqual(["acl", "agent", "node", "service", "intention"]);
    const { token } = failing(judge({ ...WELL, lacking: rights }, CHOSEN));
    for (const { rule } of rights) expect(token).toContain(rule);
  });

  test("that may not ask who the agent is lacks that rule, once, and Consul answers", () => {
    const facts = { ...WELL, consul: refusal("forbidden", "Permission denied", "never"), lacking: [READ_AGENT] };
    const findings = judge(facts, CHOSEN);
    expect(failing(findings)).toEqual({
      token: `Remora's own Consul token lacks ${READ_AGENT.rule}: add that to its policy`,
    });
    expect(named(findings, "consul")?.ok).toBe(true);
  });

  test("that was never given, while ACLs are switched on: both are told, and no rule is asked of everybody's policy", () => {
    const facts = { ...WELL, consul: refusal("forbidden", "Permission denied", "never"), lacking: [READ_AGENT] };
    const found = failing(judge(facts, { aclsEnabled: false, anonymous: true }));
    expect(found["acl"]).toContain("switched on meanwhile");
    expect(found["token"]).toMatch(/was given no Consul token: give one .* --consul-token-file$/);
  });

  test("is not judged when Consul cannot be asked, nor is anything else of Consul", () => {
    const away = refusal("timeout", "Consul did not answer in time");
    const findings = judge({ ...WELL, consul: away, lacking: away }, CHOSEN);
    expect(findings.map(({ name }) => name)).toEqual(["consul", "docker"]);
  });
});

test("only the holes that a version has are told", () => {
  const holes = (version: string): string =>
    named(judge({ ...WELL, consul: { ...CONSUL, version } }, CHOSEN), "consul-version")?.message ?? "";
  expect(holes("1.8.7")).toMatch(/before 1\.15.*before 1\.13/);
  expect(holes("1.14.0+ent")).toMatch(/before 1\.15/);
  expect(holes("1.14.0+ent")).not.toMatch(/before 1\.13/);
  expect(holes("1.15.0")).not.toMatch(/before/);
});

test("Docker is asked for API 1.41, compared by numbers", () => {
  const docker = (apiVersion: string): boolean | undefined =>
    named(judge({ ...WELL, engine: { name: "", version: "", apiVersion } }, CHOSEN), "docker")?.ok;
  expect(["1.9", "1.40", "1.41", "1.100", "2.0"].map(docker)).toEqual([false, false, true, true, true]);
});
