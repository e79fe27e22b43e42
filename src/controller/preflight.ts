/** From what Consul, Docker and the self-test said to conditions, each one sentence with its mend. Pure. */
import { type Right, READ_AGENT } from "../model/policy.ts";
import type { Settings } from "../model/settings.ts";
import type { Finding } from "../model/status.ts";
import { isBefore } from "../model/versions.ts";
import { PortFailure } from "../ports/failure.ts";
import type { MeshInfo } from "../ports/mesh.ts";
import type { EngineInfo } from "../ports/runtime.ts";
import { consulHoles } from "./holes.ts";

/** What was answered, or why nothing was. */
export type Asked<T> = T | PortFailure;

export interface Facts {
  readonly consul: Asked<MeshInfo>;
  /** Rights of POLICY (and others that the settings need) that our own token does not have. */
  readonly lacking: Asked<readonly Right[]>;
  readonly engine: Asked<EngineInfo>;
}

/** What this agent goes by, as far as it found it out; `envoy` is there iff that is the proxy. */
export type Chosen = Partial<Pick<Settings, "aclsEnabled" | "anonymous" | "envoy" | "relay">>;

const OLDEST_CONSUL = "1.8";
/** Docker 20.10, the oldest that Remora is tried on. */
const OLDEST_API = "1.41";

/** What an agent found out at its start is no more as it was, or was amiss and may be mended: worth finding out anew. */
export function isOutdated(findings: readonly Finding[]): boolean {
  return findings.some(({ name, ok }) => !ok && FOUND_OUT.has(name));
}

const FOUND_OUT: ReadonlySet<string> = new Set(["acl", "grpc", "envoys"]);

/** What could not be looked at is left out: it is as it was. */
export function judge({ consul, lacking, engine }: Facts, chosen: Chosen): readonly Finding[] {
  return [...consulFindings(consul, chosen), ...tokenFindings(lacking, consul, chosen), dockerFinding(engine)];
}

function consulFindings(consul: Asked<MeshInfo>, chosen: Chosen): readonly Finding[] {
  if (consul instanceof PortFailure) {
    if (consul.code !== "forbidden") return [fails("consul", consul.message)];
    const answers = holds("consul", "Consul answers, but not to Remora's token");
    // Whoever refuses has ACLs.
    return chosen.aclsEnabled === false ? [answers, aclsSwitched("on")] : [answers];
  }
  return [
    versionFinding(consul),
    ...consulHoles(consul.version),
    consul.connectEnabled
      ? holds("connect", "Connect is enabled")
      : fails(
          "connect",
          "Connect is not enabled, so no sidecar gets a certificate: set connect { enabled = true } on Consul's servers",
        ),
    aclFinding(consul, chosen),
    ...envoyFindings(consul, chosen),
  ];
}

function versionFinding({ version }: MeshInfo): Finding {
  return isBefore(version, OLDEST_CONSUL)
    ? fails("consul", `Consul ${version} is too old: upgrade it to ${OLDEST_CONSUL} or later`)
    : holds("consul", `Consul ${version} answers`);
}

/** What is off is worth knowing; what was switched meanwhile takes a new start of the controller. */
function aclFinding({ aclsEnabled }: MeshInfo, chosen: Chosen): Finding {
  const { aclsEnabled: before = aclsEnabled } = chosen;
  if (before !== aclsEnabled) return aclsSwitched(aclsEnabled ? "on" : "off");
  if (aclsEnabled) return holds("acl", "ACLs are on");
  const message =
    "ACLs are off, so whoever reaches Consul may pose as any service: " +
    'set acl { enabled = true, default_policy = "deny" } where that matters';
  return { ...holds("acl", message), note: true };
}

function aclsSwitched(change: "on" | "off"): Finding {
  return fails("acl", `Consul's ACLs were switched ${change} meanwhile: Remora starts over with that`);
}

/** What was found at the start of the controller it keeps to: what was amiss then is mended by another start of it. */
function envoyFindings({ version, grpc, envoys }: MeshInfo, { envoy, relay }: Chosen): readonly Finding[] {
  if (envoy === undefined) return [];
  if (envoy.problem !== undefined) {
    const name = grpc !== undefined && envoys.length === 0 ? "envoys" : "grpc";
    return [fails(name, envoy.problem)];
  }
  const port = `Consul speaks gRPC on port ${grpc?.port}`;
  const elsewhere = `Consul names no gRPC port: Envoy is configured from ${relay?.grpc ?? "where it was at the start"}`;
  return [
    grpc === undefined ? { ...holds("grpc", elsewhere), note: true } : holds("grpc", port),
    !envoy.image.includes("${") || envoys.includes(envoy.version)
      ? holds("envoys", `Consul ${version} supports Envoy ${envoys.join(", ")}`)
      : fails(
          "envoys",
          `Consul ${version} does not support Envoy ${envoy.version}, which sidecars get: Remora starts over`,
        ),
  ];
}

function tokenFindings(
  lacking: Asked<readonly Right[]>,
  consul: Asked<MeshInfo>,
  { anonymous = false }: Chosen,
): readonly Finding[] {
  if ([lacking, consul].some(isUnknownToken)) {
    const message =
      "Consul does not know Remora's token (deleted, mistyped, or of another Consul): give a valid one with --consul-token-file";
    return [fails("token", message)];
  }
  const mayNotAsk = consul instanceof PortFailure && consul.code === "forbidden";
  const missing = new Set([...(mayNotAsk ? [READ_AGENT] : []), ...(lacking instanceof PortFailure ? [] : lacking)]);
  if (missing.size > 0) {
    const rules = [...missing].map(({ rule }) => rule).join(", ");
    // What the anonymous token may do, everybody may.
    if (anonymous)
      return [fails("token", `Remora was given no Consul token: give one that has ${rules} with --consul-token-file`)];
    return [fails("token", `Remora's own Consul token lacks ${rules}: add that to its policy`)];
  }
  return lacking instanceof PortFailure ? [] : [holds("token", "Remora's own Consul token has every rule it needs")];
}

/** A token without a right is refused for good; one that is not known may be known later. */
function isUnknownToken(asked: unknown): boolean {
  return asked instanceof PortFailure && asked.code === "forbidden" && asked.retry === "backoff";
}

function dockerFinding(engine: Asked<EngineInfo>): Finding {
  if (engine instanceof PortFailure) return fails("docker", engine.message);
  const { version, apiVersion } = engine;
  if (!isBefore(apiVersion, OLDEST_API))
    return holds("docker", `Docker ${version} answers, API version ${apiVersion} is spoken`);
  const message = `Docker ${version} offers no API version later than ${apiVersion}, and Remora needs ${OLDEST_API}: upgrade it to 20.10 or later`;
  return fails("docker", message);
}

export function holds(name: string, message: string): Finding {
  return { name, ok: true, message };
}

export function fails(name: string, message: string): Finding {
  return { name, ok: false, message };
}
