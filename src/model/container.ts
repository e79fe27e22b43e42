/** Containers, volumes and networks: what Remora asks of Docker and what it sees there. */
import type { Millis } from "./job.ts";

/** infra owns the namespace; sidecar is the proxy of one service; task runs the app; relay offers Consul to sidecars. */
export type Role = "infra" | "sidecar" | "task" | "relay" | "probe";

/** Which allocation an object belongs to, read from its marks. */
export interface AllocRef {
  readonly job: string;
  readonly group: string;
  readonly index: number;
  readonly alloc: string;
}

/** One owned container as Docker shows it (list and inspect). */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Absent for what belongs to no allocation (relay, probe). */
  readonly ref?: AllocRef;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly state: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
  /** `container:<id>`, or the name of a network, `host` or `none`. */
  readonly networkMode: string;
  readonly createdAt: Millis;
  /** Absent if it never started. */
  readonly startedAt?: Millis;
  /** Absent if it never ended. */
  readonly finishedAt?: Millis;
  readonly exitCode?: number;
  readonly oomKilled: boolean;
}

export interface Volume {
  readonly name: string;
  readonly ref?: AllocRef;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: Millis;
}

/** What to create. Docker's defaults hold for all that is absent. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workDir?: string;
  readonly hostname?: string;
  readonly network: NetworkAttachment;
  readonly publish: readonly PublishedPort[];
  readonly mounts: readonly VolumeMount[];
  readonly dns?: {
    readonly servers: readonly string[];
    readonly searches: readonly string[];
    readonly options: readonly string[];
  };
  /** Bytes; the hard limit, swap included. */
  readonly memory?: number;
  readonly cpuShares?: number;
  readonly pidsLimit?: number;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly readonlyRootfs: boolean;
  readonly noNewPrivileges: boolean;
  readonly stopSignal?: string;
  /** The image's own check of its health is switched off. */
  readonly healthcheck?: "none";
  readonly restart: "no" | "always";
  readonly logs: { readonly maxFiles: number; readonly maxSizeMb: number };
}

export type NetworkAttachment =
  | { readonly kind: "bridge"; readonly name: string }
  | { readonly kind: "container"; readonly id: string }
  | { readonly kind: "host" }
  | { readonly kind: "none" };

export interface PublishedPort {
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocols: readonly ("tcp" | "udp")[];
}

export interface VolumeMount {
  readonly volume: VolumeSpec;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface VolumeSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** A tmpfs that lives as long as some running container mounts it. */
  readonly tmpfs?: { readonly sizeMb: number; readonly mode: string; readonly uid: number };
}

/** A bridge network whose containers cannot reach each other directly. */
export interface NetworkSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The network as Docker shows it. */
export interface NetworkState {
  readonly id: string;
  readonly name: string;
  readonly owned: boolean;
  /** Address of the host on the bridge. */
  readonly gateway: string;
  /** Direct traffic between its containers is off. */
  readonly isolated: boolean;
  readonly containers: number;
}
