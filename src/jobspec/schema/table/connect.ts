/** Rows of connect: the sidecar's registration, its proxy and its task. */
import { SIDECAR_CONFIG } from "./docker.ts";
import { GATEWAY } from "./gateway.ts";
import { NO_DRIVER, OTHER_DRIVERS } from "./refused.ts";
import { apiOnly, field, inner, later, newer } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";
import { LOGS, SIDECAR_RESOURCES } from "./task-parts.ts";

const PROXY_PATH = "job.group.service.connect.sidecar_service.proxy";

const UPSTREAM: BlockTable = {
  path: `${PROXY_PATH}.upstreams`,
  name: "an upstreams block",
  rows: [
    field("destination_name", "text", "The service to reach", { default: "" }),
    field("destination_namespace", "text", "Its namespace (Consul Enterprise)", { default: "" }),
    field("local_bind_port", "integer", "The port to reach it at", { default: 0 }),
    field("datacenter", "text", "Its datacenter", { default: "" }),
    field("local_bind_address", "text", "The address to reach it at; 127.0.0.1 without it", { default: "" }),
    inner(
      "mesh_gateway",
      {
        path: `${PROXY_PATH}.upstreams.mesh_gateway`,
        name: "a mesh_gateway block",
        rows: [
          field("mode", "text", "The gateway that traffic to another datacenter takes", {
            default: "",
            choices: ["", "none", "local", "remote"],
          }),
        ],
      },
      "How another datacenter is reached",
    ),
    newer("config", "an upstreams block"),
    newer("destination_partition", "an upstreams block"),
    newer("destination_peer", "an upstreams block"),
    newer("destination_type", "an upstreams block"),
    newer("local_bind_socket_mode", "an upstreams block"),
    newer("local_bind_socket_path", "an upstreams block"),
  ],
};

const EXPOSE: BlockTable = {
  path: `${PROXY_PATH}.expose`,
  name: "an expose block",
  rows: [
    inner(
      "path",
      {
        path: `${PROXY_PATH}.expose.path`,
        name: "a path block of expose",
        rows: [
          field("path", "text", "The path", { default: "" }),
          field("protocol", "text", "http or http2", { default: "", choices: ["", "http", "http2"] }),
          field("local_path_port", "integer", "The port that the service answers at", { default: 0 }),
          field("listener_port", "text", "The label of the port that the sidecar listens on", { default: "" }),
        ],
      },
      "A path, and where it is open",
      { api: "Paths", form: "list" },
    ),
    apiOnly("Path"),
  ],
};

const PROXY: BlockTable = {
  path: PROXY_PATH,
  name: "a proxy block",
  rows: [
    field("local_service_address", "text", "Where the service listens; 127.0.0.1 without it", { default: "" }),
    field("local_service_port", "integer", "The port the service listens on; its own without it", { default: 0 }),
    inner("expose", EXPOSE, "Paths that are open without a certificate"),
    apiOnly("ExposeConfig"),
    inner("upstreams", UPSTREAM, "A service to reach through the sidecar", { form: "list" }),
    field("config", "opaque map", "Passed on to the proxy", { asBlock: true }),
    newer("transparent_proxy", "a proxy block"),
  ],
};

const SIDECAR_SERVICE: BlockTable = {
  path: "job.group.service.connect.sidecar_service",
  name: "a sidecar_service block",
  rows: [
    field("tags", "texts", "The sidecar's own tags; the service's without it"),
    field("port", "text", "The label of the sidecar's port", { default: "" }),
    inner("proxy", PROXY, "How the proxy is set up"),
    field("disable_default_tcp_check", "bool", "Registers the sidecar without its TCP check", {
      api: "DisableDefaultTCPCheck",
      default: false,
    }),
    newer("meta", "a sidecar_service block"),
  ],
};

const SIDECAR_TASK: BlockTable = {
  path: "job.group.service.connect.sidecar_task",
  name: "a sidecar_task block",
  rows: [
    field("name", "text", "The task's name", {
      default: "",
      support: later("The task is called after its service: connect-proxy-SERVICE"),
    }),
    field("driver", "text", "How it is run", {
      default: "",
      choices: ["docker"],
      values: [{ matches: OTHER_DRIVERS, example: "exec", support: NO_DRIVER }],
    }),
    field("user", "text", "UID or UID:GID", { default: "" }),
    inner("config", SIDECAR_CONFIG, "What the Docker driver is told"),
    field("env", "text map", "More environment", { asBlock: true }),
    inner("resources", SIDECAR_RESOURCES, "What it may use"),
    field("meta", "text map", "Metadata", {
      asBlock: true,
      support: later("It does not reach the sidecar's environment"),
    }),
    field("kill_timeout", "duration", "The time between the signal and the kill"),
    inner("logs", LOGS.table, LOGS.doc, {
      api: "LogConfig",
      support: later("Docker keeps the sidecar's logs its own way"),
    }),
    field("shutdown_delay", "duration", "The wait before its end"),
    field("kill_signal", "text", "The signal to end with", { default: "" }),
    newer("identity", "a sidecar_task block"),
    newer("volume_mount", "a sidecar_task block"),
  ],
};

const CONNECT_TABLE: BlockTable = {
  path: "job.group.service.connect",
  name: "a connect block",
  rows: [
    field("native", "bool", "The service speaks Connect itself", {
      default: false,
      support: later("The service is registered without Connect: no certificate reaches its task"),
    }),
    GATEWAY,
    inner("sidecar_service", SIDECAR_SERVICE, "Gives the service a sidecar"),
    inner("sidecar_task", SIDECAR_TASK, "Changes the sidecar's task", { sparse: true }),
  ],
};

export const CONNECT: Inner = inner("connect", CONNECT_TABLE, "Puts the service on the mesh");
