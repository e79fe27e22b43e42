/** Looks at Consul with the management token: registrations, health and tokens of an instance. */
import type { ConsulApi } from "../../rig/consul-api.ts";

/** A service of the agent or the catalog, as far as tests look at it. */
export interface Entry {
  readonly ID: string;
  readonly Service: string;
  readonly Port: number;
  readonly Address: string;
  readonly Meta: Readonly<Record<string, string>> | null;
  readonly ModifyIndex: number;
  readonly Proxy?: { readonly LocalServicePort?: number };
}

export interface Registrations {
  readonly agent: readonly Entry[];
  readonly catalog: readonly Entry[];
}

/** What carries the instance's mark, sidecars included, in the agent and in the catalog. */
export async function registrations(consul: ConsulApi, instance: string): Promise<Registrations> {
  const { Config } = await consul.get<{ Config: { NodeName: string } }>("/agent/self");
  const local = await consul.get<Readonly<Record<string, Entry>>>("/agent/services");
  const node = await consul.get<{ Services: readonly Entry[] | null }>(`/catalog/node-services/${Config.NodeName}`);
  const mine = ({ Meta }: Entry): boolean => Meta?.["remora-instance"] === instance;
  return { agent: Object.values(local).filter(mine), catalog: (node.Services ?? []).filter(mine) };
}

export interface HealthEntry {
  readonly Service: Entry;
  readonly Checks: readonly { readonly CheckID: string; readonly Status: string }[];
}

/** The instances of a service that are in rotation for the mesh: those others connect to. */
export function inRotation(consul: ConsulApi, service: string): Promise<readonly HealthEntry[]> {
  return consul.get<readonly HealthEntry[]>(`/health/connect/${service}?passing`);
}

/** The instances of a service itself that are passing. */
export function passing(consul: ConsulApi, service: string): Promise<readonly HealthEntry[]> {
  return consul.get<readonly HealthEntry[]>(`/health/service/${service}?passing`);
}

export interface TokenEntry {
  readonly AccessorID: string;
  readonly Description: string;
  readonly ModifyIndex: number;
}

/** The tokens that Remora made for an instance. */
export async function tokens(consul: ConsulApi, instance: string): Promise<readonly TokenEntry[]> {
  const all = await consul.get<readonly TokenEntry[]>("/acl/tokens");
  return all.filter(({ Description }) => Description.startsWith(`remora instance=${instance} `));
}

/** The secret of a token. */
export async function secretOf(consul: ConsulApi, accessor: string): Promise<string> {
  return (await consul.get<{ SecretID: string }>(`/acl/token/${accessor}`)).SecretID;
}
