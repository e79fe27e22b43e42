/** The proxy of a mesh service: a container beside the app that is renewed when its identity is. */
import type { Container } from "../model/container.ts";
import type { Millis, Service } from "../model/job.ts";
import { LABEL } from "../model/labels.ts";
import { proxyPortLabel } from "../model/sidecar.ts";
import { busy, runMember, standingOf, startMember } from "./member.ts";
import { serviceId } from "./naming.ts";
import { localPortOf, notListening } from "./registration-spec.ts";
import { registeredState } from "./registration.ts";
import { generationOf, sidecarPlan } from "./sidecar-spec.ts";
import { currentToken, needsIdentity } from "./token.ts";
import { NOTHING_DUE, isUp, patience, restartsOf, type AllocView, type Due } from "./view.ts";

/** A proxy that ran this long has no history. */
const HEALTHY_AFTER: Millis = 30_000;
const MAX_DELAY: Millis = 30_000;

/** It runs in the living namespace with the service's present identity. */
export function isSidecarUp(view: AllocView, service: Service): boolean {
  const sidecar = view.sidecars.get(service.name);
  return isUp(sidecar, view.infra) && sidecar?.labels[LABEL.generation] === generationOf(view, service);
}

/**
 * Why the app cannot be started beside the running sidecar yet, undefined if it can: from what is bound inside the namespace.
 * The proxy `consul` binds its public port once it has its certificate, so upstreams work from then on. Envoy shows its
 * identity without the app.
 */
export function sidecarUnready(view: AllocView, service: Service): string | undefined {
  const { listening } = view.probe;
  const bindPort = view.ports.find(({ label }) => label === proxyPortLabel(service))?.to ?? 0;
  if (listening?.has(bindPort) !== true) return `the sidecar of ${service.name} does not listen yet`;
  const unbound = unboundUpstream(service, listening) ?? unboundPath(view, service, listening);
  if (unbound === undefined) return view.settings.proxy === "envoy" ? sidecarSilent(view, service) : undefined;
  return unbound;
}

function unboundUpstream(service: Service, listening: ReadonlySet<number>): string | undefined {
  const upstreams = service.connect?.sidecarService.proxy.upstreams ?? [];
  const unbound = upstreams.find(({ localBindPort }) => !listening.has(localBindPort));
  return unbound && `the upstream ${unbound.destinationName} is not bound to port ${unbound.localBindPort} yet`;
}

/** A check through a path that is not there yet would fail. */
function unboundPath(view: AllocView, service: Service, listening: ReadonlySet<number>): string | undefined {
  for (const { path, listenerPort } of service.connect?.sidecarService.proxy.expose ?? []) {
    const port = view.ports.find(({ label }) => label === listenerPort);
    if (port === undefined) return `the exposed path ${path} of ${service.name} has no port "${listenerPort}"`;
    if (!listening.has(port.to))
      return `the exposed path ${path} of ${service.name} is not bound to port ${port.to} yet`;
  }
  return undefined;
}

/** Why clients cannot reach the service yet, as seen from outside; undefined if the sidecar shows the service's identity. */
export function sidecarSilent(view: AllocView, service: Service): string | undefined {
  // A service without a port only has upstreams: nobody calls it, and the proxy `consul` answers for no app.
  if (localPortOf(view, service) === 0 && view.settings.proxy === "consul") return undefined;
  const { sidecars } = view.probe;
  return sidecars.has(service.name)
    ? sidecars.get(service.name)
    : `the sidecar of ${service.name} has not been looked at yet`;
}

/** Brings up, renews and repairs the sidecar of one service. Needs the registration: a proxy asks Consul for what it is. */
export function planSidecar(view: AllocView, service: Service): Due {
  const { infra } = view;
  if (infra?.state !== "running") return NOTHING_DUE;
  const id = serviceId(view.ref.alloc, view.group.name, service);
  if (view.registrations.get(id)?.inAgent !== true) return NOTHING_DUE;
  if (needsIdentity(view, service) && currentToken(view, service.name) === undefined) return NOTHING_DUE;
  const sidecar = view.sidecars.get(service.name);
  const due = planStanding(view, service, infra, sidecar);
  return due.steps.length === 0 ? due : { waiting: `the sidecar of ${service.name} is being started`, ...due };
}

function planStanding(view: AllocView, service: Service, infra: Container, sidecar: Container | undefined): Due {
  const fresh = (restarts = restartsOf(undefined)): Due => {
    const plan = sidecarPlan(view, service, infra, restarts);
    if ("problem" in plan) return { steps: [], waiting: plan.problem };
    return { steps: runMember(infra, plan.spec, plan.files, sidecar) };
  };
  if (sidecar !== undefined && sidecar.labels[LABEL.generation] !== generationOf(view, service)) return fresh();
  switch (standingOf(sidecar, infra)) {
    case "absent":
    case "foreign":
    case "stranded":
      return fresh();
    case "startable":
      return sidecar === undefined ? NOTHING_DUE : startAgain(view, service, infra, sidecar);
    case "ended":
      return restart(view, sidecar, fresh);
    case "busy":
      return busy(sidecar);
    case "up": {
      // Once the service is open, Consul's own checks say how the sidecar is: nobody looks any more.
      if (registeredState(view, serviceId(view.ref.alloc, view.group.name, service)) === "open") return NOTHING_DUE;
      const unready =
        sidecarUnready(view, service) ?? (notListening(view) === undefined ? sidecarSilent(view, service) : undefined);
      return unready === undefined
        ? NOTHING_DUE
        : { steps: [], waiting: unready, recheck: patience(sidecar, view.now) };
    }
  }
}

/** At once the first time, then later and later while it keeps ending young. */
function restart(
  { now }: AllocView,
  ended: Container | undefined,
  fresh: (restarts: { readonly count: number; readonly since: Millis }) => Due,
): Due {
  const finished = ended?.finishedAt ?? now;
  const age = finished - (ended?.startedAt ?? finished);
  const before = age >= HEALTHY_AFTER ? 0 : restartsOf(ended).count;
  const delay = before === 0 ? 0 : Math.min(MAX_DELAY, 250 * 2 ** before);
  const left = finished + delay - now;
  if (left <= 0) return fresh({ count: before + 1, since: now });
  const exit = `exit code ${ended?.exitCode ?? "unknown"}${ended?.oomKilled === true ? ", out of memory" : ""}`;
  return {
    steps: [],
    waiting: `the sidecar ${ended?.name ?? ""} ended (${exit}), next try in ${Math.ceil(left / 1000)} s`,
    recheck: left,
  };
}

/** As it was made, with its files put into memory once more; made anew if they are for another Envoy by now. */
function startAgain(view: AllocView, service: Service, infra: Container, sidecar: Container): Due {
  const plan = sidecarPlan(view, service, infra, restartsOf(sidecar));
  if ("problem" in plan) return { steps: [], waiting: plan.problem };
  if (plan.spec.image !== sidecar.image) return { steps: runMember(infra, plan.spec, plan.files, sidecar) };
  return { steps: [startMember(infra, sidecar, plan.files)] };
}
