/** A Consul agent with its catalog, in memory: state, anti-entropy and ACLs, each as measured on the real one. */
import { canonicalJson, uuidOf } from "../../../../src/model/ids.ts";
import type { CheckSpec, ServiceSpec } from "../../../../src/model/registration.ts";
import type { Millis } from "../../../../src/model/job.ts";
import type { Clock } from "../../../../src/ports/time.ts";
import { FakeAcl } from "./acl.ts";
import type { Right } from "./acl.ts";
import { FakeAgent } from "./agent.ts";
import type { CheckStatus, FakeCheck, FakeService } from "./agent.ts";
import { FakeIntentions } from "./intentions.ts";
import { Topic } from "./topic.ts";

export interface FakeConsulOptions {
  readonly clock: Clock;
  readonly acls?: boolean;
  readonly nodeName?: string;
  readonly datacenter?: string;
  readonly address?: string;
  readonly version?: string;
  /** How long after a change in the agent the catalog is told. */
  readonly syncDelay?: Millis;
}

/** The agent compares itself with the whole catalog so often. */
const FULL_SYNC: Millis = 60_000;

/** What the rest of the world sees. */
export interface CatalogEntry {
  readonly service: FakeService;
  readonly checks: readonly FakeCheck[];
}

export class FakeConsul {
  readonly acl: FakeAcl;
  readonly agent = new FakeAgent();
  readonly intentions = new FakeIntentions();
  readonly catalog = new Map<string, CatalogEntry>();
  /** Move when the catalog, or the tokens, changed. */
  readonly catalogTopic = new Topic();
  readonly tokenTopic = new Topic();
  readonly facts: Readonly<Record<"version" | "datacenter" | "nodeName" | "address", string>>;
  readonly #clock: Clock;
  readonly #syncDelay: Millis;
  /** Deregistered, and not yet gone from the catalog: with the token that the agent has for it. */
  readonly #leaving = new Map<string, FakeService>();
  #syncing = true;

  constructor(options: FakeConsulOptions) {
    this.acl = new FakeAcl(options.acls ?? true);
    this.#clock = options.clock;
    this.#syncDelay = options.syncDelay ?? 10;
    const { version = "1.8.7", datacenter = "dc1", nodeName = "consul", address = "192.0.2.1" } = options;
    this.facts = { version, datacenter, nodeName, address };
  }

  get now(): Millis {
    return this.#clock.now();
  }

  // What the API does

  /** The right is that of the token over the name, and over the name of what has that id now. */
  register(spec: ServiceSpec, secret: string): Right {
    const holder = this.agent.services.get(spec.id)?.name ?? spec.name;
    const rights = [this.acl.mayWrite(secret, spec.name), this.acl.mayWrite(secret, holder)];
    const denied = rights.find((right) => right !== "yes");
    if (denied !== undefined) return denied;
    this.agent.register(spec, secret, this.now);
    for (const id of this.agent.services.keys()) this.#leaving.delete(id);
    for (const check of spec.checks) this.#expire(check);
    this.#changed();
    return "yes";
  }

  /** The catalog is told with the token each service was registered with: if that is gone, its entry stays behind. */
  deregister(id: string): void {
    for (const service of this.agent.remove(id)) this.#leaving.set(service.id, service);
    this.agent.settleAliases(this.now);
    this.#changed();
  }

  enableMaintenance(id: string, reason: string, secret: string): void {
    this.agent.enableMaintenance(id, reason, secret, this.now);
    this.#changed();
  }

  // What happens to it

  /** Runs the checks that an agent runs by itself; `probe` says what each finds. Reaps what was critical for too long. */
  runChecks(probe: (check: CheckSpec, service: FakeService) => CheckStatus): void {
    for (const { id, service, spec } of this.agent.checks.values()) {
      const owner = this.agent.services.get(service);
      if (spec === undefined || owner === undefined || spec.probe.kind === "ttl" || spec.probe.kind === "alias")
        continue;
      this.agent.setStatus(id, probe(spec, owner), "probed", this.now);
    }
    this.agent.settleAliases(this.now);
    const overdue = [...this.agent.checks.values()].filter((check) => isOverdue(check, this.now));
    for (const { service } of overdue) this.deregister(service);
    this.#changed();
  }

