/** The containers of one allocation as a picture shows them: their names, and what listens inside their namespace. */
import type { Container } from "../../src/model/container.ts";
import type { TaskGroup } from "../../src/model/job.ts";
import { LABEL } from "../../src/model/labels.ts";
import { readPorts } from "../../src/model/ports.ts";
import { proxyPortLabel } from "../../src/model/sidecar.ts";
import { localPortOf } from "../../src/reconcilers/registration-spec.ts";

/** `infra`, or the name of its task. */
export function nameOf({ role, labels, name }: Container): string {
  return role === "infra" ? "infra" : (labels[LABEL.task] ?? name);
}

/** Ports listened on: those of the apps if any task runs there, those of each sidecar that does; nothing by the `mute` ones. */
export function listeningIn(
  members: readonly Container[],
  group: TaskGroup,
  mute: ReadonlySet<string>,
): ReadonlySet<number> {
  const infra = members.find(({ role }) => role === "infra");
  const ports = readPorts(infra?.labels[LABEL.ports]) ?? [];
  const listens = (each: Container | undefined): boolean =>
    each?.state === "running" && each.networkMode === `container:${infra?.id}` && !mute.has(nameOf(each));
  const isApp = members.some((each) => each.role === "task" && listens(each));
  return new Set(
    group.services.flatMap((service) => {
      const sidecar = members.find(({ labels }) => labels[LABEL.service] === service.name);
      const proxy = service.connect?.sidecarService.proxy.upstreams.map(({ localBindPort }) => localBindPort) ?? [];
      const exposed = service.connect?.sidecarService.proxy.expose?.map(({ listenerPort }) => listenerPort) ?? [];
      const bound = [proxyPortLabel(service), ...exposed].map(
        (name) => ports.find(({ label }) => label === name)?.to ?? 0,
      );
      return [...(isApp ? [localPortOf({ ports }, service)] : []), ...(listens(sidecar) ? [...bound, ...proxy] : [])];
    }),
  );
}
