/** The rules for what a sidecar exposes: paths that the job writes, and checks that go through one. */
import type { Check, ExposePath, Service, TaskGroup } from "../../model/job.ts";
import { localPathPort } from "../admission/expose.ts";
import { isDeferred } from "./judge.ts";
import type { Judge } from "./judge.ts";

const MAX_PORT = 65_535;
/** What Consul's grpc checks call. */
const GRPC_HEALTH = "/grpc.health.v1.Health/Check";

export function judgeExposed(judge: Judge, group: TaskGroup): void {
  for (const service of group.services) {
    for (const path of service.connect?.sidecarService.proxy.expose ?? []) judgeWritten(judge, group, path);
    for (const check of service.checks) if (check.expose === true) judgeCheck(judge, group, service, check);
  }
}

function judgeWritten(judge: Judge, { network }: TaskGroup, path: ExposePath): void {
  const owner = "A path block of expose";
  if (judge.require(path, "path", owner, 'Write path = "/health"')) judgePath(judge, path, path.path);
  if (judge.require(path, "local_path_port", owner, "It is the port the app serves the path on")) {
    judge.range(path, "local_path_port", path.localPathPort, [1, MAX_PORT]);
  }
  const detail = `Write port "${path.listenerPort}" {} in the group's network block`;
  if (!judge.require(path, "listener_port", owner, "It names a port of the group's network")) return;
  if (!judge.isWhole(network) || network.ports.some(({ label }) => label === path.listenerPort)) return;
  judge.refuse(path, "listener_port", `The group's network has no port "${path.listenerPort}"`, detail);
}

function judgePath(judge: Judge, part: ExposePath | Check, path: string): void {
  if (isDeferred(path) || path.startsWith("/")) return;
  judge.refuse(part, "path", `An exposed path starts with "/", and "${path}" does not`);
}

/** Outside bridge mode the service's connect block is refused already. */
function judgeCheck(judge: Judge, group: TaskGroup, service: Service, check: Check): void {
  if (service.connect === undefined) {
    const where = service.task === undefined ? "" : ", and only a service of the group can have one";
    const detail = `It is the sidecar that exposes the check's path${where}; take expose out`;
    return judge.refuse(check, "expose", `expose needs a sidecar, and the service "${service.name}" has none`, detail);
  }
  if (check.type === "tcp") {
    if (judge.given(check, "type")) judge.refuse(check, "expose", "Only http and grpc checks can be exposed");
    return;
  }
  if (check.type === "http") judgeHttp(judge, check);
  else judgeGrpc(judge, check);
  judgePorts(judge, group, service, check);
}

function judgeHttp(judge: Judge, check: Check): void {
  if (judge.given(check, "path") && check.path !== "") judgePath(judge, check, check.path);
  if (check.protocol.toLowerCase() !== "https") return;
  judge.refuse(check, "protocol", "An exposed check cannot use https", "The sidecar serves exposed paths without TLS");
}

function judgeGrpc(judge: Judge, check: Check): void {
  if (check.path === "") {
    const detail = `Write path = "${GRPC_HEALTH}", which is what Consul's grpc checks call`;
    judge.refuse(check, "expose", "An exposed grpc check needs the path that its sidecar lets through", detail);
  } else {
    judgePath(judge, check, check.path);
  }
  if (!check.grpcUseTls) return;
  const detail = "The sidecar serves exposed paths without TLS";
  judge.refuse(check, "grpc_use_tls", "An exposed check cannot use TLS", detail);
}

function judgePorts(judge: Judge, group: TaskGroup, service: Service, check: Check): void {
  if (localPathPort(group, service) === undefined) {
    const summary = `It is not known where the app of "${service.name}" listens, so nothing of it can be exposed`;
    judge.refuse(check, "expose", summary, "Write port = … in the service");
  }
  if (!/^\d+$/.test(check.port)) return;
  const detail =
    "Take it out for a port of its own, or name a port of the group's network on which the sidecar listens";
  judge.refuse(check, "port", "The port of an exposed check must be a label", detail);
}
