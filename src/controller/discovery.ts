/** From what the operator said to the settings of this agent's life: the rest is asked of Docker and Consul. */
import type { Settings } from "../model/settings.ts";
import { PortFailure } from "../ports/failure.ts";
import type { StateStore } from "../ports/files.ts";
import type { Host } from "../ports/host.ts";
import type { Mesh, MeshInfo } from "../ports/mesh.ts";
import type { Runtime } from "../ports/runtime.ts";
import { instanceLabels } from "../model/labels.ts";
import { type Authority, type GivenEnvoy, xdsOf } from "./xds.ts";

/** What the operator said; absent = to be found out. */
export interface Given extends GivenEnvoy {
  readonly instance: string;
  readonly node?: string;
  /** An IP address, or `bridge`. */
  readonly advertise?: string;
  readonly proxy: Settings["proxy"];
  readonly infraImage: string;
  readonly consulImage?: string;
  readonly image?: string;
  readonly portRange: Settings["portRange"];
  readonly pruneDelay: number;
  readonly deadMan: number;
  readonly resync: number;
  readonly intentions: Settings["intentions"];
  readonly workers: number;
  /** Path of a PEM file. */
  readonly consulGrpcCaFile?: string;
  /** No token of Remora's own was given. */
  readonly anonymous?: boolean;
  readonly version: string;
}

export interface DiscoveryParts {
  readonly runtime: Pick<Runtime, "info" | "network" | "createNetwork">;
  readonly mesh: Pick<Mesh, "info">;
  readonly host: Host;
  readonly state: StateStore;
}

/**
 * Throws a PortFailure when Docker or Consul cannot be asked, when what they say will not do, or when the node's name
 * cannot be kept.
 */
export async function discoverSettings(given: Given, parts: DiscoveryParts, signal: AbortSignal): Promise<Settings> {
  requireRelayed(given);
  const [engine, consul] = await Promise.all([parts.runtime.info(signal), parts.mesh.info(signal)]);
  const own = given.image ?? (await parts.host.ownImage(signal)) ?? `remora:${given.version}`;
  const consulImage = given.consulImage ?? consulImageOf(consul.version);
  const settings = {
    ...chosenSettings(given),
    ...(given.proxy === "envoy" ? await envoySettings(given, consul, parts.host) : {}),
    datacenter: consul.datacenter,
    advertise: await advertised(given, consul, parts, signal),
    aclsEnabled: consul.aclsEnabled,
    images: { infra: given.infraImage, consul: consulImage, remora: own },
  };
  const kept = await keptNode(parts.state);
  const node = given.node ?? kept ?? engine.name;
  if (node !== kept) await parts.state.save(KIND, NODE, node);
  return { ...settings, node };
}

async function envoySettings(given: Given, consul: MeshInfo, host: Host): Promise<Pick<Settings, "envoy" | "relay">> {
  const { envoy, grpc } = xdsOf(given, consul, await authority(given.consulGrpcCaFile, host));
  return { envoy, relay: { http: given.consulAddress, ...(grpc === undefined ? {} : { grpc }) } };
}

async function authority(file: string | undefined, host: Host): Promise<Authority> {
  if (file === undefined) return {};
  try {
    return { pem: await host.readText(file) };
  } catch (error) {
    return { problem: `the file of --consul-grpc-ca-file cannot be read: ${(error as Error).message}` };
  }
}

/**
 * As much as a purge needs, which starts nothing: what only new things are made with stays empty, and Consul need not fit.
 * Throws a PortFailure when the node's name is neither given nor kept and Docker cannot be asked for it.
 */
export async function discoverForPurge(
  given: Given,
  { runtime, state }: { readonly runtime: Pick<Runtime, "info">; readonly state: StateStore },
  signal: AbortSignal,
): Promise<Settings> {
  const node = given.node ?? (await keptNode(state)) ?? (await runtime.info(signal)).name;
  const unused = { datacenter: "", advertise: "", aclsEnabled: false, images: { infra: "", consul: "", remora: "" } };
  return { ...chosenSettings(given), ...unused, node };
}

type Discovered = "node" | "datacenter" | "advertise" | "aclsEnabled" | "images";

/** What follows from the operator's words alone. */
function chosenSettings(given: Given): Omit<Settings, Discovered> {
  const { instance, proxy, portRange, pruneDelay, deadMan, resync, consulAddress, consulForGroups } = given;
  return {
    instance,
    ...(given.anonymous === true ? { anonymous: true } : {}),
    region: "global",
    proxy,
    network: networkOf(instance),
    portRange,
    pruneDelay,
    deadMan,
    resync,
    relayVolume: `remora-relay-${instance}`,
    relay: { http: consulAddress },
    ...(consulForGroups === undefined ? {} : { consulForGroups }),
    intentions: given.intentions,
    workers: given.workers,
  };
}

function networkOf(instance: string): string {
  return instance === "remora" ? "remora" : `remora-${instance}`;
}

/** Where the node's name is kept: its tokens are found by that name, also after the host was given another one. */
const KIND = "agent";
const NODE = "node";

/** undefined before the first start; a note that cannot be read counts as none. */
async function keptNode(state: StateStore): Promise<string | undefined> {
  const node = (await state.load(KIND, () => undefined)).get(NODE);
  return typeof node === "string" && node !== "" ? node : undefined;
}

/**
 * The relay passes bytes on from the host's network, into which no path of the host is mounted; the proxy `consul` speaks
 * plain HTTP to it. Envoy needs gRPC only.
 */
function requireRelayed({ proxy, consulAddress, consulForGroups }: Given): void {
  if (proxy === "envoy" || consulForGroups !== undefined) return;
  const advice = "give an address they reach Consul at with --consul-for-groups";
  if (consulAddress.startsWith("https:")) throw unfit(`sidecars cannot speak https through the relay: ${advice}`);
  if (consulAddress.startsWith("unix:"))
    throw unfit(`sidecars cannot reach the socket ${consulAddress} through the relay: ${advice}`);
}

async function advertised(
  { advertise, instance }: Given,
  consul: MeshInfo,
  { runtime, host }: DiscoveryParts,
  signal: AbortSignal,
): Promise<string> {
  if (advertise === "bridge") {
    const network = networkOf(instance);
    await runtime.createNetwork({ name: network, labels: instanceLabels(instance) }, signal);
    return (await runtime.network(network, signal))?.gateway ?? "";
  }
  const address = advertise ?? (isLoopback(consul.address) ? host.defaultAddress() : consul.address);
  if (address === undefined)
    throw unfit(
      "no address is known at which sidecars can be reached: give one with --advertise, or say --advertise=bridge",
    );
  if (isLoopback(address))
    throw unfit(`sidecars cannot be reached at ${address}: give an address that is not loopback with --advertise`);
  return address;
}

/** Whether a name or an IP address (in brackets or not) leads back to whoever uses it; so does the unspecified one. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  if (/^(?:127|0)(?:\.\d+){3}$/.test(name) || /^[0:]+1?$/.test(name)) return true;
  return name === "localhost" || name.endsWith(".localhost");
}

/** Docker's own library image ended with 1.15; build metadata such as `+ent` is no part of a tag. */
function consulImageOf(version: string): string {
  const [plain = version] = version.split("+");
  const [major = 0, minor = 0] = plain.split(".").map(Number);
  return major === 1 && minor < 16 ? `consul:${plain}` : `hashicorp/consul:${plain}`;
}

function unfit(message: string): PortFailure {
  return new PortFailure({ code: "rejected", call: "settings", message, effect: "none", retry: "backoff" });
}
