/** The fake agent's local state: services and checks as they were wished for. */
import type { CheckSpec, ProxySpec, ServiceSpec, SidecarSpec } from "../../../../src/model/registration.ts";
import { sidecarId } from "../../../../src/model/registration.ts";
import type { Millis } from "../../../../src/model/job.ts";

export type CheckStatus = "passing" | "warning" | "critical";

export interface FakeCheck {
  readonly id: string;
  readonly service: string;
  readonly status: CheckStatus;
  readonly output: string;
  /** When it took its status. */
  readonly since: Millis;
  /** Absent for maintenance mode, whose reason is in `notes`. */
  readonly spec?: CheckSpec;
  readonly notes: string;
  /** Secret with which the agent tells the catalog about it. */
  readonly token: string;
}

export interface FakeService {
  readonly id: string;
  readonly kind: "" | "connect-proxy";
  readonly name: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly address: string;
  readonly port: number;
  readonly enableTagOverride: boolean;
  readonly proxy?: ProxySpec;
  readonly token: string;
}

export const maintenanceId = (service: string): string => `_service_maintenance:${service}`;

export class FakeAgent {
  readonly services = new Map<string, FakeService>();
  readonly checks = new Map<string, FakeCheck>();
  /** The token that each check last had, also of those that are gone: with it the catalog is told so. */
  readonly checkTokens = new Map<string, string>();

  checksOf(service: string): readonly FakeCheck[] {
    return [...this.checks.values()].filter((check) => check.service === service);
  }

  /** With `replace-existing-checks`: checks that are not in the spec go, maintenance mode too; those that are keep their status. */
  register(spec: ServiceSpec, token: string, now: Millis): void {
    const { id, name, tags, meta, address, port, enableTagOverride, sidecar } = spec;
    this.#put({ id, kind: "", name, tags, meta, address, port, enableTagOverride, token }, spec.checks, now);
    if (sidecar !== undefined) {
      const checks = sidecar.checks.length === 0 ? defaultChecks(spec.id, sidecar) : sidecar.checks;
      this.#put(sidecarOf(spec, sidecar, token), checks, now);
    }
    this.settleAliases(now);
  }

  #put(service: FakeService, specs: readonly CheckSpec[], now: Millis): void {
    this.services.set(service.id, service);
    const old = new Map(this.checksOf(service.id).map((check) => [check.id, check]));
    for (const id of old.keys()) this.checks.delete(id);
    for (const spec of specs) {
      const { status, output, since } = old.get(spec.id) ?? { status: spec.status, output: "", since: now };
      const { id, token } = { id: spec.id, token: service.token };
      this.checkTokens.set(id, token);
      this.checks.set(id, { id, service: service.id, status, output, since, spec, notes: "", token });
    }
  }

  /** The sidecar that was registered with a service goes with it. */
  remove(id: string): readonly FakeService[] {
    const gone = [id, sidecarId(id)].flatMap((each) => this.services.get(each) ?? []);
    for (const service of gone) {
      this.services.delete(service.id);
      for (const check of this.checksOf(service.id)) this.checks.delete(check.id);
    }
    return gone;
  }

  /** On twice = on, with the first reason. */
  enableMaintenance(service: string, reason: string, token: string, now: Millis): void {
    const id = maintenanceId(service);
    if (this.checks.has(id)) return;
    this.checkTokens.set(id, token);
    this.checks.set(id, { id, service, status: "critical", output: "", since: now, notes: reason, token });
    this.settleAliases(now);
  }

  setStatus(id: string, status: CheckStatus, output: string, now: Millis): void {
    const check = this.checks.get(id);
    if (check === undefined) return;
    const since = check.status === status ? check.since : now;
    this.checks.set(id, { ...check, status, output, since });
  }

  /** An alias check has the worst status of the checks of its service. */
  settleAliases(now: Millis): void {
    for (const { id, spec } of this.checks.values()) {
      if (spec?.probe.kind !== "alias") continue;
      const status = worstOf(this.checksOf(spec.probe.service));
      this.setStatus(id, status, status === "passing" ? "All checks passing." : "Aliased check failing", now);
    }
  }
}

export function worstOf(checks: readonly FakeCheck[]): CheckStatus {
  if (checks.some(({ status }) => status === "critical")) return "critical";
  return checks.some(({ status }) => status === "warning") ? "warning" : "passing";
}

/** Consul gives a sidecar without checks two of its own. */
function defaultChecks(parent: string, { address, port }: SidecarSpec): readonly CheckSpec[] {
  const id = (n: number): string => `service:${sidecarId(parent)}:${n}`;
  const tcp = { kind: "tcp", address: `${address}:${port}`, interval: 10_000, timeout: 10_000 } as const;
  return [
    { id: id(1), name: "Connect Sidecar Listening", status: "critical", probe: tcp },
    {
      id: id(2),
      name: `Connect Sidecar Aliasing ${parent}`,
      status: "critical",
      probe: { kind: "alias", service: parent },
    },
  ];
}

/** Name and id are Consul's own; tags are inherited when it has none; meta always. */
function sidecarOf(spec: ServiceSpec, sidecar: SidecarSpec, token: string): FakeService {
  const { address, port, proxy } = sidecar;
  const tags = sidecar.tags === undefined || sidecar.tags.length === 0 ? spec.tags : sidecar.tags;
  const [id, name] = [sidecarId(spec.id), `${spec.name}-sidecar-proxy`];
  const config = withoutNulls(proxy.config) as ProxySpec["config"];
  const described = { id, kind: "connect-proxy", name, tags, meta: spec.meta, address, port } as const;
  return { ...described, enableTagOverride: false, proxy: { ...proxy, config }, token };
}

/** As the real adapter sends it. */
function withoutNulls(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  const kept = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}
