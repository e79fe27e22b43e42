/** The proxy `consul`: Consul's built-in layer-4 proxy, for development and where no Envoy is to be had. */
import { instanceLabels } from "../model/labels.ts";
import type { ProxySpec, ServiceSpec } from "../model/registration.ts";
import { SECRET_PLACE } from "../model/step.ts";
import type { NoProgram, ProxyProgram } from "./proxy-program.ts";
import type { AllocView } from "./view.ts";

/** Where a sidecar finds the relay's sockets. */
export const RELAY_DIRECTORY = "/consul";

const NO_PROXY: ProxySpec = {
  upstreams: [],
  config: {},
  localServiceAddress: "127.0.0.1",
  localServicePort: 0,
  expose: [],
};

/**
 * Told everything by arguments: `-sidecar-for` would bind the registered address, which is not in the namespace. Its token
 * comes from a file in its private tmpfs.
 */
export function consulProxy(
  { settings }: AllocView,
  service: ServiceSpec,
  localPort: number,
): ProxyProgram | NoProgram {
  const { proxy } = service.sidecar ?? { proxy: NO_PROXY };
  if (proxy.expose.length > 0) return { problem: cannotExpose(service.name) };
  const upstreams = proxy.upstreams.flatMap(({ destinationName, localBindAddress, localBindPort }) => [
    "-upstream",
    `${destinationName}:${localBindAddress}:${localBindPort}`,
  ]);
  return {
    image: settings.images.consul,
    entrypoint: ["consul"],
    command: [
      "connect",
      "proxy",
      "-service",
      service.name,
      "-service-addr",
      `${proxy.localServiceAddress}:${localPort}`,
      "-listen",
      `:${String(proxy.config["bind_port"])}`,
      ...upstreams,
    ],
    env: {
      CONSUL_HTTP_ADDR: settings.consulForGroups ?? `unix://${RELAY_DIRECTORY}/http.sock`,
      ...(settings.aclsEnabled ? { CONSUL_HTTP_TOKEN_FILE: "/secrets/token" } : {}),
    },
    files: settings.aclsEnabled ? [{ name: "token", text: SECRET_PLACE }] : [],
  };
}

function cannotExpose(service: string): string {
  return `the proxy "consul" cannot expose paths, and ${service} has some: run the agent with --proxy=envoy, or take expose out of the job`;
}

/** The volume through which the relay offers Consul's sockets to sidecars. */
export function relayVolume({ relayVolume, instance }: AllocView["settings"]): {
  name: string;
  labels: Readonly<Record<string, string>>;
} {
  return { name: relayVolume, labels: instanceLabels(instance) };
}
