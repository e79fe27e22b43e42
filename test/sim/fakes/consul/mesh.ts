/** The Mesh port over the fake Consul: the same promises as the real adapter, held to them by the contract suite. */
import type { Right } from "../../../../src/model/policy.ts";
import type { Registration, ServiceSpec, Token, TokenSpec } from "../../../../src/model/registration.ts";
import { META } from "../../../../src/model/registration.ts";
import type { Intention, Pair } from "../../../../src/model/intention.ts";
import type { AllocRef } from "../../../../src/model/container.ts";
import { Secret } from "../../../../src/model/secret.ts";
import { canonicalJson } from "../../../../src/model/ids.ts";
import { PortFailure } from "../../../../src/ports/failure.ts";
import type { FailureDetails } from "../../../../src/ports/failure.ts";
import type { Mesh } from "../../../../src/ports/mesh.ts";
import type { Clock } from "../../../../src/ports/time.ts";
import type { Right as Answer } from "./acl.ts";
import { maintenanceId, worstOf } from "./agent.ts";
import type { FakeCheck, FakeService } from "./agent.ts";
import type { FakeConsul } from "./world.ts";

const XDS = { grpc: { port: 8502, tls: false }, envoys: ["1.14.5", "1.13.6"] };

/** Acts as the controller of `instance` on `node`; `secret` is its own token, by default one that may do everything. */
export function fakeMesh(
  world: FakeConsul,
  instance: string,
  node: string,
  clock: Clock,
  secret: string = managementToken(world),
): Mesh {
  const caller = new Caller(world, instance, node, secret);
  return {
    info: async (signal) => {
      caller.manages("info", signal);
      return { ...world.facts, ...XDS, connectEnabled: true, aclsEnabled: world.acl.enabled };
    },
    lacks: async (rights, signal) => caller.lacks(rights, signal),
    registrations: {
      list: async (signal) => caller.registrations(signal),
      changes: (signal) => world.catalogTopic.changes(clock, signal),
    },
    tokens: {
      list: async (signal) => caller.tokens(signal),
      changes: (signal) => world.tokenTopic.changes(clock, signal),
    },
    register: async (service, token, signal) => caller.register(service, token, signal),
    deregister: async (id, signal) => caller.deregister(id, signal),
    enableMaintenance: async (id, reason, signal) => caller.enableMaintenance(id, reason, signal),
    mintToken: async (spec, signal) => caller.mint(spec, signal),
    readSecret: async (accessor, signal) => caller.readSecret(accessor, signal),
    canUse: async (token, signal) => caller.canUse(token, signal),
    deleteToken: async (accessor, signal) => caller.deleteToken(accessor, signal),
    intentions: {
      list: async (signal) => caller.intentions(signal),
      changes: (signal) => world.intentions.topic.changes(clock, signal),
    },
    holdIntention: async (pair, owners, signal) => caller.holdIntention(pair, owners, signal),
  };
}

function managementToken(world: FakeConsul): string {
  return world.acl.enabled ? world.addForeignToken("*").secret : "";
}

/** One controller's calls, each all at once. */
class Caller {
  readonly #world: FakeConsul;
  readonly #instance: string;
  readonly #node: string;
  readonly #secret: string;

  constructor(world: FakeConsul, instance: string, node: string, secret: string) {
    this.#world = world;
    this.#instance = instance;
    this.#node = node;
    this.#secret = secret;
  }

