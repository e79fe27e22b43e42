/** Rows of the services of groups and tasks. */
import { CHECK, CHECK_RESTART, ON_UPDATE } from "./check.ts";
import { CONNECT } from "./connect.ts";
import { field, inner, later, newer, refused } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";

const ADDRESS = refused(
  "A service cannot be registered with an address inside the namespace yet",
  'No host but this one reaches it: take address_mode out, or write "host"',
);

const NATIVE_TASK = later("Script checks and native Connect, which use it, are not done");

const SERVICE_TABLE: BlockTable = {
  path: "job.group.service",
  name: "a service block",
  rows: [
    field("name", "text", "What Consul knows it by; JOB-GROUP or JOB-GROUP-TASK without it", { default: "" }),
    field("tags", "texts", "Tags in Consul"),
    field("canary_tags", "texts", "Tags of a canary", { support: later("There are no canaries") }),
    field("enable_tag_override", "bool", "Others may change the tags in Consul", { default: false }),
    field("port", "text", "A label of the network, or a number", { api: "PortLabel", default: "" }),
    field("address_mode", "text", "The address that is registered", {
      default: "auto",
      nullable: false,
      choices: ["auto", "host", ""],
      values: [
        { matches: /^alloc$/, example: "alloc", support: ADDRESS },
        { matches: /^driver$/, example: "driver", support: ADDRESS },
      ],
    }),
    field("address", "text", "An address of its own", {
      default: "",
      support: refused(
        "A service cannot be registered with an address of its own yet",
        "Take address out: it is registered with the address of this host",
      ),
    }),
    CHECK,
    CHECK_RESTART,
    CONNECT,
    field("meta", "text map", "Metadata in Consul", { asBlock: true }),
    field("canary_meta", "text map", "Metadata of a canary", {
      asBlock: true,
      support: later("There are no canaries"),
    }),
    field("task", "text", "The task that the service belongs to", {
      api: "TaskName",
      default: "",
      support: NATIVE_TASK,
    }),
    field("on_update", "text", "What its checks mean to a deployment", {
      default: "require_healthy",
      nullable: false,
      choices: ON_UPDATE,
      support: later("An allocation is ready when its sidecar and its tasks are"),
    }),
    field("provider", "text", "Where it is registered", {
      default: "consul",
      nullable: false,
      choices: ["consul", ""],
      values: [
        {
          matches: /^nomad$/,
          example: "nomad",
          support: refused("There is no Nomad to register services with", 'Write provider = "consul", or take it out'),
        },
      ],
    }),
    field("tagged_addresses", "text map", "More addresses, by name (Nomad 1.4)", {
      omitted: true,
      support: later("The service is registered with one address"),
    }),
    newer("weights", "a service block"),
    newer("identity", "a service block"),
    newer("cluster", "a service block"),
    newer("kind", "a service block"),
  ],
};

export const SERVICE: Inner = inner("service", SERVICE_TABLE, "What Consul is told of the group", {
  api: "Services",
  form: "list",
});
