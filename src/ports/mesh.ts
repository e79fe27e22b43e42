/** The service mesh (a Consul agent). Every verb is idempotent: already so is done, absent on delete is done. */
import type { Intention, Pair } from "../model/intention.ts";
import type { Right } from "../model/policy.ts";
import type { Registration, ServiceSpec, Token, TokenSpec } from "../model/registration.ts";
import type { Secret } from "../model/secret.ts";
import type { Source } from "./source.ts";

export interface MeshInfo {
  readonly version: string;
  readonly datacenter: string;
  readonly nodeName: string;
  /** Consul's Member.Addr. */
  readonly address: string;
  readonly connectEnabled: boolean;
  readonly aclsEnabled: boolean;
  /** The port of xDS; `tls`: it is spoken over TLS only. `tlsPort`: another one at which it is. Absent: gRPC is off. */
  readonly grpc?: { readonly port: number; readonly tls: boolean; readonly tlsPort?: number };
  /** The Envoy versions it supports, the preferred one first; empty if it names none. */
  readonly envoys: readonly string[];
}

/** No call takes longer than CALL_LIMIT, blocking hints apart; all throw PortFailure only. */
export interface Mesh {
  info(signal: AbortSignal): Promise<MeshInfo>;
  /** Which of these rights the controller's own token does not have; asking changes nothing. Without ACLs: none of them. */
  lacks(rights: readonly Right[], signal: AbortSignal): Promise<readonly Right[]>;

  /** This instance's services on this node: the agent's list joined with the catalog's (read consistently). */
  readonly registrations: Source<readonly Registration[]>;
  /** Tokens marked with this instance and node. Without ACLs: always empty, and `changes` never yields after subscribing. */
  readonly tokens: Source<readonly Token[]>;

  /** Registers service, sidecar and checks in one call with `replace-existing-checks`; `token` is what the agent will use for them, absent = the controller's own. */
  register(service: ServiceSpec, token: Secret | undefined, signal: AbortSignal): Promise<void>;
  /** With the controller's own token. The sidecar of a service goes with it. */
  deregister(id: string, signal: AbortSignal): Promise<void>;
  /** Maintenance mode on, with a reason. `not-found` if the service is not registered. */
  enableMaintenance(id: string, reason: string, signal: AbortSignal): Promise<void>;

  /** Mints a Local service identity token with the given accessor. That accessor is there already = done. */
  mintToken(spec: TokenSpec, signal: AbortSignal): Promise<void>;
  /** Reads the secret back by accessor; undefined if there is no such token. */
  readSecret(accessor: string, signal: AbortSignal): Promise<Secret | undefined>;
  /** Whether the agent that will use it accepts the secret. */
  canUse(secret: Secret, signal: AbortSignal): Promise<boolean>;
  deleteToken(accessor: string, signal: AbortSignal): Promise<void>;

  /** Whose ever they are: intentions between services of the default namespace. What our credentials may not see is not among them. */
  readonly intentions: Source<readonly Intention[]>;
  /**
   * Reads the pair afresh and makes the part of its mark that is this instance's on this node exactly `owners`: made if it is not
   * there, allowed, deleted when its mark is left empty. One that is not marked stays as it is.
   */
  holdIntention(pair: Pair, owners: readonly string[], signal: AbortSignal): Promise<void>;
}
