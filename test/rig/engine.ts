/** The Docker engine the tests and the demo use: one that answers already, else one of the rig's own. */
import { findDockerd, installDocker, ownDockerHost, restartDockerd, startDockerd, stopDockerd } from "./dockerd.ts";
import { answers } from "./docker.ts";
import { withLock } from "./lock.ts";
import { say } from "./say.ts";
import { enter, leave, users } from "./users.ts";

export interface Engine {
  /** `unix:///path/to/docker.sock` */
  readonly dockerHost: string;
  /** True when the rig started it: it may be restarted, filled up and emptied. */
  readonly own: boolean;
}

/** Finds an engine, or starts one; from now on this process (or `user`) counts as one that uses it. */
export async function engine(user?: string): Promise<Engine> {
  return withLock(async () => {
    const found = (await findEngine()) ?? (await installedEngine());
    if (found === undefined) await startDockerd();
    await enter(user);
    return found ?? { dockerHost: ownDockerHost, own: true };
  });
}

/** Installing Docker starts its service on a machine that has services; then that is the engine. */
async function installedEngine(): Promise<Engine | undefined> {
  return (await installDocker()) ? findEngine() : undefined;
}

/**
 * This process (or `user`) uses the engine no longer; resolves with whether nobody else does.
 * The last one to say so stops an engine of our own.
 */
export async function release(user?: string): Promise<boolean> {
  return withLock(async () => {
    await leave(user);
    const others = await users();
    if (others.length === 0) await stopDockerd();
    else say(`the engine is still in use by ${others.join(", ")}`);
    return others.length === 0;
  });
}

/** Restarts an engine of our own over what it holds; `gracefully` false kills it. Rejects when it is not ours. */
export async function restartEngine(gracefully = true): Promise<void> {
  await withLock(() => restartDockerd(gracefully));
}

/** Stops an engine of our own now, whoever uses it; resolves when it and its containerd have gone. */
export async function stopEngine(): Promise<void> {
  await withLock(stopDockerd);
}

/** The engine that the rig would use, if it runs already: the one named by DOCKER_HOST, our own, or the machine's. */
export async function findEngine(): Promise<Engine | undefined> {
  const named = process.env["DOCKER_HOST"];
  if (named !== undefined && named !== "") return namedEngine(named);
  if ((await findDockerd()) !== undefined && (await answers(ownDockerHost))) {
    return { dockerHost: ownDockerHost, own: true };
  }
  const usual = "unix:///var/run/docker.sock";
  return (await answers(usual)) ? { dockerHost: usual, own: false } : undefined;
}

async function namedEngine(dockerHost: string): Promise<Engine> {
  if (!dockerHost.startsWith("unix://")) {
    throw new Error(`DOCKER_HOST is ${dockerHost}, but the rig mounts the engine's socket: set a unix:// address`);
  }
  if (!(await answers(dockerHost))) throw new Error(`DOCKER_HOST is ${dockerHost}, but no engine answers there`);
  return { dockerHost, own: dockerHost === ownDockerHost };
}
