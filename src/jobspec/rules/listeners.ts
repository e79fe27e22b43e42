/** The rule that in one namespace each port has one listener: a second would take what is meant for the first, or not start. */
import type { TaskGroup } from "../../model/job.ts";
import { proxyPortLabel } from "../../model/sidecar.ts";
import { exposureOf } from "../admission/expose.ts";
import { appPortsOf } from "./connect.ts";
import type { Judge } from "./judge.ts";

/** A sidecar's listener, and where the job says so. */
interface Listener {
  readonly label: string;
  readonly what: string;
  readonly part: object;
  readonly argument: string;
}

/** Sidecars and what they expose against the apps, the upstreams and each other. */
export function judgeListeners(judge: Judge, group: TaskGroup): void {
  const inside = insidePorts(group);
  const owners = new Map(takenPorts(group, inside));
  for (const { label, what, part, argument } of listenersOf(group)) {
    const place = inside.get(label) ?? label;
    const owner = owners.get(place);
    const detail = "Each needs a port of its own in the group's network";
    owners.set(place, owner ?? what);
    // A label that nobody wrote is double only where the names of services are, and that is an error of its own.
    if (owner === undefined || !judge.given(part, argument)) continue;
    judge.refuse(part, argument, `The port "${label}" is that of ${owner} already`, detail);
  }
}

function listenersOf(group: TaskGroup): readonly Listener[] {
  return group.services.flatMap((service) => {
    if (service.connect === undefined) return [];
    const { sidecarService } = service.connect;
    const what = `the sidecar of "${service.name}"`;
    const exposed = exposureOf(group, service).paths.map(({ origin, path }): Listener => {
      const argument = "listenerPort" in origin ? "listener_port" : "port";
      return { label: path.listenerPort, what: `the exposed path ${path.path}`, part: origin, argument };
    });
    return [{ label: proxyPortLabel(service), what, part: sidecarService, argument: "port" }, ...exposed];
  });
}

/** By label the number inside the namespace, or the label itself where only the allocation will tell the number. */
function insidePorts({ network }: TaskGroup): ReadonlyMap<string, string> {
  return new Map(
    network.ports.map(({ label, to, static: fixed = 0 }) => {
      const number = to > 0 ? to : fixed;
      return [label, number > 0 ? String(number) : label];
    }),
  );
}

function takenPorts(group: TaskGroup, inside: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return group.services.flatMap((service) => {
    if (service.connect === undefined) return [];
    const app = `the app of "${service.name}"`;
    const { upstreams, localServicePort } = service.connect.sidecarService.proxy;
    // Where it says that the app listens elsewhere, the service's port is only what is registered.
    const own = localServicePort > 0 || service.port === "" ? [] : [inside.get(service.port) ?? service.port];
    return [
      ...own.map((port) => [port, app] as const),
      ...appPortsOf(group, service).map((port) => [String(port), app] as const),
      ...upstreams.map((each) => [String(each.localBindPort), `the upstream "${each.destinationName}"`] as const),
    ];
  });
}
