/** The proxy `envoy`: run as Nomad runs it, from a bootstrap in its private memory. */
import { bootstrap } from "../envoy/bootstrap.ts";
import { dialectOf, type XdsTarget } from "../envoy/input.ts";
import { versionOf } from "../envoy/version.ts";
import { cleanEnvName } from "../model/interpolate.ts";
import type { Service } from "../model/job.ts";
import { readyPortLabel } from "../model/ports.ts";
import type { SocketAddress } from "../model/proxy-config.ts";
import { type ServiceSpec, sidecarId } from "../model/registration.ts";
import type { EnvoySettings } from "../model/settings.ts";
import { SIDECAR } from "../model/sidecar.ts";
import { SECRET_PLACE } from "../model/step.ts";
import { RELAY_DIRECTORY } from "./consul-proxy.ts";
import type { NoProgram, ProxyProgram } from "./proxy-program.ts";
import { envoyImage, imageToRun, sidecarEnv } from "./sidecar-task.ts";
import type { AllocView } from "./view.ts";

const BOOTSTRAP = "envoy_bootstrap.json";

/** In the sidecar's private memory, where no other container of the group gets at it. */
const ADMIN_SOCKET = "/secrets/envoy_admin.sock";

export function envoyProxy(view: AllocView, service: Service, spec: ServiceSpec): ProxyProgram | NoProgram {
  const { envoy } = view.settings;
  if (envoy === undefined) return { problem: "Envoy is not the proxy of this agent" };
  if (envoy.problem !== undefined) return { problem: envoy.problem };
  const ready = readyOf(view, service);
  const made = bootstrap({
    dialect: dialectOf(envoy.consulVersion),
    proxyId: sidecarId(spec.id),
    service: spec.name,
    datacenter: view.settings.datacenter,
    envoyVersion: versionOf(imageToRun(view, service, envoyImage(envoy))) ?? "",
    preferredVersion: envoy.version,
    admin: { path: ADMIN_SOCKET },
    ready,
    xds: xdsOf(envoy),
    token: view.settings.aclsEnabled ? SECRET_PLACE : "",
    config: mergedConfig(view, spec),
    env: { HOST_IP: view.settings.advertise, ...sidecarEnv(view, service) },
  });
  if ("problem" in made) return { problem: `no Envoy can be started for ${service.name}: ${made.problem}` };
  const text = JSON.stringify(made.json, undefined, 2);
  // Elsewhere than in the metadata of xDS the secret would be shown: in statistics, or sent to a sink.
  if (text.split(SECRET_PLACE).length > 2)
    return { problem: `no Envoy can be started for ${service.name}: take "${SECRET_PLACE}" out of its proxy's config` };
  return {
    image: envoyImage(envoy),
    command: SIDECAR.args,
    env: { [`NOMAD_ENVOY_READY_ADDR_${cleanEnvName(service.name)}`]: `127.0.0.1:${ready.port}` },
    files: [{ name: BOOTSTRAP, text }],
    shutdownDelay: SIDECAR.shutdownDelay,
  };
}

/** All addresses of the namespace: Docker publishes it on the host's loopback. */
function readyOf({ ports }: AllocView, service: Service): SocketAddress {
  const port = ports.find(({ label }) => label === readyPortLabel(service.name));
  return { address: "0.0.0.0", port: port?.to ?? 0 };
}

function xdsOf({ direct, ca }: EnvoySettings): XdsTarget {
  return { ...(direct ?? { path: `${RELAY_DIRECTORY}/grpc.sock` }), ...(ca === undefined ? {} : { ca }) };
}

/** As the agent shows it, it has the cluster's `proxy-defaults` merged in. */
function mergedConfig(view: AllocView, spec: ServiceSpec): Readonly<Record<string, unknown>> {
  return view.registrations.get(sidecarId(spec.id))?.proxy?.config ?? spec.sidecar?.proxy.config ?? {};
}
