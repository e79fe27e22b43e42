/** The order of a life: the sidecar listens before the app first starts, and a token goes after its last registration. */
import { LABEL, refOf, roleOf } from "../../../src/model/labels.ts";
import { META } from "../../../src/model/registration.ts";
import { allocsIn, isLiving, tokensOf } from "../truth.ts";
import type { World } from "../world.ts";
import type { Invariant, Report } from "./invariant.ts";

export function keepsOrder(world: World, report: Report): Invariant {
  const listened = new Set<string>();
  return {
    onStep: () => {
      for (const alloc of allocsIn(world).values())
        for (const [service, sidecar] of alloc.sidecars) {
          const listeners = isLiving(sidecar, alloc) ? (sidecar.run?.namespace.listeners ?? []) : [];
          if (listeners.some(({ port }) => port === world.proxyFacts(sidecar)?.port))
            listened.add(`${alloc.ref.alloc} ${service}`);
        }
    },
    onEffect: ({ operation, subject }) => {
      if (operation === "delete-token") tokenIsLast(world, subject, report);
      if (operation === "start") sidecarIsFirst(world, subject, listened, report);
    },
  };
}

/** An agent of Consul < 1.15 needs the service's own token to take it out of the catalog. */
function tokenIsLast(world: World, accessor: string, report: Report): void {
  const mark = tokensOf(world).find((each) => each.accessor === accessor)?.mark;
  if (mark === undefined) return;
  const { agent, catalog } = world.consul;
  const entries = [...agent.services.values(), ...[...catalog.values()].map(({ service }) => service)];
  for (const { id, name, meta } of entries) {
    const isUser = meta[META.alloc] === mark.ref.alloc && meta[META.generation] === String(mark.generation);
    if (isUser && name === mark.service) report(`the token of ${id} is deleted while it is registered`);
  }
}

function sidecarIsFirst(world: World, subject: string, listened: ReadonlySet<string>, report: Report): void {
  const { docker, consul } = world;
  const started = [...docker.containers.values()].find(({ id, spec }) => id === subject || spec.name === subject);
  const labels = started?.spec.labels ?? {};
  const alloc = refOf(labels)?.alloc;
  if (roleOf(labels) !== "task") return;
  for (const { kind, name, meta } of consul.agent.services.values()) {
    const key = `${alloc} ${name.replace(/-sidecar-proxy$/, "")}`;
    if (kind === "connect-proxy" && meta[META.alloc] === alloc && !listened.has(key))
      report(`the task ${labels[LABEL.task]} starts before ${name} listens`);
  }
}
