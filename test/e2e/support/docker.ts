/** Looks at Docker: the containers of an instance, and commands inside them. */
import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import { LABEL } from "../../../src/model/labels.ts";
import { until } from "../../rig/wait.ts";

/** Labels a container has to have, by the names of LABEL. */
export type Wanted = Partial<Record<keyof typeof LABEL, string>>;

/**
 * All containers with these labels, running or not, as `docker inspect` shows them. Those of the self-test, which come and go,
 * only if their role is asked for.
 */
export async function inspectAll(docker: Docker, wanted: Wanted): Promise<readonly ContainerInspectInfo[]> {
  const label = Object.entries(wanted).map(([name, value]) => `${LABEL[name as keyof typeof LABEL]}=${value}`);
  const listed = await docker.listContainers({ all: true, filters: { label } });
  const lasting = listed.filter(({ Labels }) => wanted.role !== undefined || Labels[LABEL.role] !== "probe");
  return Promise.all(lasting.map(({ Id }) => docker.getContainer(Id).inspect()));
}

/** The one container with these labels. */
export async function inspectOne(docker: Docker, wanted: Wanted): Promise<ContainerInspectInfo> {
  const found = await inspectAll(docker, wanted);
  const [one] = found;
  if (one === undefined || found.length > 1)
    throw new Error(`${found.length} containers have the labels ${JSON.stringify(wanted)}`);
  return one;
}

export interface Said {
  readonly code: number;
  readonly output: string;
}

/** Runs a command inside a running container, to its end; as the container's user, unless another is named. */
export async function execIn(docker: Docker, container: string, command: readonly string[], user = ""): Promise<Said> {
  const options = { Cmd: [...command], AttachStdout: true, AttachStderr: true, Tty: true, User: user };
  const exec = await docker.getContainer(container).exec(options);
  const stream = await exec.start({ Tty: true });
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise((ended, failed) => stream.once("end", ended).once("error", failed));
  const done = async (): Promise<Docker.ExecInspectInfo | false> => {
    const seen = await exec.inspect();
    return !seen.Running && seen;
  };
  const { ExitCode } = await until(done, { what: `${command.join(" ")} to end` });
  return { code: ExitCode ?? -1, output: Buffer.concat(chunks).toString() };
}

/** The address of a container in its only network. */
export function addressOf({ NetworkSettings, Name }: ContainerInspectInfo): string {
  const [network] = Object.values(NetworkSettings.Networks);
  if (network === undefined || network.IPAddress === "") throw new Error(`${Name} has no address`);
  return network.IPAddress;
}
