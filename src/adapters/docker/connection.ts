/** Where the engine is, read from DOCKER_HOST, and a client for it. */
import Dockerode from "dockerode";

export type DockerAddress =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number; readonly protocol: "http" | "https" };

const DEFAULT_SOCKET = "/var/run/docker.sock";
const DEFAULT_PORTS = { http: 2375, https: 2376 } as const;

/** Reads DOCKER_HOST; unset or empty means Docker's own default socket. Throws an Error with one sentence on what it does not know. */
export function dockerAddress(dockerHost: string | undefined): DockerAddress {
  if (dockerHost === undefined || dockerHost === "") return { socketPath: DEFAULT_SOCKET };
  const socket = /^unix:\/\/(?<path>\/.+)$/.exec(dockerHost)?.groups?.["path"];
  if (socket !== undefined) return { socketPath: socket };
  const address = URL.canParse(dockerHost) ? tcpAddress(new URL(dockerHost)) : undefined;
  if (address !== undefined) return address;
  throw new Error(`DOCKER_HOST is "${dockerHost}": give unix:///path/to/docker.sock or tcp://host:port`);
}

function tcpAddress(url: URL): DockerAddress | undefined {
  const known = ["tcp:", "http:", "https:"].includes(url.protocol);
  if (!known || url.hostname === "" || url.pathname.length > 1) return undefined;
  const protocol = url.protocol === "https:" ? "https" : "http";
  return { host: url.hostname, port: url.port === "" ? portOf(url.protocol) : Number(url.port), protocol };
}

/** A port that a URL leaves out because it is its scheme's own was still given by the scheme, except for `tcp:`. */
function portOf(scheme: string): number {
  return scheme === "https:" ? DEFAULT_PORTS.https : DEFAULT_PORTS.http;
}

/** The address as people write it. */
export function addressText(address: DockerAddress): string {
  return "socketPath" in address ? `unix://${address.socketPath}` : `tcp://${address.host}:${address.port}`;
}

/**
 * A client of the engine. No API version is pinned: a path without one is served by the engine's own newest version, which
 * is what asking for it first would give. Without an agent the requests share Node's own keep-alive one.
 */
export function dockerClient(address: DockerAddress): Dockerode {
  // Both kinds are always named, because the client fills what is absent from this process's DOCKER_HOST.
  const nowhere = { socketPath: undefined, host: undefined, port: undefined, protocol: "http" } as const;
  return new Dockerode({ ...nowhere, ...address });
}
