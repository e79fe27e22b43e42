/** What a job's `sidecar_task` says of a sidecar's environment, its texts filled in. */
import { interpolateRecord } from "../model/interpolate.ts";
import type { Service } from "../model/job.ts";
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

/** Of them, those that are the agent's whatever the group (Nomad's node meta and its variables of a task). */
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
