/** Rows of the Docker driver's config, of tasks and of sidecars. */
import { field, inner, later, moot, newer } from "./rows.ts";
import type { BlockTable, Field, Inner, Row } from "./rows.ts";
import { MOUNT, MOUNTS } from "./docker-mounts.ts";

const PATH = "job.group.task.config";
const WINDOWS = moot("It is for Windows");
const SHARED = "All tasks of a group share its namespace: write it in the group's network block";
const NOT_PASSED = "It is not passed on to Docker";

function unpassed(name: string, type: Field["type"], doc: string, preset?: Field["default"]): Field {
  return field(name, type, doc, {
    api: name,
    support: later(NOT_PASSED),
    ...(preset === undefined ? {} : { default: preset }),
  });
}

function shared(name: string, type: Field["type"], doc: string): Field {
  return field(name, type, doc, { api: name, support: moot(SHARED) });
}

function part(name: string, what: string, rows: readonly Row[], doc: string, sentence: string): Inner {
  const table = { path: `${PATH}.${name}`, name: what, rows, verbatim: true };
  return inner(name, table, doc, { api: name, either: true, support: later(sentence) });
}

const AUTH = part(
  "auth",
  "an auth block",
  [
    field("username", "text", "The user", { api: "username" }),
    field("password", "text", "The password", { api: "password" }),
    field("email", "text", "The user's address", { api: "email" }),
    field("server_address", "text", "The registry", { api: "server_address" }),
  ],
  "How to log in to the registry",
  "Images are pulled without a login",
);

const LOGGING = part(
  "logging",
  "a logging block",
  [
    field("type", "text", "The log driver (old name)", { api: "type" }),
    field("driver", "text", "The log driver", { api: "driver" }),
    field("config", "text map", "Its options", { api: "config", listed: true }),
  ],
  "Where Docker puts the logs",
  "Docker uses its own log driver",
);

const HEALTHCHECKS = part(
  "healthchecks",
  "a healthchecks block",
  [field("disable", "bool", "Leaves out the image's own health check", { api: "disable" })],
  "The image's own health check",
  NOT_PASSED,
);

const DEVICES: Inner = {
  ...part(
    "devices",
    "a devices block",
    [
      field("host_path", "text", "The device on the host", { api: "host_path" }),
      field("container_path", "text", "The device in the container", { api: "container_path" }),
      field("cgroup_permissions", "text", "What may be done with it", { api: "cgroup_permissions" }),
    ],
    "Devices of the host",
    NOT_PASSED,
  ),
  form: "list",
};

/** What a sidecar's config can change as well. */
const PROGRAM: readonly Row[] = [
  field("image", "text", "The image", { api: "image" }),
  field("command", "text", "What is run in place of the image's command", { api: "command" }),
  field("args", "texts", "Its arguments", { api: "args" }),
  field("entrypoint", "texts", "In place of the image's entrypoint", { api: "entrypoint" }),
];

const HONOURED: readonly Field[] = [
  field("work_dir", "text", "The directory that the command runs in", { api: "work_dir" }),
  field("cap_add", "texts", "Capabilities that are added", { api: "cap_add" }),
  field("cap_drop", "texts", "Capabilities that are taken away", { api: "cap_drop" }),
  field("readonly_rootfs", "bool", "The image's files cannot be written", { api: "readonly_rootfs", default: false }),
  field("labels", "text map", "Labels of the container", { api: "labels", listed: true }),
  field("ports", "texts", "Labels of the network; all of them are published by the group", { api: "ports" }),
];

