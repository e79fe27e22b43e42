/** The marks on containers and volumes: they say whose an object is, and everything a new process needs to adopt it. */
import type { AllocRef, Role } from "./container.ts";

export const LABEL = {
  /** Version of this scheme. */
  version: "io.remora.version",
  instance: "io.remora.instance",
  role: "io.remora.role",
  job: "io.remora.job",
  group: "io.remora.group",
  index: "io.remora.index",
  alloc: "io.remora.alloc",
  attempt: "io.remora.attempt",
  /** Short hash of the revision, on every member. */
  revision: "io.remora.revision",
  /** Canonical JSON of the fields whose change replaces an allocation; on the infra container. */
  spec: "io.remora.spec",
  /** JSON of the allocated ports, on every member, so that a lost infra container gets its ports back. */
  ports: "io.remora.ports",
  /** JSON of how to stop the group or task. */
  stop: "io.remora.stop",
  task: "io.remora.task",
  service: "io.remora.service",
  /** Generation of the token that was put before a sidecar. */
  generation: "io.remora.token-generation",
  /** JSON of the restarts of a task inside the restart policy's interval. */
  restarts: "io.remora.restarts",
  /** Hash of the relay's spec. */
  relay: "io.remora.relay",
} as const;

export const LABEL_VERSION = "1";

export type Labels = Readonly<Record<string, string>>;

const ROLES: readonly string[] = ["infra", "sidecar", "task", "relay", "probe"] satisfies Role[];

/** The role a label set claims; undefined for what is not Remora's or of a newer scheme. */
export function roleOf(labels: Labels): Role | undefined {
  const role = labels[LABEL.role];
  return role !== undefined && ROLES.includes(role) ? (role as Role) : undefined;
}

/** The allocation a label set names; undefined unless all four marks are there. */
export function refOf(labels: Labels): AllocRef | undefined {
  const job = labels[LABEL.job];
  const group = labels[LABEL.group];
  const alloc = labels[LABEL.alloc];
  const index = Number(labels[LABEL.index]);
  if (job === undefined || group === undefined || alloc === undefined || !Number.isInteger(index)) return undefined;
  return { job, group, index, alloc };
}

/** The labels every object of an instance carries. */
export function instanceLabels(instance: string): Labels {
  return { [LABEL.version]: LABEL_VERSION, [LABEL.instance]: instance };
}

/** The labels every object of an allocation carries. */
export function allocLabels(instance: string, ref: AllocRef): Labels {
  return {
    ...instanceLabels(instance),
    [LABEL.job]: ref.job,
    [LABEL.group]: ref.group,
    [LABEL.index]: String(ref.index),
    [LABEL.alloc]: ref.alloc,
  };
}
