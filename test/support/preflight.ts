/** What there can be amiss with Consul, the own token, Docker and the network of the groups; and a world in which all is well. */
import { type Chosen, type Facts, judge } from "../../src/controller/preflight.ts";
import { xdsOf } from "../../src/controller/xds.ts";
import { type Verdict, verdictFindings } from "../../src/controller/verdict.ts";
import { type Right, rightsFor } from "../../src/model/policy.ts";
import type { EnvoySettings } from "../../src/model/settings.ts";
import type { Finding } from "../../src/model/status.ts";
import { type FailureCode, PortFailure } from "../../src/ports/failure.ts";
import type { MeshInfo } from "../../src/ports/mesh.ts";
import { aMeshInfo } from "./builders.ts";

export const CONSUL = aMeshInfo();

export const ENVOY: EnvoySettings = {
  consulVersion: "1.16.4",
  version: "1.26.6",
  supported: ["1.26.6", "1.25.11"],
  image: "envoyproxy/envoy:v${NOMAD_envoy_version}",
  logLevel: "info",
  concurrency: 1,
};

export const WELL: Facts = {
  consul: CONSUL,
  lacking: [],
  engine: { name: "host-1", version: "20.10.24", apiVersion: "1.41" },
};

export const CHOSEN: Chosen = { aclsEnabled: true, envoy: ENVOY, relay: { http: "http://127.0.0.1:8500" } };

export const PLACE = { advertise: "10.0.0.5", network: "remora" };

export function refusal(code: FailureCode, message: string, retry: "backoff" | "never" = "backoff"): PortFailure {
  return new PortFailure({ code, call: "consul: ask the agent who it is", message, effect: "none", retry });
}

function consul(over: Partial<MeshInfo>): readonly Finding[] {
  return judge({ ...WELL, consul: { ...CONSUL, ...over } }, CHOSEN);
}

function lacking(...rights: readonly Right[]): readonly Finding[] {
  return judge({ ...WELL, lacking: rights }, CHOSEN);
}

function tested(verdict: Verdict): readonly Finding[] {
  return verdictFindings(verdict, PLACE);
}

const AWAY = refusal(
  "unreachable",
  "Consul at http://127.0.0.1:8500 cannot be reached (ECONNREFUSED): is the agent running there?",
);
const NO_DOCKER = new PortFailure({
  code: "unreachable",
  call: "docker: info",
  message: "nobody answers at unix:///var/run/docker.sock (ENOENT): is Docker running, and is DOCKER_HOST right?",
  effect: "none",
  retry: "backoff",
});
const OLD_DOCKER = { name: "host-1", version: "19.03.15", apiVersion: "1.40" };
const UNBOUND = "bind: cannot assign requested address";

/** Each is one thing that is amiss, and what is found then. */
export const AMISS: Readonly<Record<string, readonly Finding[]>> = {
  "Consul does not answer": judge({ ...WELL, consul: AWAY, lacking: AWAY }, CHOSEN),
  "Consul is too old": consul({ version: "1.7.14" }),
  "Connect is off": consul({ connectEnabled: false }),
  "ACLs were switched on while Remora ran": judge(WELL, { ...CHOSEN, aclsEnabled: false }),
  "gRPC is off, and the proxy is Envoy": judge(
    { ...WELL, consul: withoutGrpc() },
    { ...CHOSEN, envoy: envoyOf(withoutGrpc()) },
  ),
  "Consul was upgraded past the Envoy of the sidecars": consul({ version: "1.20.1", envoys: ["1.32.1", "1.31.3"] }),
  "the token lacks a rule": lacking(...rightsFor({ intentions: "none" }).slice(0, 1)),
  "no token was given, and ACLs are on": judge(
    { ...WELL, lacking: rightsFor({ intentions: "none" }) },
    { ...CHOSEN, anonymous: true },
  ),
  "Consul does not know the token": judge({ ...WELL, lacking: refusal("forbidden", "ACL not found") }, CHOSEN),
  "Docker does not answer": judge({ ...WELL, engine: NO_DOCKER }, CHOSEN),
  "Docker is too old": judge({ ...WELL, engine: OLD_DOCKER }, CHOSEN),
  "the advertised address is not this host's": tested({ kind: "unpublished", why: UNBOUND }),
  "Docker runs without its userland proxy": tested({ kind: "tried", isReachable: false, isIsolated: true }),
  "bridged traffic is not filtered": tested({ kind: "tried", isReachable: true, isIsolated: false }),
  "the self-test cannot be made": tested({ kind: "failed", why: "docker: container create: no space left on device" }),
};

/** What holds, and is worth knowing all the same. */
export const NOTED: Readonly<Record<string, readonly Finding[]>> = {
  "ACLs are off": judge({ ...WELL, consul: { ...CONSUL, aclsEnabled: false } }, { ...CHOSEN, aclsEnabled: false }),
  "the version of Consul has known holes": consul({ version: "1.8.7" }),
  "Envoy gets its configuration elsewhere": judge(
    { ...WELL, consul: withoutGrpc() },
    { ...CHOSEN, relay: { http: "http://127.0.0.1:8500", grpc: "http://127.0.0.1:8502" } },
  ),
  "the self-test waits": tested({ kind: "waiting", why: "the image busybox:stable is being pulled" }),
};

function envoyOf(found: MeshInfo): EnvoySettings {
  const [envoyImage, envoyLogLevel, envoyConcurrency] = [ENVOY.image, ENVOY.logLevel, ENVOY.concurrency];
  const given = { envoyImage, envoyLogLevel, envoyConcurrency, consulAddress: "http://127.0.0.1:8500" };
  return xdsOf(given, found, {}).envoy;
}

function withoutGrpc(): MeshInfo {
  const { grpc: _, ...rest } = CONSUL;
  return rest;
}
