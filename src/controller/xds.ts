/** How Envoy is run and where it finds xDS: from what the operator said and what the Consul agent says of itself. Pure. */
import type { EnvoySettings } from "../model/settings.ts";
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

/** `ca`: the authority for xDS (PEM), if one was given. What is missing is told in `problem`, and only sidecars wait for it. */
export function xdsOf(given: GivenEnvoy, consul: MeshInfo, ca: string | undefined): Xds {
  const at = given.consulGrpcAddress ?? grpcAt(given.consulForGroups ?? given.consulAddress, consul);
  const needsTls = given.consulGrpcAddress === undefined && consul.grpc?.tls === true;
  const problem = problemOf(given, consul, at) ?? (needsTls && ca === undefined ? NO_CA : undefined);
  const envoy: EnvoySettings = {
    consulVersion: consul.version,
    version: consul.envoys[0] ?? "",
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
function grpcAt(http: string, { grpc }: MeshInfo): string | undefined {
  if (grpc === undefined || http.startsWith("unix:")) return undefined;
  return `${new URL(http).hostname}:${grpc.port}`;
}

function splitAddress(at: string): { readonly address: string; readonly port: number } {
  const colon = at.lastIndexOf(":");
  return { address: at.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(at.slice(colon + 1)) };
}
