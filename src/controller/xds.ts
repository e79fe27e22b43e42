/** How Envoy is run and where it finds xDS: from what the operator said and what the Consul agent says of itself. Pure. */
import type { EnvoySettings } from "../model/settings.ts";
import { isBefore } from "../model/versions.ts";
import type { MeshInfo } from "../ports/mesh.ts";

/** What the operator said. */
export interface GivenEnvoy {
  readonly envoyImage: string;
  readonly envoyLogLevel: string;
  readonly envoyConcurrency: number;
  /** Consul as the controller reaches it: `http://host:port`. */
  readonly consulAddress: string;
  /** Consul as groups reach it without the relay. */
  readonly consulForGroups?: string;
  /** `host:port`; absent = the agent's host and the port it names. */
  readonly consulGrpcAddress?: string;
}

export interface Xds {
  readonly envoy: EnvoySettings;
  /** `http://host:port` for the relay. */
  readonly grpc?: string;
}

/** The authority for xDS (PEM), if one was given, or why it cannot be had. */
export type Authority = { readonly pem?: string } | { readonly problem: string };

/** What is missing is told in `problem`, and only sidecars wait for it. */
export function xdsOf(given: GivenEnvoy, consul: MeshInfo, authority: Authority): Xds {
  const ca = "problem" in authority ? undefined : authority.pem;
  const at = given.consulGrpcAddress ?? grpcAt(given.consulForGroups ?? given.consulAddress, consul, ca !== undefined);
  const problem =
    "problem" in authority ? authority.problem : (problemOf(given, consul, at) ?? tlsProblem(given, consul, ca));
  const envoy: EnvoySettings = {
    consulVersion: consul.version,
    version: consul.envoys[0] ?? "",
    supported: consul.envoys,
    image: given.envoyImage,
    logLevel: given.envoyLogLevel,
    concurrency: given.envoyConcurrency,
    ...(given.consulForGroups === undefined || at === undefined ? {} : { direct: splitAddress(at) }),
    ...(ca === undefined ? {} : { ca }),
    ...(problem === undefined ? {} : { problem }),
  };
  return { envoy, ...(at === undefined || given.consulForGroups !== undefined ? {} : { grpc: `http://${at}` }) };
}

const NO_CA =
  "Consul speaks xDS over TLS only: give the authority of its certificate with --consul-grpc-ca-file, or set ports.grpc";

const NO_TLS =
  "--consul-grpc-ca-file asks for xDS over TLS, and Consul has no port for that: set ports { grpc_tls = 8503 }, or leave the option out";

/** Before 1.14 the one port speaks TLS or not, and does not say which. An address that was given is taken at its word. */
function tlsProblem(given: GivenEnvoy, { grpc, version }: MeshInfo, ca: string | undefined): string | undefined {
  if (given.consulGrpcAddress !== undefined || grpc === undefined) return undefined;
  if (ca === undefined) return grpc.tls ? NO_CA : undefined;
  return grpc.tls || grpc.tlsPort !== undefined || isBefore(version, "1.14") ? undefined : NO_TLS;
}

const OFF =
  "gRPC is off on the Consul agent, from which Envoy is configured: set ports { grpc = 8502 } in its configuration, or run Remora with --proxy=consul";

const NOWHERE =
  "where Envoy finds Consul's gRPC cannot be told from a unix socket: give its host:port with --consul-grpc-address";

function problemOf({ envoyImage }: GivenEnvoy, consul: MeshInfo, at: string | undefined): string | undefined {
  if (at === undefined) return consul.grpc === undefined ? OFF : NOWHERE;
  if (consul.envoys.length > 0 || !envoyImage.includes("${NOMAD_envoy_version}")) return undefined;
  return `Consul ${consul.version} does not say which Envoy it supports: name an image with --envoy-image`;
}

/** The same host as Consul's HTTP API, at the port that the agent names. */
function grpcAt(http: string, { grpc }: MeshInfo, overTls: boolean): string | undefined {
  if (grpc === undefined || http.startsWith("unix:")) return undefined;
  return `${new URL(http).hostname}:${overTls ? (grpc.tlsPort ?? grpc.port) : grpc.port}`;
}

function splitAddress(at: string): { readonly address: string; readonly port: number } {
  const colon = at.lastIndexOf(":");
  return { address: at.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(at.slice(colon + 1)) };
}