  manages(call: string, signal: AbortSignal): void {
    if (signal.aborted) throw failed(call, { code: "aborted", message: "given up", effect: "none", retry: "backoff" });
    demand(call, this.#world.acl.mayManage(this.#secret));
  }

  lacks(rights: readonly Right[], signal: AbortSignal): readonly Right[] {
    const call = "ask what the token may do";
    signalled(call, signal);
    const may = this.#world.acl.mayManage(this.#secret);
    if (may === "unknown token") demand(call, may);
    return may === "yes" ? [] : rights;
  }

  registrations(signal: AbortSignal): readonly Registration[] {
    this.manages("list registrations", signal);
    const { agent, catalog } = this.#world;
    const ids = [...new Set([...agent.services.keys(), ...catalog.keys()])].sort();
    return ids.map((id) => this.#registration(id)).filter(({ meta }) => meta[META.instance] === this.#instance);
  }

  #registration(id: string): Registration {
    const { agent, catalog } = this.#world;
    const wished = agent.services.get(id);
    const seen = catalog.get(id);
    const service = wished ?? seen?.service;
    if (service === undefined) throw new Error(`${id} is nowhere`);
    const checks = [...(wished === undefined ? (seen?.checks ?? []) : agent.checksOf(id))].sort(byId);
    const maintenance = checks.find((check) => check.id === maintenanceId(id))?.notes;
    return {
      ...described(service),
      checks: wished === undefined ? [] : checks.filter((check) => check.id !== maintenanceId(id)).map(stateOf),
      ...(maintenance === undefined ? {} : { maintenance }),
      inAgent: wished !== undefined,
      inCatalog: seen !== undefined,
      ...(seen === undefined ? {} : { catalogStatus: worstOf(seen.checks) }),
    };
  }

  tokens(signal: AbortSignal): readonly Token[] {
    if (!this.#world.acl.enabled) return [];
    this.manages("list tokens", signal);
    return this.#world.acl.all().flatMap(({ accessor, mark, createdAt }) => {
      if (mark?.instance !== this.#instance || mark.node !== this.#node) return [];
      const { ref, service, generation } = mark;
      return [{ accessor, ref, service, generation, createdAt }];
    });
  }

  register(service: ServiceSpec, token: Secret | undefined, signal: AbortSignal): void {
    const call = `register ${service.id}`;
    signalled(call, signal);
    const addresses = [service.address, service.sidecar?.address];
    if (addresses.includes("0.0.0.0")) throw failed(call, rejected("Invalid service address"));
    demand(call, this.#world.register(service, token?.reveal() ?? this.#secret));
  }

  deregister(id: string, signal: AbortSignal): void {
    this.manages(`deregister ${id}`, signal);
    this.#world.deregister(id);
  }

  enableMaintenance(id: string, reason: string, signal: AbortSignal): void {
    const call = `put ${id} into maintenance`;
    this.manages(call, signal);
    if (!this.#world.agent.services.has(id)) {
      throw failed(call, { code: "not-found", message: "it is not registered", effect: "none", retry: "never" });
    }
    this.#world.enableMaintenance(id, reason, this.#secret);
  }

  mint({ accessor, ref, service, generation }: TokenSpec, signal: AbortSignal): void {
    const call = `mint a token for ${service}`;
    this.#managesTokens(call, signal);
    if (!/^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/.test(service)) throw failed(call, rejected("an invalid name"));
    const mark = { instance: this.#instance, node: this.#node, ref, service, generation };
    const there = this.#world.acl.get(accessor);
    if (there === undefined) {
      this.#world.acl.add({ accessor, mark, identity: service, createdAt: this.#world.now });
      this.#world.tokenTopic.bump();
    } else if (canonicalJson(there.mark) !== canonicalJson(mark)) {
      throw failed(call, { code: "conflict", message: "it is not ours", effect: "none", retry: "never" });
    }
  }

  readSecret(accessor: string, signal: AbortSignal): Secret | undefined {
    this.#managesTokens("read a token", signal);
    const found = this.#world.acl.get(accessor);
    return found === undefined ? undefined : new Secret(found.secret);
  }

  canUse(secret: Secret, signal: AbortSignal): boolean {
    signalled("try a token", signal);
    if (!this.#world.acl.enabled) throw failed("try a token", rejected("ACL support disabled"));
    return this.#world.acl.bySecret(secret.reveal()) !== undefined;
  }

  deleteToken(accessor: string, signal: AbortSignal): void {
    this.#managesTokens("delete a token", signal);
    this.#world.deleteTokenBehindBack(accessor);
  }

  /** Consul shows what the token may see, and says nothing of the rest. */
  intentions(signal: AbortSignal): readonly Intention[] {
    const call = "list the intentions";
    signalled(call, signal);
    const right = this.#world.acl.mayManage(this.#secret);
    if (right === "unknown token") demand(call, right);
    return right === "yes" ? this.#world.intentions.all() : [];
  }

  holdIntention(pair: Pair, owners: readonly string[], signal: AbortSignal): void {
    this.manages(`hold the intention ${pair.source} -> ${pair.destination}`, signal);
    const { datacenter } = this.#world.facts;
    this.#world.intentions.hold({ instance: this.#instance, node: this.#node, datacenter }, pair, owners);
  }

  #managesTokens(call: string, signal: AbortSignal): void {
    this.manages(call, signal);
    if (!this.#world.acl.enabled) throw failed(call, rejected("ACL support disabled"));
  }
}

type Described = Omit<Registration, "checks" | "maintenance" | "inAgent" | "inCatalog" | "catalogStatus">;

function described(service: FakeService): Described {
  const { id, kind, name, tags, meta, address, port, enableTagOverride, proxy } = service;
  const ref = refOf(meta);
  const always = { id, kind, name, tags, meta, address, port, enableTagOverride };
  return { ...always, ...(ref === undefined ? {} : { ref }), ...(proxy === undefined ? {} : { proxy }) };
}

function refOf(meta: Readonly<Record<string, string>>): AllocRef | undefined {
  const { [META.job]: job, [META.group]: group, [META.index]: index, [META.alloc]: alloc } = meta;
  if (job === undefined || group === undefined || alloc === undefined || !/^\d+$/.test(index ?? "")) return undefined;
  return { job, group, index: Number(index), alloc };
}

function stateOf({ id, status, output }: FakeCheck): Registration["checks"][number] {
  return { id, status, output };
}

function byId(a: FakeCheck, b: FakeCheck): number {
  return a.id < b.id ? -1 : 1;
}

function signalled(call: string, signal: AbortSignal): void {
  if (signal.aborted) throw failed(call, { code: "aborted", message: "given up", effect: "none", retry: "backoff" });
}

function demand(call: string, right: Answer): void {
  if (right === "yes") return;
  const retry = right === "unknown token" ? "backoff" : "never";
  throw failed(call, { code: "forbidden", message: right, effect: "none", retry });
}

function rejected(message: string): Omit<FailureDetails, "call"> {
  return { code: "rejected", message, effect: "none", retry: "never" };
}

function failed(call: string, details: Omit<FailureDetails, "call">): PortFailure {
  return new PortFailure({ ...details, call: `consul: ${call}` });
}
