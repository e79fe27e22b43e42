/** The fixed clean state between rounds: nothing of an instance is left, but what all groups stand on. */
import type Docker from "dockerode";
import { registrations, tokens } from "../e2e/support/consul.ts";
import { leftOfJob } from "../e2e/support/leftovers.ts";
import type { ConsulApi } from "../rig/consul-api.ts";
import { orAbsent, removeContainer } from "../rig/docker.ts";
import { until } from "../rig/wait.ts";

/** Removes everything that carries the instance's mark, whoever made it. */
export async function removeAll(docker: Docker, consul: ConsulApi, instance: string): Promise<void> {
  const mark = { filters: { label: [`io.remora.instance=${instance}`] } };
  const containers = await docker.listContainers({ all: true, ...mark });
  await Promise.all(containers.map(({ Id }) => removeContainer(docker, Id)));
  const { Volumes } = await docker.listVolumes(mark);
  await Promise.all(Volumes.map(({ Name }) => orAbsent(docker.getVolume(Name).remove({ force: true }))));
  const networks = await docker.listNetworks(mark);
  await Promise.all(networks.map(({ Id }) => orAbsent(docker.getNetwork(Id).remove())));
  const { agent } = await registrations(consul, instance);
  // A sidecar goes with its service.
  for (const { ID, Proxy } of agent) if (Proxy === undefined) await consul.put(`/agent/service/deregister/${ID}`);
  for (const { AccessorID } of await tokens(consul, instance)) await consul.delete(`/acl/token/${AccessorID}`);
}

/** Resolves when listings show nothing of the instance's countdash any more. */
export async function untilClean(docker: Docker, consul: ConsulApi, instance: string): Promise<void> {
  const clean = async (): Promise<boolean> => (await leftOfJob(docker, consul, instance, "countdash")).length === 0;
  await until(clean, { what: `nothing of ${instance} to be left` });
}