  /** Someone deregisters a service at the agent. */
  deregisterBehindBack(id: string): void {
    this.deregister(id);
  }

  /** Someone deletes an entry from the catalog alone; the agent notices at its next full comparison. */
  dropFromCatalog(id: string): void {
    if (this.catalog.delete(id)) this.catalogTopic.bump();
    this.#syncAfter(FULL_SYNC);
  }

  deleteTokenBehindBack(accessor: string): void {
    if (this.acl.remove(accessor)) this.tokenTopic.bump();
  }

  addForeignService(spec: ServiceSpec): void {
    this.agent.register(spec, this.addForeignToken("*").secret, this.now);
    this.#changed();
  }

  /** A token without our mark. `identity` as in FakeToken. */
  addForeignToken(identity = "", accessor = uuidOf("foreign", this.acl.minted)): { readonly secret: string } {
    const token = this.acl.add({ accessor, identity, createdAt: this.now });
    this.tokenTopic.bump();
    return token;
  }

  /** While off, the catalog hears nothing of the agent; what it missed is told when it is on again. */
  setSyncing(on: boolean): void {
    this.#syncing = on;
    if (on) this.#changed();
  }

  /** All data is lost: a new Consul at the same address. Tokens that are to live on have to be made again. */
  wipe(): void {
    this.acl.clear();
    this.agent.services.clear();
    this.agent.checks.clear();
    this.#leaving.clear();
    this.catalog.clear();
    this.intentions.clear();
    this.breakStreams();
  }

  breakStreams(): void {
    this.catalogTopic.breakStreams();
    this.tokenTopic.breakStreams();
    this.intentions.topic.breakStreams();
  }

  // Anti-entropy

  #changed(): void {
    this.#syncAfter(this.#syncDelay);
  }

  #syncAfter(delay: Millis): void {
    void this.#clock.sleep(delay).then(() => this.#sync());
  }

  #sync(): void {
    if (!this.#syncing) return;
    const before = canonicalJson([...this.catalog]);
    for (const service of this.#leaving.values()) this.#syncLeaving(service);
    for (const service of this.agent.services.values()) this.#syncPresent(service);
    // What the agent never knew it deletes with its default token, of which there is none.
    if (!this.acl.enabled)
      for (const id of this.catalog.keys()) if (!this.agent.services.has(id)) this.catalog.delete(id);
    if (canonicalJson([...this.catalog]) !== before) this.catalogTopic.bump();
  }

  #syncLeaving({ id, name, token }: FakeService): void {
    if (this.acl.mayWrite(token, name) !== "yes") return;
    this.catalog.delete(id);
    this.#leaving.delete(id);
  }

  /** Service and each check go with the token they were registered with. */
  #syncPresent(service: FakeService): void {
    const known = this.catalog.get(service.id);
    const may = (token: string): boolean => this.acl.mayWrite(token, service.name) === "yes";
    const entry = may(service.token) ? service : known?.service;
    if (entry === undefined) return;
    const wished = this.agent.checksOf(service.id);
    const kept = (known?.checks ?? []).filter(
      ({ id, token }) => !may(this.agent.checkTokens.get(id) ?? token) && !wished.some((check) => check.id === id),
    );
    const seen = wished.flatMap((check) =>
      may(check.token) ? check : (known?.checks.find(({ id }) => id === check.id) ?? []),
    );
    this.catalog.set(service.id, { service: entry, checks: [...seen, ...kept] });
  }

  /** A TTL check that nobody refreshes turns critical. */
  #expire({ id, probe }: CheckSpec): void {
    const check = this.agent.checks.get(id);
    if (probe.kind !== "ttl" || check === undefined || check.status === "critical") return;
    void this.#clock.sleep(probe.ttl).then(() => {
      if (this.agent.checks.get(id)?.since !== check.since) return;
      this.agent.setStatus(id, "critical", "TTL expired", this.now);
      this.agent.settleAliases(this.now);
      this.#changed();
    });
  }
}

function isOverdue({ spec, status, since }: FakeCheck, now: Millis): boolean {
  return status === "critical" && spec?.deregisterAfter !== undefined && now - since >= spec.deregisterAfter;
}
