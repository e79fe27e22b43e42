/** Rows of tasks. */
import { CONFIG } from "./docker.ts";
import { ARTIFACT, TEMPLATE } from "./files.ts";
import { AFFINITY, CONSTRAINT, RESTART, TASK_SCALING } from "./policies.ts";
import { CSI_PLUGIN, DISPATCH_PAYLOAD, KIND, NO_DRIVER, OTHER_DRIVERS, VAULT } from "./refused.ts";
import { field, inner, later, newer } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";
import { SERVICE } from "./service.ts";
import { LIFECYCLE, LOGS, RESOURCES, VOLUME_MOUNT } from "./task-parts.ts";

const TASK_TABLE: BlockTable = {
  path: "job.group.task",
  name: "a task block",
  rows: [
    field("driver", "text", "How it is run", {
      default: "",
      choices: ["docker"],
      values: [{ matches: OTHER_DRIVERS, example: "exec", support: NO_DRIVER }],
    }),
    field("user", "text", "The user that the command runs as; the image's without it", { default: "" }),
    LIFECYCLE,
    inner("config", CONFIG, "What the Docker driver is told"),
    CONSTRAINT,
    AFFINITY,
    field("env", "text map", "Environment"),
    SERVICE,
    RESOURCES,
    { ...RESTART, doc: "Over the group's restart, field by field" },
    field("meta", "text map", "Metadata, also as NOMAD_META_KEY"),
    field("kill_timeout", "duration", "The time between the signal and the kill", { default: "5s" }),
    LOGS,
    ARTIFACT,
    VAULT,
    TEMPLATE,
    DISPATCH_PAYLOAD,
    VOLUME_MOUNT,
    CSI_PLUGIN,
    field("leader", "bool", "Its end is the end of the group's other tasks", { default: false }),
    field("shutdown_delay", "duration", "The wait between leaving rotation and the signal", {
      default: "0s",
      support: later("All tasks wait as long as the group's shutdown_delay says"),
    }),
    field("kill_signal", "text", "The signal to end with; the image's without it", { default: "" }),
    KIND,
    TASK_SCALING,
    newer("action", "a task block", "Actions"),
    newer("consul", "a task block"),
    newer("identity", "a task block"),
    newer("schedule", "a task block"),
    newer("secret", "a task block", "Secrets"),
  ],
};

export const TASK: Inner = inner("task", TASK_TABLE, "A container", { api: "Tasks", label: "Name", form: "list" });
