/**
 * The job as people declare it, with every default filled in: plain data, Nomad's names.
 *
 * Defaults and meanings are those of Nomad 1.3 (`api.Canonicalize`); durations are milliseconds.
 * Text may still hold `${NOMAD_…}`, `${node.…}`, `${attr.…}`, `${meta.…}` or `${env[…]}`: it is interpolated when an
 * allocation is made, never earlier.
 */

export type Millis = number;

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly type: "service" | "system";
  readonly region: string;
  readonly namespace: string;
  readonly priority: number;
  readonly datacenters: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly groups: readonly TaskGroup[];
}

export interface TaskGroup {
  readonly name: string;
  /** Allocations per host. */
  readonly count: number;
  readonly network: Network;
  readonly services: readonly Service[];
  readonly tasks: readonly Task[];
  readonly restart: RestartPolicy;
  readonly reschedule: ReschedulePolicy;
  readonly meta: Readonly<Record<string, string>>;
  /** Time between leaving rotation and the first kill. */
  readonly shutdownDelay: Millis;
}

export interface Network {
  readonly mode: "bridge" | "host" | "none";
  readonly ports: readonly Port[];
  readonly dns?: Dns;
  readonly hostname?: string;
}

export interface Port {
  readonly label: string;
  /** Host port that is asked for; absent means dynamic. */
  readonly static?: number;
  /** Port inside the namespace: 0 = same as the host port's number if static or unset, -1 = the number that was chosen, else itself. */
  readonly to: number;
}

export interface Dns {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

export interface Service {
  readonly name: string;
  /** A port label, a literal number as text, or "" for none. */
  readonly port: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly addressMode: "auto" | "host" | "alloc" | "driver";
  readonly enableTagOverride: boolean;
  /** Name of the task that declared the service; absent for a group's service. */
  readonly task?: string;
  readonly checks: readonly Check[];
  readonly connect?: Connect;
}

export interface Check {
  readonly name: string;
  readonly type: "http" | "tcp" | "grpc";
  readonly interval: Millis;
  readonly timeout: Millis;
  /** A port label or literal number; "" means the service's port. */
  readonly port: string;
  readonly path: string;
  readonly protocol: string;
  readonly method: string;
  readonly header: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly grpcService: string;
  readonly grpcUseTls: boolean;
  readonly tlsSkipVerify: boolean;
  readonly initialStatus: "" | "passing" | "warning" | "critical";
  readonly successBeforePassing: number;
  readonly failuresBeforeCritical: number;
  /** The check goes through a path that the sidecar exposes; absent means no. */
  readonly expose?: boolean;
}

export interface Connect {
  readonly sidecarService: SidecarService;
  readonly sidecarTask: SidecarTask;
}

export interface SidecarService {
  /** Absent means "inherit the service's tags". */
  readonly tags?: readonly string[];
  /** Port label; "" means `connect-proxy-<service>`. */
  readonly port: string;
  readonly disableDefaultTcpCheck: boolean;
  readonly proxy: Proxy;
}

export interface Proxy {
  /** "" means 127.0.0.1. */
  readonly localServiceAddress: string;
  /** 0 means the service's port inside the namespace. */
  readonly localServicePort: number;
  readonly upstreams: readonly Upstream[];
  readonly config: Readonly<Record<string, unknown>>;
  /** Absent means none. */
  readonly expose?: readonly ExposePath[];
}

/** One path of the app that the sidecar serves without TLS and to everybody, on a port of its own. */
export interface ExposePath {
  readonly path: string;
  /** "" means http. */
  readonly protocol: "" | "http" | "http2";
  /** Where the app listens inside the namespace; 0 means where the sidecar finds its service. */
  readonly localPathPort: number;
  /** Label of the group's port on which the sidecar listens. */
  readonly listenerPort: string;
}

export interface Upstream {
  readonly destinationName: string;
  readonly destinationNamespace: string;
  readonly datacenter: string;
  readonly localBindPort: number;
  /** "" means 127.0.0.1. */
  readonly localBindAddress: string;
  readonly meshGatewayMode: "" | "none" | "local" | "remote";
}

/** What the job changes about the sidecar; absent fields keep the sidecar's own defaults (Nomad's reset-to-task-defaults trap is not copied). */
export interface SidecarTask {
  readonly name?: string;
  readonly user?: string;
  readonly image?: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly resources?: Partial<Resources>;
  readonly killTimeout?: Millis;
  readonly killSignal?: string;
  readonly shutdownDelay?: Millis;
}

export interface Task {
  readonly name: string;
  readonly driver: "docker";
  readonly user: string;
  readonly config: DockerConfig;
  readonly env: Readonly<Record<string, string>>;
  readonly resources: Resources;
  readonly restart: RestartPolicy;
  readonly meta: Readonly<Record<string, string>>;
  readonly lifecycle?: Lifecycle;
  readonly leader: boolean;
  readonly killTimeout: Millis;
  /** "" means the image's STOPSIGNAL. */
  readonly killSignal: string;
  readonly shutdownDelay: Millis;
}

export interface Lifecycle {
  readonly hook: "prestart" | "poststart" | "poststop";
  readonly sidecar: boolean;
}

export interface DockerConfig {
  readonly image: string;
  readonly command?: string;
  readonly args: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly workDir?: string;
  readonly forcePull: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly readonlyRootfs: boolean;
}

export interface Resources {
  /** MHz, as Nomad counts: becomes CPU shares. */
  readonly cpu: number;
  /** MiB; becomes the hard limit. */
  readonly memory: number;
}

export interface RestartPolicy {
  readonly attempts: number;
  readonly interval: Millis;
  readonly delay: Millis;
  readonly mode: "fail" | "delay";
}

export interface ReschedulePolicy {
  readonly attempts: number;
  readonly interval: Millis;
  readonly delay: Millis;
  readonly delayFunction: "constant" | "exponential" | "fibonacci";
  readonly maxDelay: Millis;
  readonly unlimited: boolean;
}

/** `connect-proxy-<service>`: the port label, task name and container prefix of a sidecar (Nomad's envoy.PortLabel). */
export function connectProxyName(service: string): string {
  return `connect-proxy-${service}`;
}
