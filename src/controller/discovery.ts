/** From what the operator said to the settings of this agent's life: the rest is asked of Docker and Consul. */
import type { Settings } from "../model/settings.ts";
import { PortFailure } from "../ports/failure.ts";
import type { Host } from "../ports/host.ts";
import type { Mesh, MeshInfo } from "../ports/mesh.ts";
import type { Runtime } from "../ports/runtime.ts";
import { instanceLabels } from "../model/labels.ts";

/** What the operator said; absent = to be found out. */
export interface Given {
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
  readonly workers: number;
  readonly consulForGroups?: string;
  /** Consul as the controller reaches it, which is also how the relay does. */
  readonly consulAddress: string;
  readonly version: string;
}

export interface DiscoveryParts {
  readonly runtime: Runtime;
  readonly mesh: Pick<Mesh, "info">;
  readonly host: Host;
}

/** Throws a PortFailure when Docker or Consul cannot be asked, or when what they say will not do. */
export async function discoverSettings(given: Given, parts: DiscoveryParts, signal: AbortSignal): Promise<Settings> {
  const [engine, consul] = await Promise.all([parts.runtime.info(signal), parts.mesh.info(signal)]);
  if (!consul.connectEnabled)
    throw unfit("Connect is not enabled on the Consul agent: set connect { enabled = true } on its servers");
  if (given.consulAddress.startsWith("https:") && given.consulForGroups === undefined)
    throw unfit(
      "sidecars cannot speak https through the relay: give an address they reach Consul at with --consul-for-groups",
    );
  const own = given.image ?? (await parts.host.ownImage(signal)) ?? `remora:${given.version}`;
  const network = given.instance === "remora" ? "remora" : `remora-${given.instance}`;
  return {
    instance: given.instance,
    node: given.node ?? engine.name,
    datacenter: consul.datacenter,
    region: "global",
    advertise: await advertised(given, network, consul, parts, signal),
    aclsEnabled: consul.aclsEnabled,
    proxy: given.proxy,
    network,
    images: { infra: given.infraImage, consul: given.consulImage ?? consulImage(consul.version), remora: own },
    portRange: given.portRange,
    pruneDelay: given.pruneDelay,
    deadMan: given.deadMan,
    resync: given.resync,
    relayVolume: `remora-relay-${given.instance}`,
    relay: { http: given.consulAddress },
    ...(given.consulForGroups === undefined ? {} : { consulForGroups: given.consulForGroups }),
    workers: given.workers,
  };
}

async function advertised(
  { advertise, instance }: Given,
  network: string,
  consul: MeshInfo,
  { runtime, host }: DiscoveryParts,
  signal: AbortSignal,
): Promise<string> {
  if (advertise === "bridge") {
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

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1" || address === "localhost" || address === "0.0.0.0";
}

/** Docker's own library image ended with 1.15; build metadata such as `+ent` is no part of a tag. */
function consulImage(version: string): string {
  const [plain = version] = version.split("+");
  const [major = 0, minor = 0] = plain.split(".").map(Number);
  return major === 1 && minor < 16 ? `consul:${plain}` : `hashicorp/consul:${plain}`;
}

function unfit(message: string): PortFailure {
  return new PortFailure({ code: "rejected", call: "settings", message, effect: "none", retry: "backoff" });
}
