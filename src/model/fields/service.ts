/** The fields of a service: most are only told to Consul; what a sidecar is told when it is made replaces. */
import { BOOTSTRAP_KEYS } from "../bootstrap-keys.ts";
import type { Check, Connect, ExposePath, Proxy, Service, SidecarService, SidecarTask, Upstream } from "../job.ts";
import { block, blocks, duration, type Fields, IN_PLACE, leaf, NOTHING, REPLACE, type Rule } from "./field.ts";
import { RESOURCES } from "./task.ts";

/** The name and port of a sidecar's service are part of how it is made. */
const OF_SIDECAR: Rule = { ...IN_PLACE, but: { where: "mesh", cost: "replace" } };
/** Consul's built-in proxy is told by its arguments; Envoy learns it from Consul while it runs. */
const ARGUMENT: Rule = { ...IN_PLACE, but: { where: "builtIn", cost: "replace" } };
/** The built-in proxy cannot: what runs stays, and a new allocation that is to, tells why it does not start. */
const EXPOSE: Rule = ARGUMENT;
/** Only Envoy has a bootstrap. */
const BOOTSTRAP: Rule = { ...IN_PLACE, but: { where: "envoy", cost: "replace" } };

const CHECK: Fields<Check> = {
  name: leaf("name", IN_PLACE),
  type: leaf("type", IN_PLACE),
  interval: duration("interval", IN_PLACE),
  timeout: duration("timeout", IN_PLACE),
  port: leaf("port", IN_PLACE),
  path: leaf("path", IN_PLACE),
  protocol: leaf("protocol", IN_PLACE),
  method: leaf("method", IN_PLACE),
  header: leaf("header", IN_PLACE),
  body: leaf("body", IN_PLACE),
  grpcService: leaf("grpc_service", IN_PLACE),
  grpcUseTls: leaf("grpc_use_tls", IN_PLACE),
  tlsSkipVerify: leaf("tls_skip_verify", IN_PLACE),
  initialStatus: leaf("initial_status", IN_PLACE),
  successBeforePassing: leaf("success_before_passing", IN_PLACE),
  failuresBeforeCritical: leaf("failures_before_critical", IN_PLACE),
  expose: leaf("expose", NOTHING),
};

const UPSTREAM: Fields<Upstream> = {
  destinationName: leaf("destination_name", ARGUMENT),
  destinationNamespace: leaf("destination_namespace", ARGUMENT),
  datacenter: leaf("datacenter", ARGUMENT),
  localBindPort: leaf("local_bind_port", ARGUMENT),
  localBindAddress: leaf("local_bind_address", ARGUMENT),
  meshGatewayMode: leaf("mesh_gateway > mode", ARGUMENT),
};

const EXPOSE_PATH: Fields<ExposePath> = {
  path: leaf("path", EXPOSE),
  protocol: leaf("protocol", EXPOSE),
  localPathPort: leaf("local_path_port", EXPOSE),
  listenerPort: leaf("listener_port", EXPOSE),
};

const PROXY: Fields<Proxy> = {
  localServiceAddress: leaf("local_service_address", ARGUMENT),
  localServicePort: leaf("local_service_port", ARGUMENT),
  upstreams: blocks("upstreams", "destinationName", UPSTREAM),
  config: leaf("config", IN_PLACE, { keys: { names: BOOTSTRAP_KEYS, rule: BOOTSTRAP } }),
  expose: blocks("expose > path", "path", EXPOSE_PATH),
};

const SIDECAR_SERVICE: Fields<SidecarService> = {
  tags: leaf("tags", IN_PLACE),
  port: leaf("port", REPLACE),
  disableDefaultTcpCheck: leaf("disable_default_tcp_check", IN_PLACE),
  proxy: block("proxy", PROXY),
};

/** All of it is kept in the revision, also how a sidecar is stopped. */
const SIDECAR_TASK: Fields<SidecarTask> = {
  name: leaf("name", REPLACE),
  user: leaf("user", REPLACE),
  image: leaf("config > image", REPLACE),
  command: leaf("config > command", REPLACE),
  args: leaf("config > args", REPLACE),
  entrypoint: leaf("config > entrypoint", REPLACE),
  env: leaf("env", REPLACE),
  resources: block("resources", RESOURCES),
  killTimeout: duration("kill_timeout", REPLACE),
  killSignal: leaf("kill_signal", REPLACE),
  shutdownDelay: duration("shutdown_delay", REPLACE),
};

const CONNECT: Fields<Connect> = {
  sidecarService: block("sidecar_service", SIDECAR_SERVICE),
  sidecarTask: block("sidecar_task", SIDECAR_TASK),
};

export const SERVICE: Fields<Service> = {
  name: leaf("name", OF_SIDECAR),
  port: leaf("port", OF_SIDECAR),
  tags: leaf("tags", IN_PLACE),
  meta: leaf("meta", IN_PLACE),
  addressMode: leaf("address_mode", NOTHING),
  enableTagOverride: leaf("enable_tag_override", IN_PLACE),
  task: leaf("task", IN_PLACE),
  checks: blocks("check", "name", CHECK),
  connect: block("connect", CONNECT),
};
