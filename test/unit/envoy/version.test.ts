/** Which Envoy an image holds. */
import { expect, test } from "vitest";
import { isSupported, versionOf } from "../../../src/envoy/version.ts";

test.each([
  ["envoyproxy/envoy:v1.26.6", "1.26.6"],
  ["envoyproxy/envoy:v1.26-latest", "1.26"],
  ["envoyproxy/envoy:distroless-v1.26-latest", "1.26"],
  ["registry.example.com:5000/mesh/envoy:1.16.5@sha256:0a1b", "1.16.5"],
  ["envoyproxy/envoy-alpine:v1.14.5-debug", "1.14.5"],
  ["aws-appmesh-envoy:v1.19.1.0-prod", "1.19.1"],
  ["envoyproxy/envoy:latest", undefined],
  ["envoyproxy/envoy", undefined],
  ["registry.example.com:5000/envoy", undefined],
  ["envoyproxy/envoy@sha256:0a1b", undefined],
  ["envoyproxy/envoy:v${NOMAD_envoy_version}", undefined],
  ["consul:1.16.4", undefined],
  ["mine/consul-envoy:v1.16.4-v1.26.6", undefined],
])("the Envoy of %s is %s", (image, version) => {
  expect(versionOf(image)).toBe(version);
});

test.each([
  ["1.26.6", true],
  ["1.26.0", true],
  ["1.26", true],
  ["1.2", false],
  ["1.16.5", false],
])("of a list with 1.26.6 and 1.25.11, that %s is supported is %s", (version, is) => {
  expect(isSupported(version, ["1.26.6", "1.25.11"])).toBe(is);
});
