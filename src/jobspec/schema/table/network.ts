/** Rows of a group's network. */
import { field, inner, moot, newer, refused } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";

const OTHER_HOST_NETWORK = {
  matches: /^(?!default$)./,
  example: "private",
  support: refused(
    "A port cannot be kept to one host network yet",
    "It would be published on all of the host's addresses: take host_network out if that is right",
  ),
};

const PORT: BlockTable = {
  path: "job.group.network.port",
  name: "a port block",
  rows: [
    field("static", "integer", "The port of the host; a free one without it", { api: "Value", default: 0 }),
    field("to", "integer", "The port inside the namespace; -1: the same number as the host's", { default: 0 }),
    field("host_network", "text", "The host's network that the port is published on", {
      default: "",
      values: [OTHER_HOST_NETWORK],
    }),
    newer("ignore_collision", "a port block"),
  ],
};

const DNS: BlockTable = {
  path: "job.group.network.dns",
  name: "a dns block",
  rows: [
    field("servers", "texts", "Addresses of name servers"),
    field("searches", "texts", "Search domains"),
    field("options", "texts", "Options of the resolver"),
  ],
};

const NETWORK_TABLE: BlockTable = {
  path: "job.group.network",
  name: "a network block",
  rows: [
    field("mode", "text", "bridge: a namespace of its own; host: the host's; none: no network", {
      default: "",
      choices: ["bridge", "host", "none", ""],
      values: [
        {
          matches: /^cni\//,
          example: "cni/mine",
          support: refused(
            "Networks of CNI plugins are not supported yet",
            'Write mode = "bridge" for a namespace of the group\'s own',
          ),
        },
      ],
    }),
    field("device", "text", "The host's interface", {
      default: "",
      support: moot("Ports are published by Docker, not on a device"),
    }),
    field("cidr", "text", "The network's range", {
      api: "CIDR",
      default: "",
      support: moot("Nomad does not use it either"),
    }),
    field("ip", "text", "The network's address", {
      api: "IP",
      default: "",
      support: moot("Nomad does not use it either"),
    }),
    inner("dns", DNS, "How names are resolved in the namespace", { api: "DNS" }),
    inner("reserved_ports", PORT, "Another way to write a port with a static number", {
      label: "Label",
      form: "list",
    }),
    inner("port", PORT, "A port with a label", { api: "DynamicPorts", label: "Label", form: "list" }),
    field("hostname", "text", "The host name inside the namespace", { default: "" }),
    field("mbits", "integer", "Bandwidth, of the time before Nomad 0.12", {
      api: "MBits",
      support: moot("Nomad does not heed it any more either"),
    }),
    newer("cni", "a network block", "CNI"),
  ],
};

export const NETWORK: Inner = inner("network", NETWORK_TABLE, "The namespace that a group's tasks share", {
  api: "Networks",
  listed: true,
});
