/** What of an instance, or of one job of it, is still in Docker and Consul. */
import type Docker from "dockerode";
import type { ConsulApi } from "../../rig/consul-api.ts";
import { registrations, tokens } from "./consul.ts";

/** Everything that carries the instance's mark, as a list of words. */
export async function leftovers(docker: Docker, consul: ConsulApi, instance: string): Promise<readonly string[]> {
  const mark = { filters: { label: [`io.remora.instance=${instance}`] } };
  const networks = await docker.listNetworks(mark);
  return [
    ...(await marked(docker, mark)),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...(await inConsul(consul, instance)),
  ];
}

/** Everything of one job; the network and the relay of the instance are nobody's alone. */
export async function leftOfJob(
  docker: Docker,
  consul: ConsulApi,
  instance: string,
  job: string,
): Promise<readonly string[]> {
  const label = [`io.remora.instance=${instance}`, `io.remora.job=${job}`];
  const networks = await docker.listNetworks({ filters: { label: [`io.remora.instance=${instance}`] } });
  const seen = await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).inspect()));
  const endpoints = seen.flatMap(({ Containers }) => Object.values(Containers ?? {}) as { Name: string }[]);
  return [
    ...(await marked(docker, { filters: { label } })),
    ...endpoints.map(({ Name }) => `endpoint of ${Name}`),
    ...(await inConsul(consul, instance)),
  ];
}

interface Mark {
  readonly filters: { readonly label: string[] };
}

async function marked(docker: Docker, mark: Mark): Promise<readonly string[]> {
  const containers = await docker.listContainers({ all: true, ...mark });
  const { Volumes } = await docker.listVolumes(mark);
  return [
    ...containers.map(({ Names, Id }) => `container ${Names[0] ?? Id}`),
    ...Volumes.map(({ Name }) => `volume ${Name}`),
  ];
}

async function inConsul(consul: ConsulApi, instance: string): Promise<readonly string[]> {
  const seen = await registrations(consul, instance);
  return [
    ...seen.agent.map(({ ID }) => `registration ${ID} in the agent`),
    ...seen.catalog.map(({ ID }) => `registration ${ID} in the catalog`),
    ...(await tokens(consul, instance)).map(({ AccessorID }) => `token ${AccessorID}`),
  ];
}
