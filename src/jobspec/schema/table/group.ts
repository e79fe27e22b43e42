/** Rows of groups. */
import { VOLUME } from "./files.ts";
import { NETWORK } from "./network.ts";
import { AFFINITY, CONSTRAINT, MIGRATE, RESCHEDULE, RESTART, SCALING, SPREAD, UPDATE } from "./policies.ts";
import { VAULT } from "./refused.ts";
import { field, inner, moot, newer } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";
import { SERVICE } from "./service.ts";
import { TASK } from "./task.ts";

const DISK: BlockTable = {
  path: "job.group.ephemeral_disk",
  name: "an ephemeral_disk block",
  rows: [
    field("sticky", "bool", "The data goes with the next allocation", { default: false, nullable: true }),
    field("migrate", "bool", "The data moves between hosts", { default: false, nullable: true }),
    field("size", "integer", "MiB", { api: "SizeMB", default: 300 }),
  ],
};

const CONSUL: BlockTable = {
  path: "job.group.consul",
  name: "a consul block",
  rows: [
    field("namespace", "text", "The namespace of its services", { default: "" }),
    newer("cluster", "a consul block"),
    newer("partition", "a consul block"),
  ],
};

const STAYS = moot("Every host acts on its own: what runs stays when others cannot be reached");

const GROUP_TABLE: BlockTable = {
  path: "job.group",
  name: "a group block",
  rows: [
    field("count", "integer", "Allocations per host", { default: 1 }),
    CONSTRAINT,
    AFFINITY,
    TASK,
    SPREAD,
    VOLUME,
    { ...RESTART, filled: true },
    RESCHEDULE,
    inner("ephemeral_disk", DISK, "The allocation's directory", {
      filled: true,
      support: moot("The allocation's directory is a volume of Docker's, without a limit of its own"),
    }),
    UPDATE,
    MIGRATE,
    NETWORK,
    field("meta", "text map", "Metadata, also as NOMAD_META_KEY"),
    SERVICE,
    field("shutdown_delay", "duration", "The wait between leaving rotation and the first signal"),
    field("stop_after_client_disconnect", "duration", "When a host without servers stops the group", {
      support: STAYS,
    }),
    field("max_client_disconnect", "duration", "How long a host may be without servers", { support: STAYS }),
    SCALING,
    inner("consul", CONSUL, "A namespace of Consul (Enterprise)", {
      filled: true,
      support: moot("Services are registered in the namespace of the agent's token"),
    }),
    { ...VAULT, api: "" },
    newer("disconnect", "a group block"),
    newer("prevent_reschedule_on_lost", "a group block"),
  ],
};

export const GROUP: Inner = inner("group", GROUP_TABLE, "Tasks that run together", {
  api: "TaskGroups",
  label: "Name",
  form: "list",
});
