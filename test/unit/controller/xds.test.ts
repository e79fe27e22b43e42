/** How Envoy is run and where it finds xDS, and what is said when it cannot be. */
import { describe, expect, test } from "vitest";
import { type GivenEnvoy, xdsOf } from "../../../src/controller/xds.ts";
import type { MeshInfo } from "../../../src/ports/mesh.ts";

const GIVEN: GivenEnvoy = {
  envoyImage: "envoyproxy/envoy:v${NOMAD_envoy_version}",
  envoyLogLevel: "info",
  envoyConcurrency: 1,
  consulAddress: "http://127.0.0.1:8500",
};

const CONSUL: MeshInfo = {
  version: "1.16.4",
  datacenter: "dc1",
  nodeName: "consul-1",
  address: "10.0.0.5",
  connectEnabled: true,
  aclsEnabled: true,
  grpc: { port: 8502, tls: false },
  envoys: ["1.26.6", "1.25.11"],
};

describe("xDS", () => {
  test("is at the agent's own host, at the port it names, through the relay", () => {
    const { envoy, grpc } = xdsOf(GIVEN, CONSUL, undefined);
    expect(grpc).toBe("http://127.0.0.1:8502");
    expect(envoy).toEqual({
      consulVersion: "1.16.4",
      version: "1.26.6",
      image: GIVEN.envoyImage,
      logLevel: "info",
      concurrency: 1,
    });
  });

  test("is where the operator says", () => {
    const given = { ...GIVEN, consulGrpcAddress: "127.0.0.1:18502" };
    expect(xdsOf(given, CONSUL, undefined).grpc).toBe("http://127.0.0.1:18502");
  });

  test("is reached without the relay where groups reach Consul themselves", () => {
    const { envoy, grpc } = xdsOf({ ...GIVEN, consulForGroups: "http://10.0.0.9:8500" }, CONSUL, undefined);
    expect(grpc).toBeUndefined();
    expect(envoy.direct).toEqual({ address: "10.0.0.9", port: 8502 });
    const named = { ...GIVEN, consulForGroups: "http://10.0.0.9:8500", consulGrpcAddress: "[fd00::1]:8502" };
    expect(xdsOf(named, CONSUL, undefined).envoy.direct).toEqual({ address: "fd00::1", port: 8502 });
  });

  test("is spoken over TLS with the authority that was given", () => {
    const tls = { ...CONSUL, grpc: { port: 8503, tls: true } };
    expect(xdsOf(GIVEN, tls, "PEM").envoy).toMatchObject({ ca: "PEM" });
    expect(xdsOf(GIVEN, tls, "PEM").envoy.problem).toBeUndefined();
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
    expect(xdsOf(given, consul, undefined).envoy.problem).toMatch(sentence);
  });

  test("unless the operator's word stands for it", () => {
    const image = { ...GIVEN, envoyImage: "envoyproxy/envoy:v1.26.6" };
    expect(xdsOf(image, { ...CONSUL, envoys: [] }, undefined).envoy.problem).toBeUndefined();
    const address = { ...GIVEN, consulGrpcAddress: "127.0.0.1:8502" };
    expect(xdsOf(address, off, undefined).envoy.problem).toBeUndefined();
  });
});
