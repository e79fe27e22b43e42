/** The proxy `consul`: Consul's built-in layer-4 proxy, for development and where no Envoy is to be had. */
import type { VolumeMount } from "../model/container.ts";
import { instanceLabels } from "../model/labels.ts";
import type { ProxySpec, ServiceSpec } from "../model/registration.ts";
import { mount } from "./naming.ts";
import type { AllocView } from "./view.ts";

/** Where a sidecar finds the relay's sockets. */
export const RELAY_DIRECTORY = "/consul";

const NO_PROXY: ProxySpec = { upstreams: [], config: {}, localServiceAddress: "127.0.0.1", localServicePort: 0 };

export interface ProxyProgram {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly VolumeMount[];
}

/**
 * Told everything by arguments: `-sidecar-for` would bind the registered address, which is not in the namespace. Its token
 * comes from a file in its private tmpfs.
 */
export function consulProxy({ settings }: AllocView, service: ServiceSpec, localPort: number): ProxyProgram {
  const { proxy } = service.sidecar ?? { proxy: NO_PROXY };
  const upstreams = proxy.upstreams.flatMap(({ destinationName, localBindAddress, localBindPort }) => [
    "-upstream",
    `${destinationName}:${localBindAddress}:${localBindPort}`,
  ]);
  const direct = settings.consulForGroups;
  return {
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
      CONSUL_HTTP_ADDR: direct ?? `unix://${RELAY_DIRECTORY}/http.sock`,
      ...(settings.aclsEnabled ? { CONSUL_HTTP_TOKEN_FILE: "/secrets/token" } : {}),
    },
    mounts: direct === undefined ? [mount(relayVolume(settings), RELAY_DIRECTORY, true)] : [],
  };
}

/** The volume through which the relay offers Consul's sockets to sidecars. */
export function relayVolume({ relayVolume, instance }: AllocView["settings"]): {
  name: string;
  labels: Readonly<Record<string, string>>;
} {
  return { name: relayVolume, labels: instanceLabels(instance) };
}
