/** `make demo`: Consul, Remora and the countdash example, up to the count that came through both sidecars. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { relative } from "node:path";
import type Docker from "dockerode";
import { consulContainer, consulPorts, demandFree, demoConsul, demoDir } from "./demo-consul.ts";
import { leftIntentions, managementTokenFile } from "./demo-consul.ts";
import { dashboardPort, untilCounted } from "./demo-progress.ts";
import type { Count } from "./demo-progress.ts";
import {
  jobsDirectory,
  leftovers,
  logTail,
  purge,
  remoraAddress,
  remoraContainer,
  startRemora,
} from "./demo-remora.ts";
import { dockerAt, orAbsent, removeContainer } from "./docker.ts";
import { findEngine } from "./engine.ts";
import { remoraImage } from "./images.ts";
import { root } from "./paths.ts";
import { setupRig } from "./rig.ts";
import type { OpenRig, Rig } from "./rig.ts";
import { print, reason, say } from "./say.ts";

const user = "demo";
const image = "remora:demo";

/** Runs the demo. With a terminal it stays up; without one it is taken down again, and a failure is thrown. */
export async function demo(stays: boolean): Promise<void> {
  const setUp = setupRig(user);
  if (!stays) for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void interrupted(setUp));
  const rig = await setUp;
  try {
    tell(await start(rig.facts), rig.facts, stays);
  } catch (error) {
    print(`\nRemora's last words:\n${await logTail(dockerAt(rig.facts.dockerHost), remoraContainer)}\n`);
    if (stays) print("What was started is left for you to look at; make demo-down removes it.");
    else await takeDown(rig).catch((also: unknown) => print(`and cleaning up failed: ${reason(also)}`));
    throw error;
  }
  if (!stays) await takeDown(rig);
}

/** `make demo-down`: removes whatever the demo left. */
export async function demoDown(): Promise<void> {
  if ((await findEngine()) !== undefined) await takeDown(await setupRig(user));
  say("the demo is down");
}

async function start(rig: Rig): Promise<Count> {
  const docker = dockerAt(rig.dockerHost);
  const name = await remoraImage(docker, image);
  const anew = (await orAbsent(docker.getContainer(remoraContainer).inspect())) === undefined;
  if (anew && (await leftovers(docker)).length === 0) await demandFree(dashboardPort, "the dashboard");
  await demoConsul(docker, rig);
  await startRemora(docker, rig, name);
  return untilCounted(120_000);
}

async function takeDown(rig: OpenRig): Promise<void> {
  say("taking the demo down");
  const docker = dockerAt(rig.facts.dockerHost);
  try {
    await emptied(docker, rig.facts);
  } finally {
    await removeContainer(docker, remoraContainer);
    await removeContainer(docker, consulContainer);
    await rm(demoDir, { recursive: true, force: true });
    await rig.close();
  }
}

/** Remora cleans up after itself, and that is looked at. */
async function emptied(docker: Docker, rig: Rig): Promise<void> {
  const consul = await orAbsent(docker.getContainer(consulContainer).inspect());
  const isUp = consul?.State.Running === true && existsSync(managementTokenFile);
  if (isUp) await purge(docker, rig, image);
  const intentions = isUp ? await leftIntentions() : [];
  const left = [...(await leftovers(docker)), ...intentions];
  if (left.length > 0) throw new Error(`remora purge left behind: ${left.join(", ")}`);
}

async function interrupted(setUp: Promise<OpenRig>): Promise<void> {
  await setUp.then(takeDown).catch((error: unknown) => print(reason(error)));
  process.exit(130);
}

function tell({ count, hostname }: Count, rig: Rig, stays: boolean): void {
  say(`count-dashboard got the count ${count} from count-api (on ${hostname}), through both sidecars`);
  if (!stays) return;
  print(`
  The dashboard   http://127.0.0.1:${dashboardPort}
  Remora          http://${remoraAddress}   or: DOCKER_HOST=${rig.dockerHost} docker exec ${remoraContainer} remora status
  Consul          http://127.0.0.1:${consulPorts.http}   token in ${relative(root, managementTokenFile)}
  The job         ${relative(root, jobsDirectory)}/   change it and watch
  Docker          DOCKER_HOST=${rig.dockerHost}
  To stop it      make demo-down
`);
}
