/** The demo's Remora: its container beside Consul, with the example as its directory. */
import { basename, dirname, join } from "node:path";
import type Docker from "dockerode";
import { consulPorts, remoraTokenFile } from "./demo-consul.ts";
import { orAbsent, removeContainer, rigLabel, stopContainer } from "./docker.ts";
import { root } from "./paths.ts";
import type { Rig } from "./rig.ts";
import { say } from "./say.ts";

export const remoraContainer = "remora-demo";
export const remoraAddress = "127.0.0.1:4656";
export const jobsDirectory = join(root, "examples/countdash");

const instance = "demo";
const stateVolume = "remora-demo-state";

/** Starts the agent; one that runs already is replaced, and its successor adopts what runs. */
export async function startRemora(docker: Docker, rig: Rig, image: string): Promise<void> {
  await stopContainer(docker, remoraContainer);
  await removeContainer(docker, remoraContainer);
  say("starting Remora");
  const images = ["--image", image, "--infra-image", rig.images.infra, "--consul-image", rig.images.consul];
  const command = [
    "agent",
    "--jobs",
    "/jobs",
    "--http-addr",
    remoraAddress,
    "--intentions",
    "upstreams",
    "--proxy",
    "consul",
    ...images,
  ];
  await (await createRemora(docker, rig, image, remoraContainer, command)).start();
}

/** Runs `remora purge`: everything the demo's instance owns in Docker and Consul goes. */
export async function purge(docker: Docker, rig: Rig, image: string): Promise<void> {
  await stopContainer(docker, remoraContainer);
  await removeContainer(docker, remoraContainer);
  const name = `${remoraContainer}-purge`;
  await removeContainer(docker, name);
  const container = await createRemora(docker, rig, image, name, ["purge", "--yes"]);
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    if (StatusCode !== 0) throw new Error(`remora purge failed: ${await logTail(docker, name)}`);
  } finally {
    await removeContainer(docker, name);
  }
  await orAbsent(docker.getVolume(stateVolume).remove());
}

/** What carries the instance's mark still, as a list of words; empty after a purge that worked. */
export async function leftovers(docker: Docker): Promise<readonly string[]> {
  const mark = { filters: { label: [`io.remora.instance=${instance}`] } };
  const containers = await docker.listContainers({ all: true, ...mark });
  const networks = await docker.listNetworks(mark);
  const { Volumes } = await docker.listVolumes(mark);
  return [
    ...containers.map((one) => `container ${one.Names[0] ?? one.Id}`),
    ...networks.map((one) => `network ${one.Name}`),
    ...Volumes.map((one) => `volume ${one.Name}`),
  ];
}

/** The last lines a container wrote. */
export async function logTail(docker: Docker, name: string): Promise<string> {
  const log = await orAbsent(docker.getContainer(name).logs({ stdout: true, stderr: true, tail: 12 }));
  return log === undefined ? "it is not there" : withoutFrames(log);
}

/** Without a terminal the engine puts 8 bytes before every piece of output: the stream's number and the length. */
function withoutFrames(log: Buffer): string {
  const pieces: string[] = [];
  for (let at = 0; at + 8 <= log.length; at += 8 + log.readUInt32BE(at + 4)) {
    pieces.push(log.subarray(at + 8, at + 8 + log.readUInt32BE(at + 4)).toString());
  }
  return pieces.join("").trim();
}

/** The directory of the engine's socket is mounted, not the socket: a restarted engine makes a new one. */
function createRemora(
  docker: Docker,
  rig: Rig,
  image: string,
  name: string,
  command: readonly string[],
): Promise<Docker.Container> {
  const socket = rig.dockerHost.replace(/^unix:\/\//, "");
  return docker.createContainer({
    name,
    Image: image,
    Cmd: [...command],
    Env: [
      `DOCKER_HOST=unix:///engine/${basename(socket)}`,
      `CONSUL_HTTP_ADDR=127.0.0.1:${consulPorts.http}`,
      "CONSUL_HTTP_TOKEN_FILE=/token",
      "REMORA_STATE_DIR=/state",
      `REMORA_INSTANCE=${instance}`,
    ],
    Labels: { [rigLabel]: "demo" },
    HostConfig: {
      NetworkMode: "host",
      Binds: [
        `${dirname(socket)}:/engine`,
        `${jobsDirectory}:/jobs:ro`,
        `${remoraTokenFile}:/token:ro`,
        `${stateVolume}:/state`,
      ],
    },
  });
}
