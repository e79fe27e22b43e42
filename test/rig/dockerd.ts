/** An engine of the rig's own: dockerd on a private socket, found again by later processes, gone when it is stopped. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addBridge, removeBridge } from "./bridge.ts";
import { answers, dockerAt, empty } from "./docker.ts";
import { firewallBefore, restoreFirewall } from "./firewall.ts";
import type { FirewallBefore } from "./firewall.ts";
import { bridgeDevice, rigDir, runDir } from "./paths.ts";
import { endProcess, isAlive, processId } from "./processes.ts";
import type { ProcessId } from "./processes.ts";
import { say } from "./say.ts";
import { exists, lastLines, run, startDetached } from "./shell.ts";
import { endShims } from "./shims.ts";
import { until } from "./wait.ts";

export const ownDockerHost = `unix://${join(runDir, "docker.sock")}`;

const recordFile = join(rigDir, "dockerd.json");
const dataDir = join(rigDir, "docker");
const logFile = join(rigDir, "dockerd.log");

interface Dockerd {
  readonly daemon: ProcessId;
  readonly firewall: FirewallBefore;
}

/** The engine of an earlier process of this checkout, if it still runs. */
export async function findDockerd(): Promise<Dockerd | undefined> {
  const text = await readFile(recordFile, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const record = JSON.parse(text) as Dockerd;
  return (await isAlive(record.daemon)) ? record : undefined;
}

/** Starts the engine; what a crash left in it is removed. */
export async function startDockerd(): Promise<void> {
  const hung = await findDockerd();
  if (hung !== undefined) await endProcess(hung.daemon);
  await mkdir(rigDir, { recursive: true });
  // As /run is on any host: others may pass through, and each socket says who may use it.
  await mkdir(runDir, { recursive: true, mode: 0o711 });
  await writeFile(join(rigDir, "daemon.json"), "{}\n");
  await rm(logFile, { force: true });
  const firewall = hung?.firewall ?? (await firewallBefore());
  await addBridge();
  say("starting dockerd on a private socket");
  await launch(firewall);
  await empty(dockerAt(ownDockerHost));
}

/** Ends the engine and starts it again over what it holds; `gracefully` false kills it. */
export async function restartDockerd(gracefully: boolean): Promise<void> {
  const found = await findDockerd();
  if (found === undefined) throw new Error("there is no engine of the rig's own to restart");
  await endProcess(found.daemon, gracefully ? 20_000 : 0);
  await launch(found.firewall);
}

async function launch(firewall: FirewallBefore): Promise<void> {
  await bridgedTrafficIsFiltered();
  await forgetCrash();
  const daemon = await processId(await startDetached("dockerd", dockerdArgs(), { log: logFile }));
  if (daemon === undefined) throw new Error(`dockerd ended at once: ${await logTail()}`);
  await writeFile(recordFile, JSON.stringify({ daemon, firewall } satisfies Dockerd));
  await untilUp(daemon);
  await bridgedTrafficIsFiltered();
}

/** Stops the engine with everything in it; resolves when it, its containerd and its sockets have gone. Images stay. */
export async function stopDockerd(): Promise<void> {
  const found = await findDockerd();
  if (found === undefined) return;
  const containerd = await containerdProcess();
  if (await answers(ownDockerHost)) await empty(dockerAt(ownDockerHost));
  await endProcess(found.daemon);
  if (containerd !== undefined) await endProcess(containerd);
  await endShims(join(runDir, "exec/containerd/containerd.sock"));
  await clearRunDir();
  await removeBridge();
  await restoreFirewall(found.firewall);
  await rm(recordFile, { force: true });
}

function dockerdArgs(): readonly string[] {
  const options = {
    host: ownDockerHost,
    pidfile: pidFile,
    "exec-root": join(runDir, "exec"),
    "data-root": dataDir,
    "config-file": join(rigDir, "daemon.json"),
    bridge: bridgeDevice,
    "shutdown-timeout": "5",
    "log-level": "warn",
  };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

async function untilUp(daemon: ProcessId): Promise<void> {
  const look = async (): Promise<boolean> => (await answers(ownDockerHost)) || !(await isAlive(daemon));
  await until(look, { what: `dockerd to answer (see ${logFile})`, timeoutMs: 60_000 });
  if (!(await answers(ownDockerHost))) throw new Error(`dockerd ended at once: ${await logTail()}`);
}

async function logTail(): Promise<string> {
  return lastLines(await readFile(logFile, "utf8").catch(() => "it said nothing"), 4);
}

const pidFile = join(runDir, "dockerd.pid");
const containerdPidFile = join(runDir, "exec/containerd/containerd.pid");

async function containerdProcess(): Promise<ProcessId | undefined> {
  const text = await readFile(containerdPidFile, "utf8").catch(() => "");
  return text === "" ? undefined : processId(Number(text));
}

/** A killed engine leaves pid files, and a dead process that nobody has waited for looks alive to the next one. */
async function forgetCrash(): Promise<void> {
  const containerd = await containerdProcess();
  if (containerd !== undefined) await endProcess(containerd);
  await rm(pidFile, { force: true });
  await rm(containerdPidFile, { force: true });
}

/** The engine's namespaces and perhaps its data directory are mounts, and what is mounted cannot be removed. */
async function clearRunDir(): Promise<void> {
  const mounts = (await readFile("/proc/mounts", "utf8")).split("\n").map((line) => line.split(" ")[1] ?? "");
  const ours = mounts.filter((path) => [runDir, dataDir].some((dir) => `${path}/`.startsWith(`${dir}/`)));
  for (const path of ours.toReversed()) await run("umount", [path]);
  await rm(runDir, { recursive: true, force: true });
}

/** Installs Docker when the machine has none; resolves with whether it did. */
export async function installDocker(): Promise<boolean> {
  if (process.getuid?.() !== 0) throw new Error("no Docker engine answers and only root can start one: start Docker");
  if (await exists("dockerd")) return false;
  say("installing Docker from Debian (apt-get install docker.io iptables)");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "-q", "--no-install-recommends", "docker.io", "iptables"];
  await run("apt-get", install, { env }).catch(async () => {
    await run("apt-get", ["update", "-q"], { env });
    await run("apt-get", install, { env });
  });
  return true;
}

/** Without this a container reaches others on its bridge past the packet filter, whatever the mesh allows. */
async function bridgedTrafficIsFiltered(): Promise<void> {
  const file = "/proc/sys/net/bridge/bridge-nf-call-iptables";
  const now = await readFile(file, "utf8").catch(() => "absent until a bridge is made");
  if (now.trim() === "0") await writeFile(file, "1");
}
