/** Rows of the smaller blocks of a task: resources, lifecycle, logs, volume_mount. */
import { DEVICE, TASK_NETWORK } from "./refused.ts";
import { field, inner, later, moot, newer, refused } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";

const RESOURCES_TABLE: BlockTable = {
  path: "job.group.task.resources",
  name: "a resources block",
  rows: [
    field("cpu", "integer", "MHz, which become CPU shares", { api: "CPU", default: 100 }),
    field("cores", "integer", "Cores of its own", {
      default: 0,
      nullable: true,
      support: later("No cores are set aside: the task gets the CPU shares of cpu"),
    }),
    field("memory", "integer", "MiB, the hard limit", { api: "MemoryMB", default: 300 }),
    field("memory_max", "integer", "MiB that it may use when there is room", {
      api: "MemoryMaxMB",
      support: later("The limit is memory"),
    }),
    field("disk", "integer", "MiB, of the time before ephemeral_disk", {
      api: "DiskMB",
      support: moot("Nomad does not heed it any more either"),
    }),
    TASK_NETWORK,
    DEVICE,
    field("iops", "integer", "Of the time before Nomad 0.9", {
      api: "IOPS",
      support: moot("Nomad does not heed it any more either"),
    }),
    newer("numa", "a resources block", "NUMA"),
    newer("secrets", "a resources block", "SecretsMB"),
  ],
};

export const RESOURCES: Inner = inner("resources", RESOURCES_TABLE, "What the task may use", { filled: true });
export const SIDECAR_RESOURCES: BlockTable = {
  ...RESOURCES_TABLE,
  path: "job.group.service.connect.sidecar_task.resources",
};

const LIFECYCLE_TABLE: BlockTable = {
  path: "job.group.task.lifecycle",
  name: "a lifecycle block",
  rows: [
    field("hook", "text", "When the task is started", {
      default: "",
      choices: ["prestart", "poststart"],
      values: [
        {
          matches: /^poststop$/,
          example: "poststop",
          support: refused(
            "A task after the others' end (poststop) cannot be run yet",
            "It would be started at once if this were left unheeded: take the task out",
          ),
        },
      ],
    }),
    field("sidecar", "bool", "It keeps running beside the main tasks", { default: false }),
  ],
};

export const LIFECYCLE: Inner = inner("lifecycle", LIFECYCLE_TABLE, "When the task runs");

const LOGS_TABLE: BlockTable = {
  path: "job.group.task.logs",
  name: "a logs block",
  rows: [
    field("max_files", "integer", "How many files are kept", { default: 10 }),
    field("max_file_size", "integer", "MiB of one", { api: "MaxFileSizeMB", default: 10 }),
    newer("disabled", "a logs block"),
    newer("enabled", "a logs block"),
  ],
};

export const LOGS: Inner = inner("logs", LOGS_TABLE, "How much of the logs is kept", {
  api: "LogConfig",
  filled: true,
  support: later("Docker keeps the logs its own way"),
});

const VOLUME_MOUNT_TABLE: BlockTable = {
  path: "job.group.task.volume_mount",
  name: "a volume_mount block",
  rows: [
    field("volume", "text", "The label of the group's volume"),
    field("destination", "text", "Where it is mounted"),
    field("read_only", "bool", "It cannot be written", { default: false, nullable: true }),
    field("propagation_mode", "text", "How mounts inside it spread", {
      default: "private",
      choices: ["", "private", "host-to-task", "bidirectional"],
    }),
    newer("selinux_label", "a volume_mount block", "SELinuxLabel"),
  ],
};

export const VOLUME_MOUNT: Inner = inner("volume_mount", VOLUME_MOUNT_TABLE, "Mounts a volume of the group", {
  api: "VolumeMounts",
  form: "list",
  support: later("Nothing is mounted there: what the task writes goes with its container"),
});
