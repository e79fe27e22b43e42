/** A picture of everything an instance keeps, in which nothing may change that nobody touched. */
import type Docker from "dockerode";
import type { ConsulApi } from "../../rig/consul-api.ts";
import { registrations, tokens } from "./consul.ts";
import type { TokenEntry } from "./consul.ts";
import { inspectAll } from "./docker.ts";

/** By name; the values change when the thing is made anew, started again or written. */
export type Picture = Readonly<Record<string, string>>;

export interface Scope {
  readonly docker: Docker;
  readonly consul: { readonly api: ConsulApi };
  /** The instance's. */
  readonly name: string;
}

/** Containers with their StartedAt, services with their ModifyIndex, tokens with theirs; of one job, if given. */
export async function picture({ docker, consul, name: instance }: Scope, job?: string): Promise<Picture> {
  const containers = await inspectAll(docker, { instance, ...(job === undefined ? {} : { job }) });
  const { catalog, agent } = await registrations(consul.api, instance);
  const isMeant = ({ Meta }: { Meta: Readonly<Record<string, string>> | null }): boolean =>
    job === undefined || Meta?.["remora-job"] === job;
  const meant = (await tokens(consul.api, instance)).filter(
    ({ Description }) => job === undefined || Description.includes(` job=${job} `),
  );
  const entries = new Map([
    ...containers.map(({ Name, Id, State }) => entry("container", Name, `${Id.slice(0, 12)} ${State.StartedAt}`)),
    ...catalog.filter(isMeant).map(({ ID, ModifyIndex }) => entry("service", ID, ModifyIndex)),
    ...agent.filter(isMeant).map(({ ID }) => entry("agent", ID, "registered")),
    ...meant.map((token) => entry("token", `${serviceOf(token)} ${token.AccessorID}`, token.ModifyIndex)),
  ]);
  return Object.fromEntries(entries);
}

/** The service a token is for, as its description says. */
function serviceOf({ Description }: TokenEntry): string {
  return / service=(\S*)/.exec(Description)?.[1] ?? "nobody";
}

function entry(kind: string, name: string, value: string | number): readonly [string, string] {
  return [`${kind} ${name}`, String(value)];
}

/** The part of a picture whose names do not match. */
export function without(whole: Picture, touched: RegExp): Picture {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !touched.test(name)));
}
