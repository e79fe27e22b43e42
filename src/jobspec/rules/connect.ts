/** The rules for services on the mesh. */
import {
  connectProxyName,
  type Connect,
  type Service,
  type SidecarTask,
  type TaskGroup,
  type Upstream,
} from "../../model/job.ts";
import { judgeBootstrap } from "./bootstrap.ts";
import { judgeImage } from "./image.ts";
import { isDeferred, judgeKnown } from "./judge.ts";
import type { Judge } from "./judge.ts";
import { judgeKill } from "./tasks.ts";

const MAX_PORT = 65_535;
/** Docker takes no larger uids and gids. */
const MAX_ID = 2 ** 31 - 1;
const LOOPBACK = "127.0.0.1";

export function judgeConnect(judge: Judge, group: TaskGroup, service: Service, connect: Connect): void {
  if (service.task !== undefined) {
    judge.refuse(
      service,
      "connect",
      "Only a service of the group can have a connect block",
      "Move the service to the group",
    );
    return;
  }
  judgeNetworkMode(judge, group, service);
  judgeCase(judge, group, service);
  judgeTaskName(judge, group, service);
  const { proxy } = connect.sidecarService;
  judge.range(proxy, "local_service_port", proxy.localServicePort, [1, MAX_PORT]);
  for (const upstream of proxy.upstreams) {
    judgeUpstream(judge, upstream);
    judgeItself(judge, service, upstream);
  }
  judgeSidecarTask(judge, connect.sidecarTask);
  judgeBootstrap(judge, connect);
}

function judgeSidecarTask(judge: Judge, task: SidecarTask): void {
  judgeKill(judge, task);
  if (task.image !== undefined) judgeImage(judge, task, task.image);
  if (task.user === undefined || isNumericUser(task.user)) return;
  const detail = `Secrets are handed to it by number: write user = "UID" or "UID:GID", each at most ${MAX_ID}`;
  judge.refuse(task, "user", `The user of a sidecar_task must be a number, not "${task.user}"`, detail);
}

function isNumericUser(user: string): boolean {
  return /^\d+(?::\d+)?$/.test(user) && user.split(":").every((id) => Number(id) <= MAX_ID);
}

function judgeNetworkMode(judge: Judge, group: TaskGroup, service: Service): void {
  const { network } = group;
  if (network.mode === "bridge" || !judge.isKnown(network, "mode")) return;
  const detail = 'Write network { mode = "bridge" } in the group';
  const summary = `Connect needs a bridge network, and group "${group.name}" has mode "${network.mode}"`;
  if (judge.given(network, "mode")) judge.refuse(network, "mode", summary, detail);
  else judge.refuse(service, "connect", summary, detail);
}

/** Consul matches intentions and certificates by lower-case names. */
function judgeCase(judge: Judge, group: TaskGroup, service: Service): void {
  const lower = (name: string) => !/\p{Lu}/u.test(name);
  if (!isDeferred(service.name) && !lower(service.name)) {
    judge.refuse(service, "name", `The name "${service.name}" of a service on the mesh must be in lower case`);
  }
  if (!lower(group.name)) {
    judge.refuse(group, undefined, `The name "${group.name}" of a group on the mesh must be in lower case`);
  }
}

/** Both would want one name for their containers, and one place for their secrets. */
function judgeTaskName(judge: Judge, { tasks }: TaskGroup, service: Service): void {
  const namesake = tasks.find(({ name }) => name === connectProxyName(service.name));
  if (namesake === undefined) return;
  const detail = "Give the task another name; what the job changes about the sidecar goes into a sidecar_task block";
  judge.refuse(namesake, undefined, `"${namesake.name}" is the sidecar of the service "${service.name}"`, detail);
}

function judgeUpstream(judge: Judge, upstream: Upstream): void {
  const named = judge.require(upstream, "destination_name", "An upstreams block", "It names the service to reach");
  if (named && upstream.destinationName === "")
    judge.refuse(upstream, "destination_name", "destination_name cannot be empty");
  judgeKnown(judge, upstream, "destination_name", upstream.destinationName, "an upstream");
  if (judge.require(upstream, "local_bind_port", "An upstreams block", "It is the port to reach the service at")) {
    judge.range(upstream, "local_bind_port", upstream.localBindPort, [1, MAX_PORT]);
  }
}

/** In another datacenter it is another service of the same name. */
function judgeItself(judge: Judge, { name }: Service, upstream: Upstream): void {
  if (upstream.destinationName !== name || upstream.datacenter !== "" || upstream.destinationNamespace !== "") return;
  const detail = "Its app needs no upstream to reach itself: take it out, or name another service";
  judge.refuse(upstream, "destination_name", `The service "${name}" is an upstream of itself`, detail);
}

/** All upstreams of a group listen in one namespace. */
export function judgeBindAddresses(judge: Judge, group: TaskGroup): void {
  const owned = group.services.flatMap((service) => {
    const upstreams = service.connect?.sidecarService.proxy.upstreams ?? [];
    return upstreams.map((upstream) => ({ service, upstream }));
  });
  const bound = owned.filter(({ upstream }) => upstream.localBindPort !== 0);
  for (const { upstream } of bound) judgeAppPorts(judge, group, upstream);
  judge.duplicates(
    bound,
    ({ upstream }) => addressOf(upstream),
    ({ upstream }, address, first) => {
      const summary = `Another upstream of this group listens on ${address} already`;
      judge.refuse(upstream, "local_bind_port", summary, undefined, first.upstream);
    },
  );
}

/** An upstream's listener in place of the app would be taken for it: what is sent to the service would go to the upstream. */
function judgeAppPorts(judge: Judge, group: TaskGroup, upstream: Upstream): void {
  const { localBindPort: port } = upstream;
  const app = group.services.find((service) => appPortsOf(group, service).includes(port));
  if (app === undefined || port === 0) return;
  const detail = "Choose another local_bind_port: both listen in the group's one network namespace";
  judge.refuse(upstream, "local_bind_port", `Port ${port} is that of the service "${app.name}" of this group`, detail);
}

/** Where an app listens inside the namespace, as far as the file says it. */
export function appPortsOf({ network }: TaskGroup, service: Service): readonly number[] {
  const label = network.ports.find((port) => port.label === service.port);
  const literal = label === undefined ? Number(service.port) : label.to > 0 ? label.to : (label.static ?? 0);
  const local = service.connect?.sidecarService.proxy.localServicePort ?? 0;
  return [local > 0 ? local : literal].filter((port) => port > 0);
}

function addressOf({ localBindAddress, localBindPort }: Upstream): string {
  return `${localBindAddress === "" ? LOOPBACK : localBindAddress}:${localBindPort}`;
}
