/** The rig's own bridge: Consul advertises its gateway, an address of this host that containers reach too. */
import type Docker from "dockerode";
import { orAbsent, rigLabel } from "./docker.ts";

const name = "remora-rig";

/** The address of the bridge on this host; the bridge is made when it is not there. */
export async function bridgeAddress(docker: Docker): Promise<string> {
  const network = docker.getNetwork(name);
  if ((await orAbsent(network.inspect())) === undefined) {
    await docker.createNetwork({ Name: name, Driver: "bridge", Labels: { [rigLabel]: "network" } });
  }
  const { IPAM } = await network.inspect();
  const gateway = IPAM?.Config?.[0]?.Gateway;
  if (gateway === undefined) throw new Error(`the Docker network ${name} has no gateway: remove it and try again`);
  return gateway;
}

/** Removes the bridge, unless a container is still on it. */
export async function removeNetwork(docker: Docker): Promise<void> {
  const seen = await orAbsent(docker.getNetwork(name).inspect());
  if (seen !== undefined && Object.keys(seen.Containers ?? {}).length === 0) {
    await orAbsent(docker.getNetwork(name).remove());
  }
}
