/** Steps as data: everything a reconciler may ask for. Each is idempotent: already so is done, absent on delete is done. */
import type { ContainerSpec, NetworkSpec } from "./container.ts";
import type { Pair } from "./intention.ts";
import type { ServiceSpec, TokenSpec } from "./registration.ts";

/** Stands in a file's text for the secret. */
export const SECRET_PLACE = "<the token's secret>";

/** A private file to put before a member. Its secret is read back from Consul when it is needed, never carried in a plan. */
export interface PrivateFile {
  /** Directory inside the infra container. */
  readonly directory: string;
  readonly name: string;
  /** May hold SECRET_PLACE. */
  readonly text: string;
  /** Whose secret; absent = there is none to fill in. */
  readonly accessor?: string;
  readonly uid: number;
}

export type Step =
  | { readonly kind: "create-network"; readonly spec: NetworkSpec }
  | { readonly kind: "pull-image"; readonly image: string }
  | { readonly kind: "create-namespace"; readonly spec: ContainerSpec }
  | { readonly kind: "start-namespace"; readonly container: string }
  | { readonly kind: "mint-token"; readonly token: TokenSpec }
  | { readonly kind: "delete-token"; readonly accessor: string }
  /** `accessor`: whose secret the agent is to use for the service; absent = the controller's own token. */
  | { readonly kind: "register"; readonly service: ServiceSpec; readonly accessor?: string }
  | { readonly kind: "deregister"; readonly id: string }
  /** Gone from the agent, still in the catalog: register it once more with the controller's token, then deregister. */
  | {
      readonly kind: "cure-zombie";
      readonly id: string;
      readonly name: string;
      readonly meta: Readonly<Record<string, string>>;
    }
  | { readonly kind: "enable-maintenance"; readonly id: string; readonly reason: string }
  /** Makes this agent's part of the pair's mark exactly these owners; see Mesh. */
  | { readonly kind: "hold-intention"; readonly pair: Pair; readonly owners: readonly string[] }
  /** Creates and starts a sidecar or task; its files go through the running infra container first. */
  | {
      readonly kind: "run-member";
      readonly spec: ContainerSpec;
      readonly infra: string;
      readonly files: readonly PrivateFile[];
    }
  | {
      readonly kind: "start-member";
      readonly container: string;
      readonly name: string;
      readonly infra: string;
      readonly files: readonly PrivateFile[];
    }
  | { readonly kind: "run-relay"; readonly spec: ContainerSpec }
  /** Creates and starts a container of the self-test. */
  | { readonly kind: "run-probe"; readonly spec: ContainerSpec }
  | { readonly kind: "signal"; readonly container: string; readonly name: string; readonly signal: string }
  | { readonly kind: "remove-container"; readonly container: string; readonly name: string }
  | { readonly kind: "remove-volume"; readonly name: string };

/** The source in which a step's effect is seen: the one that must be read again after it. */
export function seenIn(step: Step): "runtime" | "registrations" | "tokens" | "intentions" {
  switch (step.kind) {
    case "hold-intention":
      return "intentions";
    case "register":
    case "deregister":
    case "cure-zombie":
    case "enable-maintenance":
      return "registrations";
    case "mint-token":
    case "delete-token":
      return "tokens";
    case "create-network":
    case "pull-image":
    case "create-namespace":
    case "start-namespace":
    case "run-member":
    case "start-member":
    case "run-relay":
    case "run-probe":
    case "signal":
    case "remove-container":
    case "remove-volume":
      return "runtime";
  }
}

/** What a step is about, for logs: a name without secrets. */
export function subjectOf(step: Step): string {
  switch (step.kind) {
    case "create-network":
    case "create-namespace":
    case "run-member":
    case "run-relay":
    case "run-probe":
      return step.spec.name;
    case "pull-image":
      return step.image;
    case "hold-intention":
      return `${step.pair.source} -> ${step.pair.destination}`;
    case "start-namespace":
      return step.container.slice(0, 12);
    case "mint-token":
      return step.token.service;
    case "delete-token":
      return step.accessor;
    case "register":
      return step.service.id;
    case "deregister":
    case "cure-zombie":
    case "enable-maintenance":
      return step.id;
    case "start-member":
    case "signal":
    case "remove-container":
    case "remove-volume":
      return step.name;
  }
}
