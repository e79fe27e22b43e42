/** What a sidecar is while its job says nothing about it (Nomad's values), and what it is once the job has spoken. */
import { connectProxyName, type Lifecycle, type Millis, type Resources, type SidecarTask } from "./job.ts";

export const SIDECAR = {
  resources: { cpu: 250, memory: 128 },
  killTimeout: 5_000,
  /** Envoy's; the proxy `consul` has none. */
  shutdownDelay: 5_000,
  logs: { maxFiles: 2, maxSizeMb: 2 },
  /** What Nomad and the image of Envoy use. */
  uid: 101,
  lifecycle: { hook: "prestart", sidecar: true },
  /** The agent says which: Nomad's names for what is the host's to decide. */
  image: "${meta.connect.sidecar_image}",
  args: [
    "-c",
    "${NOMAD_SECRETS_DIR}/envoy_bootstrap.json",
    "-l",
    "${meta.connect.log_level}",
    "--concurrency",
    "${meta.connect.proxy_concurrency}",
    "--disable-hot-restart",
  ],
} as const satisfies {
  readonly resources: Resources;
  readonly killTimeout: Millis;
  readonly lifecycle: Lifecycle;
  readonly [other: string]: unknown;
};

/** How a sidecar is limited and ended, whichever proxy it is. */
export interface SidecarLimits {
  readonly resources: Resources;
  readonly killTimeout: Millis;
  /** "" means the image's STOPSIGNAL. */
  readonly killSignal: string;
  readonly logs: { readonly maxFiles: number; readonly maxSizeMb: number };
}

/** The defaults, field by field, with what the job writes: a block that gives some fields resets none of the others. */
export function sidecarLimits(own: SidecarTask): SidecarLimits {
  return {
    resources: { ...SIDECAR.resources, ...own.resources },
    killTimeout: own.killTimeout ?? SIDECAR.killTimeout,
    killSignal: own.killSignal ?? "",
    logs: SIDECAR.logs,
  };
}

/** What the container is told to run: a command of the job's goes before the arguments, and its arguments replace the usual ones. */
export function sidecarCommand(own: SidecarTask, usual: readonly string[]): readonly string[] {
  return [...(own.command === undefined ? [] : [own.command]), ...(own.args ?? usual)];
}

/** The task that Nomad would inject for a service with Envoy for its proxy, with what the job changes about it. */
export interface InjectedTask extends SidecarLimits {
  readonly name: string;
  /** Nomad's mark of a sidecar. */
  readonly kind: string;
  readonly user: string;
  readonly image: string;
  readonly command?: string;
  readonly args: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly lifecycle: Lifecycle;
  readonly shutdownDelay: Millis;
}

export function injectedTask(name: string, own: SidecarTask): InjectedTask {
  return {
    ...sidecarLimits(own),
    name: connectProxyName(name),
    kind: `connect-proxy:${name}`,
    user: sidecarUser(own),
    image: own.image ?? SIDECAR.image,
    ...(own.command === undefined ? {} : { command: own.command }),
    args: own.args ?? SIDECAR.args,
    ...(own.entrypoint === undefined ? {} : { entrypoint: own.entrypoint }),
    env: own.env ?? {},
    lifecycle: SIDECAR.lifecycle,
    shutdownDelay: own.shutdownDelay ?? SIDECAR.shutdownDelay,
  };
}

/** Who may read a sidecar's secrets: the user of its `sidecar_task` if that is a number, else the usual one. */
export function sidecarUid({ user = "" }: SidecarTask): number {
  const own = /^\d+/.exec(user)?.[0];
  return own === undefined ? SIDECAR.uid : Number(own);
}

export function sidecarUser(own: SidecarTask): string {
  return own.user ?? `${SIDECAR.uid}:${SIDECAR.uid}`;
}

/** Label of a service's public sidecar port. */
export function proxyPortLabel(service: {
  readonly name: string;
  readonly connect?: { readonly sidecarService: { readonly port: string } };
}): string {
  const own = service.connect?.sidecarService.port ?? "";
  return own === "" ? connectProxyName(service.name) : own;
}
