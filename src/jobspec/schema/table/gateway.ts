/** Rows of connect's gateway: ingress, terminating and mesh. */
import { field, inner, later } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";

const PATH = "job.group.service.connect.gateway";

const BIND_ADDRESS: BlockTable = {
  path: `${PATH}.proxy.envoy_gateway_bind_addresses`,
  name: "an envoy_gateway_bind_addresses block",
  rows: [
    field("address", "text", "The address", { default: "" }),
    field("port", "integer", "The port", { default: 0 }),
  ],
};

const PROXY: BlockTable = {
  path: `${PATH}.proxy`,
  name: "a proxy block of a gateway",
  rows: [
    field("connect_timeout", "duration", "How long a connection may take", { default: "5s" }),
    field("envoy_gateway_bind_tagged_addresses", "bool", "Listens on the service's tagged addresses", {
      default: false,
    }),
    inner("envoy_gateway_bind_addresses", BIND_ADDRESS, "An address to listen on, by name", {
      label: "Name",
      form: "map",
    }),
    field("envoy_gateway_no_default_bind", "bool", "Does not listen on the service's address", { default: false }),
    field("envoy_dns_discovery_type", "text", "How names are resolved", {
      api: "EnvoyDNSDiscoveryType",
      default: "",
      choices: ["", "STRICT_DNS", "LOGICAL_DNS"],
    }),
    field("config", "opaque map", "Passed on to the proxy", { asBlock: true }),
  ],
};

const TLS: BlockTable = {
  path: `${PATH}.ingress.tls`,
  name: "a tls block",
  rows: [
    field("enabled", "bool", "Listens with TLS", { default: false }),
    field("tls_min_version", "text", "The oldest version", { api: "TLSMinVersion", default: "" }),
    field("tls_max_version", "text", "The newest version", { api: "TLSMaxVersion", default: "" }),
    field("cipher_suites", "texts", "The cipher suites"),
  ],
};

const LISTENER: BlockTable = {
  path: `${PATH}.ingress.listener`,
  name: "a listener block",
  rows: [
    field("port", "integer", "The port", { default: 0 }),
    field("protocol", "text", "tcp, http, http2 or grpc", {
      default: "tcp",
      nullable: false,
      choices: ["", "tcp", "http", "http2", "grpc"],
    }),
    inner(
      "service",
      {
        path: `${PATH}.ingress.listener.service`,
        name: "a service block of a listener",
        rows: [
          field("name", "text", "The service; * for all", { default: "" }),
          field("hosts", "texts", "The host names that lead to it"),
        ],
      },
      "A service behind the listener",
      { api: "Services", form: "list" },
    ),
  ],
};

const LINKED_SERVICE: BlockTable = {
  path: `${PATH}.terminating.service`,
  name: "a service block of a terminating gateway",
  rows: [
    field("name", "text", "The service", { default: "" }),
    field("ca_file", "text", "The file of its authority", { api: "CAFile", default: "" }),
    field("cert_file", "text", "The file of the certificate for it", { default: "" }),
    field("key_file", "text", "The file of the key for it", { default: "" }),
    field("sni", "text", "The name to ask for", { api: "SNI", default: "" }),
  ],
};

const GATEWAY_TABLE: BlockTable = {
  path: PATH,
  name: "a gateway block",
  rows: [
    inner("proxy", PROXY, "How the gateway's proxy is set up"),
    inner(
      "ingress",
      {
        path: `${PATH}.ingress`,
        name: "an ingress block",
        rows: [
          inner("tls", TLS, "TLS of all listeners", { api: "TLS" }),
          inner("listener", LISTENER, "A port to listen on", { api: "Listeners", form: "list" }),
        ],
      },
      "Lets traffic into the mesh",
    ),
    inner(
      "terminating",
      {
        path: `${PATH}.terminating`,
        name: "a terminating block",
        rows: [inner("service", LINKED_SERVICE, "A service outside the mesh", { api: "Services", form: "list" })],
      },
      "Lets traffic out of the mesh",
    ),
    inner("mesh", { path: `${PATH}.mesh`, name: "a mesh block", rows: [] }, "Joins meshes of datacenters"),
  ],
};

export const GATEWAY: Inner = inner("gateway", GATEWAY_TABLE, "Makes the service a gateway", {
  support: later("The service is registered without Connect, and no gateway is started"),
});
