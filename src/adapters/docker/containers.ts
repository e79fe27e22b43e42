/** The life of one container: create, start, signal, remove. */
import type { ContainerSpec } from "../../model/container.ts";
import { LABEL } from "../../model/labels.ts";
import { PortFailure } from "../../ports/failure.ts";
import { createBody } from "./create.ts";
import type { Ask, Engine } from "./engine.ts";
import { orAbsent, refusal } from "./errors.ts";
import type { Call } from "./errors.ts";
import { inspect, inspectOwn, requireOwn } from "./inspect.ts";
import type { Inspected } from "./inspect.ts";

export function createContainer(engine: Engine, spec: ContainerSpec, signal: AbortSignal): Promise<void> {
  return engine.within(signal, async (ask) => {
    const call: Call = { operation: "container create", subject: spec.name, write: true };
    await requireJoined(engine, ask, spec, call);
    try {
      await ask(call, async (abortSignal) => {
        // Given apart, because the client would put a plain body into the URL as well.
        const options = { _query: { name: spec.name }, _body: createBody(spec), abortSignal };
        await engine.docker.createContainer(options);
      });
    } catch (error) {
      if (!(error instanceof PortFailure) || error.code !== "conflict") throw error;
      if (!isSame(await inspect(engine, ask, spec.name), spec)) throw error;
    }
  });
}

/** Docker finds out only at the start that the container to join is gone. */
async function requireJoined(engine: Engine, ask: Ask, spec: ContainerSpec, call: Call): Promise<void> {
  if (spec.network.kind !== "container") return;
  const owner = spec.network.id;
  if ((await inspect(engine, ask, owner)) !== undefined) return;
  throw refusal("not-found", call, `the container to join is gone: No such container: ${owner}`);
}

function isSame(found: Inspected | undefined, spec: ContainerSpec): boolean {
  if (found === undefined || found.State.Status === "removing" || found.State.Status === "dead") return false;
  const labels = found.Config.Labels ?? {};
  return [LABEL.instance, LABEL.alloc, LABEL.role].every((label) => labels[label] === spec.labels[label]);
}

export function startContainer(engine: Engine, container: string, signal: AbortSignal): Promise<void> {
  return engine.within(signal, async (ask) => {
    const call: Call = { operation: "container start", subject: container, write: true };
    const found = await requireOwn(engine, ask, container, call);
    if (found.State.Status === "running") return;
    const handle = engine.docker.getContainer(found.Id);
    await ask(call, (abortSignal) => unlessStarted(handle.start({ abortSignal })));
  });
}

/** The client takes 304, "already started", for an error. */
async function unlessStarted(started: Promise<unknown>): Promise<void> {
  try {
    await started;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 304) throw error;
  }
}

export function signalContainer(engine: Engine, container: string, name: string, signal: AbortSignal): Promise<void> {
  return engine.within(signal, async (ask) => {
    const call: Call = { operation: "container kill", subject: container, write: true };
    const found = await inspectOwn(engine, ask, container, call);
    if (found === undefined || !canReceive(found)) return;
    const options = { signal: name === "" ? found.Config.StopSignal || "SIGTERM" : name };
    const handle = engine.docker.getContainer(found.Id);
    const sent = ask(call, (abortSignal) => handle.kill({ ...options, abortSignal }));
    await orAbsent(unlessStopped(sent));
  });
}

/** A container between two runs has no process, but the engine must hear that it is not wanted any more. */
function canReceive(found: Inspected): boolean {
  return ["running", "paused", "restarting"].includes(found.State.Status);
}

/** It may end by itself between the look and the signal. */
async function unlessStopped(sent: Promise<unknown>): Promise<void> {
  try {
    await sent;
  } catch (error) {
    if (error instanceof PortFailure && /is not running/.test(error.message)) return;
    throw error;
  }
}

export function removeContainer(engine: Engine, container: string, signal: AbortSignal): Promise<void> {
  return engine.within(signal, async (ask) => {
    const call: Call = { operation: "container rm", subject: container, write: true };
    const found = await inspectOwn(engine, ask, container, call);
    if (found === undefined) return;
    // `v` takes the nameless volumes with it that an image's VOLUME made; those with a name stay.
    const options = { force: true, v: true };
    const handle = engine.docker.getContainer(found.Id);
    const removed = ask(call, (abortSignal) => handle.remove({ ...options, abortSignal }));
    await orAbsent(unlessUnderWay(removed));
  });
}

async function unlessUnderWay(removed: Promise<unknown>): Promise<void> {
  try {
    await removed;
  } catch (error) {
    if (error instanceof PortFailure && /removal of container .* is already in progress/.test(error.message)) return;
    throw error;
  }
}