const NOT_YET: readonly Row[] = [
  field("force_pull", "bool", "Pulls the image although it is there", {
    api: "force_pull",
    default: false,
    support: later("An image is pulled only where it is missing: give each version a tag of its own"),
  }),
  unpassed("advertise_ipv6_address", "bool", "Registers the container's IPv6 address", false),
  AUTH,
  field("auth_soft_fail", "bool", "Pulls without a login if there is none", {
    api: "auth_soft_fail",
    default: false,
    support: later("Images are pulled without a login"),
  }),
  unpassed("cpu_cfs_period", "integer", "The period of the hard limit, in microseconds"),
  unpassed("cpu_hard_limit", "bool", "cpu is a hard limit", false),
  unpassed("cpuset_cpus", "text", "The CPUs it may run on"),
  DEVICES,
  shared("dns_options", "texts", "Options of the resolver"),
  shared("dns_search_domains", "texts", "Search domains"),
  shared("dns_servers", "texts", "Addresses of name servers"),
  unpassed("extra_hosts", "texts", "More lines of /etc/hosts"),
  HEALTHCHECKS,
  shared("hostname", "text", "The host name"),
  field("image_pull_timeout", "text", "How long a pull may take", {
    api: "image_pull_timeout",
    support: later("A pull takes as long as it takes"),
  }),
  unpassed("init", "bool", "Runs an init in the container", false),
  unpassed("interactive", "bool", "Keeps the standard input open", false),
  unpassed("ipc_mode", "text", "The IPC namespace"),
  shared("ipv4_address", "text", "The container's IPv4 address"),
  shared("ipv6_address", "text", "The container's IPv6 address"),
  field("load", "text", "An archive that holds the image", {
    api: "load",
    support: later("The image is pulled: no archive is loaded"),
  }),
  LOGGING,
  shared("mac_address", "text", "The container's MAC address"),
  unpassed("memory_hard_limit", "integer", "MiB, above memory"),
  MOUNT,
  MOUNTS,
  shared("network_aliases", "texts", "More names in the container's network"),
  shared("network_mode", "text", "The container's network"),
  unpassed("pid_mode", "text", "The PID namespace"),
  unpassed("pids_limit", "integer", "How many processes there may be"),
  field("port_map", "opaque map", "Ports of the time before groups had networks", {
    api: "port_map",
    listed: true,
    support: moot("Write port { to = NUMBER } in the group's network block"),
  }),
  unpassed("privileged", "bool", "All rights on the host", false),
  unpassed("runtime", "text", "The OCI runtime"),
  unpassed("security_opt", "texts", "Options of the security modules"),
  unpassed("shm_size", "integer", "Bytes of /dev/shm"),
  unpassed("storage_opt", "text map", "Options of the storage driver"),
  unpassed("sysctl", "text map", "Kernel parameters of the namespace"),
  unpassed("tty", "bool", "Gives the container a terminal", false),
  unpassed("ulimit", "text map", "Limits of processes"),
  unpassed("userns_mode", "text", "The user namespace"),
  unpassed("uts_mode", "text", "The UTS namespace"),
  field("volume_driver", "text", "The driver of its volumes", { api: "volume_driver", support: later(NOT_PASSED) }),
  field("volumes", "texts", "Paths of the host, or volumes, that are mounted", {
    api: "volumes",
    support: later("Nothing is mounted: what the task writes goes with its container"),
  }),
  ...["cgroupns", "container_exists_attempts", "group_add", "oom_score_adj"].map((name) =>
    newer(name, "a task's config", name),
  ),
  field("isolation", "text", "Of Windows", { api: "isolation", support: WINDOWS }),
];

export const CONFIG: BlockTable = {
  path: PATH,
  name: "a task's config",
  rows: [...PROGRAM, ...HONOURED, ...NOT_YET],
  verbatim: true,
};

const OWN = "A sidecar's container is made the way its proxy needs it";

export const SIDECAR_CONFIG: BlockTable = {
  path: "job.group.service.connect.sidecar_task.config",
  name: "the config of a sidecar_task",
  rows: [
    ...PROGRAM,
    ...HONOURED.map((row) => ({ ...row, support: later(OWN) })),
    ...NOT_YET.map((row) =>
      row.kind === "api" || row.support?.state === "refused" ? row : { ...row, support: later(OWN) },
    ),
  ],
  verbatim: true,
};
