/** The lifecycle of a service instance as a chart: observations in, a phase out. The chart is the documentation. */
import { assign, initialTransition, setup, transition } from "xstate";
import type { Phase } from "../model/status.ts";

/** What can be seen of one service of one allocation. */
export interface ServiceFacts {
  /** The allocation is to live. */
  readonly wanted: boolean;
  /** A sidecar and an identity belong to it. */
  readonly mesh: boolean;
  /** Anything of the allocation exists at all. */
  readonly exists: boolean;
  /** The infra container runs. */
  readonly namespace: boolean;
  /** The token exists; true where none is needed. */
  readonly identity: boolean;
  /** gated: critical until ready; open: its real checks decide. */
  readonly registered: "absent" | "gated" | "open";
  /** The sidecar runs in the living namespace and, while gated, listens; true where there is none. */
  readonly sidecar: boolean;
  /** All tasks do what they should. */
  readonly tasks: boolean;
  /** The app can serve: while gated all tasks are up and it listens; once open, it listens still. */
  readonly app: boolean;
  /** The sidecar shows its identity to clients; true where there is none, and once the registration is open. */
  readonly answers: boolean;
  /** Maintenance mode is on in Consul: the latch of draining. */
  readonly maintenance: boolean;
  /** Some sidecar or task of the allocation still runs. */
  readonly running: boolean;
}

type Observed = { readonly type: "OBSERVED"; readonly facts: ServiceFacts };

const remember = assign<{ facts: ServiceFacts }, Observed, undefined, Observed, never>({
  facts: ({ event }) => event.facts,
});

const chart = setup({
  types: {
    context: {} as { facts: ServiceFacts },
    events: {} as Observed,
    input: {} as ServiceFacts,
  },
  guards: {
    goes: ({ context: { facts } }) => !facts.wanted || facts.maintenance,
    isStopped: ({ context: { facts } }) => !facts.running,
    isStoppedNow: ({ event }) => !event.facts.running,
    isNothing: ({ context: { facts } }) => !facts.exists && facts.registered === "absent",
    isWhole: ({ context: { facts } }) =>
      facts.registered === "open" && facts.namespace && facts.identity && facts.sidecar && facts.tasks,
    isOpen: ({ context: { facts } }) => facts.registered === "open",
    lacksGround: ({ context: { facts } }) => !facts.namespace || !facts.identity,
    isUnregistered: ({ context: { facts } }) => facts.registered === "absent",
    lacksSidecar: ({ context: { facts } }) => !facts.sidecar,
  },
}).createMachine({
  id: "service",
  description: "One service of one allocation",
  context: ({ input }) => ({ facts: input }),
  initial: "sorting",
  on: { OBSERVED: { target: ".sorting", actions: remember } },
  states: {
    sorting: {
      description: "Every observation is sorted afresh, whatever came before",
      always: [
        { guard: "goes", target: "going" },
        { guard: "isNothing", target: "absent" },
        { guard: "isWhole", target: "serving" },
        { guard: "isOpen", target: "degraded" },
        { guard: "lacksGround", target: "provisioning" },
        { guard: "isUnregistered", target: "identified" },
        { guard: "lacksSidecar", target: "registered" },
        { target: "proxied" },
      ],
    },
    absent: { description: "Nothing of it exists" },
    provisioning: { description: "Its namespace or its identity is being made" },
    identified: { description: "It may be registered" },
    registered: { description: "In Consul, gated; its sidecar is being started" },
    proxied: { description: "Its sidecar listens; its tasks are being started, until it answers for them" },
    serving: { description: "The gate is down and everything is as it should be" },
    degraded: { description: "In rotation, though something is broken: it leaves rotation until it is mended" },
    going: {
      description: "On its way out: sorted by whether anything still runs",
      always: [{ guard: "isStopped", target: "leaving" }, { target: "draining" }],
    },
    draining: {
      description: "Out of rotation, finishing its work; never goes back",
      on: { OBSERVED: [{ guard: "isStoppedNow", target: "leaving", actions: remember }, { actions: remember }] },
    },
    leaving: {
      description: "Stopped; its registration, identity and namespace are being removed; never goes back",
      on: { OBSERVED: { actions: remember } },
    },
  },
});

/** The chart itself, for the docs and for tests over its paths. */
export const serviceChart = chart;

/**
 * The phase that follows from an observation. `before` matters only for draining and leaving, which are latched; a new
 * process passes undefined and meets the latch again in Consul (maintenance mode).
 */
export function nextPhase(before: Phase | undefined, facts: ServiceFacts): Phase {
  const [first] = initialTransition(chart, facts);
  if (before !== "draining" && before !== "leaving") return first.value as Phase;
  const latched = chart.resolveState({ value: before, context: { facts } });
  const [next] = transition(chart, latched, { type: "OBSERVED", facts });
  return next.value as Phase;
}
