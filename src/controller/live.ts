/** The plan of one allocation that is to live: facts into phases, phases into what is due. Pure. */
import { DUE, DUE_WITHOUT_SERVICE, type Concern } from "../machines/due.ts";
import { nextPhase, type ServiceFacts } from "../machines/service.ts";
import type { Service } from "../model/job.ts";
import type { Phase } from "../model/status.ts";
import { isAnyRunning, isDraining } from "../reconcilers/drain.ts";
import { planNamespace } from "../reconcilers/namespace.ts";
import { serviceId } from "../reconcilers/naming.ts";
import { planRegistration, planStrays, registeredState } from "../reconcilers/registration.ts";
import { isSidecarUp, planSidecar, sidecarSilent, sidecarUnready } from "../reconcilers/sidecar.ts";
import { localPortOf, notListening } from "../reconcilers/registration-spec.ts";
import { areTasksUp, planTasks } from "../reconcilers/task.ts";
import { currentToken, needsIdentity, planToken } from "../reconcilers/token.ts";
import { joinDue, NOTHING_DUE, type AllocView, type Due } from "../reconcilers/view.ts";

export interface LivePlan {
  readonly due: Due;
  readonly phases: Readonly<Record<string, Phase>>;
  /** Everything is as it should be. */
  readonly whole: boolean;
}

interface ServiceState {
  readonly service: Service;
  readonly facts: ServiceFacts;
  readonly phase: Phase;
}

export function planLive(view: AllocView): LivePlan {
  const states = view.group.services.map((service): ServiceState => {
    const facts = factsOf(view, service);
    return { service, facts, phase: nextPhase(view.memory.phases[service.name], facts) };
  });
  const due = joinDue(CONCERNS.map((concern) => planConcern(concern, view, states)));
  const isServing = states.every(({ phase }) => phase === "serving");
  const isBare = states.length > 0 || (view.infra?.state === "running" && areTasksUp(view));
  return {
    due,
    phases: Object.fromEntries(states.map(({ service, phase }) => [service.name, phase])),
    whole: isServing && isBare && due.steps.length === 0,
  };
}

/** What can be seen of one service. While it is gated, being up is not enough: it must answer. */
export function factsOf(view: AllocView, service: Service): ServiceFacts {
  const registered = registeredState(view, serviceId(view.ref.alloc, view.group.name, service));
  const isOpen = registered === "open";
  const mesh = service.connect !== undefined;
  const sidecarUp = !mesh || isSidecarUp(view, service);
  const tasksUp = areTasksUp(view);
  return {
    wanted: true,
    mesh,
    exists: view.infra !== undefined || view.tokens.length > 0,
    namespace: view.infra?.state === "running",
    identity: !needsIdentity(view, service) || currentToken(view, service.name) !== undefined,
    registered,
    sidecar: sidecarUp && (isOpen || !mesh || sidecarUnready(view, service) === undefined),
    tasks: tasksUp,
    app: isOpen ? tasksUp || listensStill(view, service) : tasksUp && notListening(view) === undefined,
    answers: isOpen || !mesh || sidecarSilent(view, service) === undefined,
    maintenance: isDraining(view),
    running: isAnyRunning(view),
  };
}

/** A task beside the app may end without taking the service out of rotation: from then on the agent's checks own its health. */
function listensStill(view: AllocView, service: Service): boolean {
  const port = localPortOf(view, service);
  return port === 0 || view.probe.listening === undefined || view.probe.listening.has(port);
}

const CONCERNS: readonly Concern[] = ["namespace", "token", "registration", "sidecar", "task"];

function planConcern(concern: Concern, view: AllocView, states: readonly ServiceState[]): Due {
  const dueFor = states.filter(({ phase }) => DUE[phase].includes(concern));
  const isDue = states.length === 0 ? DUE_WITHOUT_SERVICE.includes(concern) : dueFor.length > 0;
  if (!isDue) return NOTHING_DUE;
  switch (concern) {
    case "namespace":
      return planNamespace(view);
    case "token":
      return planToken(
        view,
        dueFor.map(({ service }) => service),
      );
    case "registration":
      return joinDue([planStrays(view), ...dueFor.map(({ service, facts }) => planRegistration(view, service, facts))]);
    case "sidecar":
      return joinDue(dueFor.filter(({ facts }) => facts.mesh).map(({ service }) => planSidecar(view, service)));
    case "task":
      return mayRunTasks(states) ? planTasks(view) : NOTHING_DUE;
    case "drain":
    case "removal":
      return NOTHING_DUE;
  }
}

/** Tasks share one namespace, so they wait for the sidecars of all its services. */
function mayRunTasks(states: readonly ServiceState[]): boolean {
  return states.every(({ phase }) => phase === "proxied" || phase === "serving" || phase === "degraded");
}
