/** Whether suites that need the real Envoy can run here. */
import { atLeast } from "../../rig/consul-config.ts";
import { rig } from "../../rig/vitest.ts";

/** Why they cannot; undefined if they can. */
export function whyNoEnvoy(): string | undefined {
  const { images } = rig();
  const version = images.consul.split(":").at(-1) ?? "";
  if (!atLeast(version, 1, 10)) return `Consul ${version} speaks no xDS v3: set CONSUL_BIN to one of 1.10 or later`;
  return images.envoy === undefined ? "there is no Envoy here: set ENVOY_BIN" : undefined;
}
