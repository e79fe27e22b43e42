/** Services in Consul: listed from agent and catalog, registered, put into maintenance, deregistered. */
import type { Secret } from "../../model/secret.ts";
import type { Registration, ServiceSpec } from "../../model/registration.ts";
import type { Mesh } from "../../ports/mesh.ts";
import type { Clock } from "../../ports/time.ts";
import { agentChecks, agentServices, nodeChecks, nodeServices, parsed } from "./answers.ts";
import { withinLimit } from "./call.ts";
import type { Answer, Ask, Call } from "./call.ts";
import { failure, isUnknownService, refused } from "./errors.ts";
import { hints, poll, quietly } from "./hints.ts";
import { joined } from "./join.ts";
import type { Listing } from "./join.ts";
import type { NodeName } from "./node.ts";
import { registerBody } from "./payload.ts";

export interface RegistrationOptions {
  readonly ask: Ask;
  readonly clock: Clock;
  readonly instance: string;
  readonly nodeName: NodeName;
}

type RegistrationVerbs = Pick<Mesh, "registrations" | "register" | "deregister" | "enableMaintenance">;

export function registrationVerbs(options: RegistrationOptions): RegistrationVerbs {
  const { ask, clock } = options;
  return {
    registrations: {
      list: (signal) => list({ ...options, ask: withinLimit(ask, clock) }, signal),
      changes: (signal) => quietly(changes(options, signal), signal),
    },
    register: (service, token, signal) => register(ask, service, token, signal),
    deregister: (id, signal) => deregister(ask, id, signal),
    enableMaintenance: (id, reason, signal) => enableMaintenance(ask, id, reason, signal),
  };
}

const AGENT_SERVICES: Call = { method: "GET", route: "/agent/services", what: "list the agent's services" };
const AGENT_CHECKS: Call = { method: "GET", route: "/agent/checks", what: "list the agent's checks" };

function catalogCalls(node: string): { readonly services: Call; readonly checks: Call } {
  const common = { method: "GET", params: { node } } as const;
  return {
    services: { ...common, route: "/catalog/node-services/:node", what: `list the catalog's services of ${node}` },
    checks: { ...common, route: "/health/node/:node", what: `list the catalog's checks of ${node}` },
  };
}

async function list(options: RegistrationOptions, signal: AbortSignal): Promise<readonly Registration[]> {
  const node = await options.nodeName.get(options.ask, signal);
  const [agent, catalog] = await Promise.all([ofAgent(options.ask, signal), ofCatalog(options, node, signal)]);
  return joined(agent, catalog, options.instance);
}

/** Checks are read after the services: else a service could show without the checks that it was registered with. */
async function ofAgent(ask: Ask, signal: AbortSignal): Promise<Listing> {
  const services = parsed(agentServices, AGENT_SERVICES, await demand(ask, AGENT_SERVICES, signal));
  const checks = parsed(agentChecks, AGENT_CHECKS, await demand(ask, AGENT_CHECKS, signal));
  return { services: Object.values(services), checks: Object.values(checks) };
}

async function ofCatalog({ ask, nodeName }: RegistrationOptions, node: string, signal: AbortSignal): Promise<Listing> {
  const consistent = { query: { consistent: "" } };
  const calls = catalogCalls(node);
  const services = parsed(
    nodeServices,
    calls.services,
    await demand(ask, { ...calls.services, ...consistent }, signal),
  );
  if (services.Node === null) {
    nodeName.forget();
    throw unseenNode(calls.services, node);
  }
  const checks = parsed(nodeChecks, calls.checks, await demand(ask, { ...calls.checks, ...consistent }, signal));
  return { services: services.Services ?? [], checks };
}

/** An empty answer for a node that must be there: not seeing is not absence. */
function unseenNode(call: Call, node: string): Error {
  return failure(call, {
    code: "not-found",
    message: `Consul shows no node ${node}: its agent has not joined yet, or the controller's token lacks node read`,
    effect: "none",
    retry: "backoff",
  });
}

async function* changes({ ask, clock, nodeName }: RegistrationOptions, signal: AbortSignal): AsyncGenerator<void> {
  // A broken stream may mean that another agent answers now.
  nodeName.forget();
  const calls = catalogCalls(await nodeName.get(ask, signal));
  yield* hints([poll(ask, calls.services), poll(ask, calls.checks)], clock, signal);
}

async function register(ask: Ask, service: ServiceSpec, token: Secret | undefined, signal: AbortSignal): Promise<void> {
  const call: Call = {
    method: "PUT",
    route: "/agent/service/register",
    query: { "replace-existing-checks": "true" },
    body: registerBody(service),
    what: `register ${service.id}`,
    ...(token === undefined ? {} : { as: token }),
  };
  await demand(ask, call, signal);
}

async function deregister(ask: Ask, id: string, signal: AbortSignal): Promise<void> {
  const route = "/agent/service/deregister/:id";
  const call: Call = { method: "PUT", route, params: { id }, what: `deregister ${id}` };
  const answer = await ask(call, signal);
  if (answer.status !== 200 && !isUnknownService(answer)) throw refused(call, answer);
}

async function enableMaintenance(ask: Ask, id: string, reason: string, signal: AbortSignal): Promise<void> {
  const call: Call = {
    method: "PUT",
    route: "/agent/service/maintenance/:id",
    params: { id },
    query: { enable: "true", reason },
    what: `put ${id} into maintenance`,
  };
  const answer = await ask(call, signal);
  if (answer.status === 200) return;
  if (!isUnknownService(answer)) throw refused(call, answer);
  throw failure(call, { code: "not-found", message: "it is not registered", effect: "none", retry: "never" });
}

async function demand(ask: Ask, call: Call, signal: AbortSignal): Promise<Answer> {
  const answer = await ask(call, signal);
  if (answer.status !== 200) throw refused(call, answer);
  return answer;
}
