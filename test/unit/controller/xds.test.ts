/** How Envoy is run and where it finds xDS, and what is said when it cannot be. */
import { describe, expect, test } from "vitest";
import { type GivenEnvoy, xdsOf } from "../../../src/controller/xds.ts";
import type { MeshInfo } from "../../../src/ports/mesh.ts";
import { aMeshInfo } from "../../support/builders.ts";

const GIVEN: GivenEnvoy = {
  envoyImage: "envoyproxy/envoy:v${NOMAD_envoy_version}",
  envoyLogLevel: "info",
  envoyConcurrency: 1,
  consulAddress: "http://127.0.0.1:8500",
};

const CONSUL = aMeshInfo();

describe("xDS", () => {
  test("is at the agent's own host, at the port it names, through the relay", () => {
    const { envoy, grpc } = xdsOf(GIVEN, CONSUL, {});
    expect(grpc).toBe("http://127.0.0.1:8502");
    expect(envoy).toEqual({
      consulVersion: "1.16.4",
      version: "1.26.6",
      supported: ["1.26.6", "1.25.11"],
      image: GIVEN.envoyImage,
      logLevel: "info",
      concurrency: 1,
    });
  });

  test("is where the operator says", () => {
    const given = { ...GIVEN, consulGrpcAddress: "127.0.0.1:18502" };
    expect(xdsOf(given, CONSUL, {}).grpc).toBe("http://127.0.0.1:18502");
  });

  test("is reached without the relay where groups reach Consul themselves", () => {
    const { envoy, grpc } = xdsOf({ ...GIVEN, consulForGroups: "http://10.0.0.9:8500" }, CONSUL, {});
    expect(grpc).toBeUndefined();
    expect(envoy.direct).toEqual({ address: "10.0.0.9", port: 8502 });
    const named = { ...GIVEN, consulForGroups: "http://10.0.0.9:8500", consulGrpcAddress: "[fd00::1]:8502" };
    expect(xdsOf(named, CONSUL, {}).envoy.direct).toEqual({ address: "fd00::1", port: 8502 });
  });

  test("is spoken over TLS with the authority that was given", () => {
    const tls = { ...CONSUL, grpc: { port: 8503, tls: true } };
    expect(xdsOf(GIVEN, tls, { pem: "PEM" }).envoy).toMatchObject({ ca: "PEM" });
    expect(xdsOf(GIVEN, tls, { pem: "PEM" }).envoy.problem).toBeUndefined();
  });
});

describe("the port of xDS", () => {
  const both = { ...CONSUL, grpc: { port: 8502, tls: false, tlsPort: 8503 } };

  test("is the one that speaks TLS when an authority was given, else the plain one", () => {
    expect(xdsOf(GIVEN, both, { pem: "PEM" }).grpc).toBe("http://127.0.0.1:8503");
    expect(xdsOf(GIVEN, both, {}).grpc).toBe("http://127.0.0.1:8502");
  });

  test("is the only one of a Consul before 1.14, which may speak TLS at it", () => {
    const old = { ...CONSUL, version: "1.13.9" };
    expect(xdsOf(GIVEN, old, { pem: "PEM" })).toMatchObject({ grpc: "http://127.0.0.1:8502", envoy: { ca: "PEM" } });
    expect(xdsOf(GIVEN, old, { pem: "PEM" }).envoy.problem).toBeUndefined();
  });

  test("that should speak TLS and is not there is told of, and so is an authority that cannot be read", () => {
    expect(xdsOf(GIVEN, CONSUL, { pem: "PEM" }).envoy.problem).toMatch(/ports \{ grpc_tls = 8503 \}/);
    expect(xdsOf(GIVEN, CONSUL, { problem: "it cannot be read" }).envoy.problem).toBe("it cannot be read");
  });
});

describe("what is missing is told with the mend, and where it is", () => {
  const { grpc: _, ...off } = CONSUL;
  const cases: readonly (readonly [string, GivenEnvoy, MeshInfo, RegExp])[] = [
    ["gRPC is off", GIVEN, off, /gRPC is off .* set ports \{ grpc = 8502 \} .* --proxy=consul/],
    ["xDS over TLS only", GIVEN, { ...CONSUL, grpc: { port: 8503, tls: true } }, /--consul-grpc-ca-file/],
    ["no supported Envoy", GIVEN, { ...CONSUL, envoys: [] }, /Consul 1\.16\.4 .* --envoy-image/],
    ["a unix socket", { ...GIVEN, consulAddress: "unix:///c.sock" }, CONSUL, /--consul-grpc-address/],
  ];
  test.each(cases)("%s", (_name, given, consul, sentence) => {
    expect(xdsOf(given, consul, {}).envoy.problem).toMatch(sentence);
  });

  test("unless the operator's word stands for it", () => {
    const image = { ...GIVEN, envoyImage: "envoyproxy/envoy:v1.26.6" };
    expect(xdsOf(image, { ...CONSUL, envoys: [] }, {}).envoy.problem).toBeUndefined();
    const address = { ...GIVEN, consulGrpcAddress: "127.0.0.1:8502" };
    expect(xdsOf(address, off, {}).envoy.problem).toBeUndefined();
  });
});
