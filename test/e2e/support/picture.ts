/** A picture of everything an instance keeps, in which nothing may change that nobody touched. */
import type Docker from "dockerode";
import type { ConsulApi } from "../../rig/consul-api.ts";
import { registrations, tokens } from "./consul.ts";
import { inspectAll } from "./docker.ts";

/** By name; the values change when the thing is made anew, started again or written. */
export type Picture = Readonly<Record<string, string>>;

/** Containers with their StartedAt, services with their ModifyIndex, tokens with theirs. */
export async function picture(docker: Docker, consul: ConsulApi, instance: string): Promise<Picture> {
  const containers = await inspectAll(docker, { instance });
  const { catalog, agent } = await registrations(consul, instance);
  const entries = [
    ...containers.map(({ Name, Id, State }) => [`container ${Name}`, `${Id.slice(0, 12)} ${State.StartedAt}`]),
    ...catalog.map(({ ID, ModifyIndex }) => [`service ${ID}`, String(ModifyIndex)]),
    ...agent.map(({ ID }) => [`agent ${ID}`, "registered"]),
    ...(await tokens(consul, instance)).map(({ AccessorID, ModifyIndex }) => [`token ${AccessorID}`, `${ModifyIndex}`]),
  ];
  return Object.fromEntries(entries.toSorted());
}

/** The part of a picture that does not match. */
export function without(whole: Picture, touched: RegExp): Picture {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !touched.test(name)));
}
