/** The few things the rig asks of an engine. */
import Docker from "dockerode";

/** Marks what the rig made, so that it never removes anything else. */
export const rigLabel = "io.remora.rig";

/** A client of the engine at `dockerHost` (`unix://…`). */
export function dockerAt(dockerHost: string): Docker {
  return new Docker({ socketPath: dockerHost.replace(/^unix:\/\//, "") });
}

export async function answers(dockerHost: string): Promise<boolean> {
  return dockerAt(dockerHost)
    .ping()
    .then(
      () => true,
      () => false,
    );
}

/** Undefined instead of an error when what was asked for does not exist (404). */
export async function orAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

/** Follows a pull or a build to its end; rejects with the sentence the engine gave. */
export function follow(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((done, fail) => {
    docker.modem.followProgress(stream, (error: Error | null, lines: readonly { error?: string }[] | undefined) => {
      const said = lines?.find((line) => line.error !== undefined)?.error;
      if (error !== null || said !== undefined) fail(error ?? new Error(said));
      else done();
    });
  });
}

/** Tells a container to end and waits for that, 10 s at most; one that does not run is left as it is. */
export async function stopContainer(docker: Docker, id: string): Promise<void> {
  const found = await orAbsent(docker.getContainer(id).inspect());
  if (found?.State.Running === true) await docker.getContainer(id).stop({ t: 10 });
}

export async function removeContainer(docker: Docker, id: string): Promise<void> {
  await orAbsent(docker.getContainer(id).remove({ force: true, v: true }));
}

/** Leaves an engine of our own with images only: no containers, networks or volumes. */
export async function empty(docker: Docker): Promise<void> {
  const containers = await docker.listContainers({ all: true });
  await Promise.all(containers.map((container) => removeContainer(docker, container.Id)));
  const networks = await docker.listNetworks({ filters: { type: ["custom"] } });
  await Promise.all(networks.map((network) => orAbsent(docker.getNetwork(network.Id).remove())));
  const { Volumes } = await docker.listVolumes();
  await Promise.all(Volumes.map((volume) => orAbsent(docker.getVolume(volume.Name).remove({ force: true }))));
}
