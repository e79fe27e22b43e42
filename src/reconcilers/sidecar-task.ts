/** A sidecar's image and environment: what its job's `sidecar_task` says, texts filled in, or else the default. */
import { isSupported, versionOf } from "../envoy/version.ts";
import { interpolate, interpolateRecord } from "../model/interpolate.ts";
import type { Connect, Service } from "../model/job.ts";
import type { EnvoySettings, Settings } from "../model/settings.ts";
import { groupValues } from "./environment.ts";
import type { AllocView } from "./view.ts";

/** What the texts of a `sidecar_task` may refer to. */
export function sidecarValues(view: AllocView): ReadonlyMap<string, string> {
  return new Map([...groupValues(view), ...envoyValues(view.settings), ["NOMAD_SECRETS_DIR", "/secrets"]]);
}

export function sidecarEnv(view: AllocView, service: Service): Readonly<Record<string, string>> {
  return interpolateRecord(service.connect?.sidecarTask.env ?? {}, sidecarValues(view));
}

/** The image of a service's sidecar: the job's, or that of the proxy. undefined while no Envoy can be started. */
export function sidecarImage({ sidecarTask }: Connect, settings: Settings): string | undefined {
  const { images, proxy } = settings;
  const envoy = proxy === "envoy" ? settings.envoy : undefined;
  if (envoy?.problem !== undefined) return undefined;
  return interpolate(
    sidecarTask.image ?? (envoy === undefined ? images.consul : envoyImage(envoy)),
    envoyValues(settings),
  );
}

/** The same for the sidecar of one allocation: one that is repaired keeps its image, should the default have changed since. */
export function imageToRun(view: AllocView, service: Service, byDefault: string): string {
  const present = view.sidecars.get(service.name)?.image;
  const kept = present !== undefined && mayStay(view.settings, present) ? present : byDefault;
  return interpolate(service.connect?.sidecarTask.image ?? kept, sidecarValues(view));
}

/** After an upgrade of Consul the Envoy of before may be one that it does not speak to; what cannot be told is left as it is. */
function mayStay({ proxy, envoy }: Settings, image: string): boolean {
  const version = versionOf(image);
  if (proxy !== "envoy" || envoy === undefined || version === undefined) return true;
  return envoy.supported.length === 0 || isSupported(version, envoy.supported);
}

/** Of the values, those that are the agent's whatever the group (Nomad's node meta and its variables of a task). */
export function envoyValues({ envoy }: Settings): ReadonlyMap<string, string> {
  if (envoy === undefined) return new Map();
  return new Map([
    ["NOMAD_envoy_version", envoy.version],
    ["meta.connect.sidecar_image", envoyImage(envoy)],
    ["meta.connect.log_level", envoy.logLevel],
    ["meta.connect.proxy_concurrency", String(envoy.concurrency)],
  ]);
}

/** The default image, the version that Consul prefers filled in. */
export function envoyImage({ image, version }: EnvoySettings): string {
  return image.replaceAll("${NOMAD_envoy_version}", version);
}
