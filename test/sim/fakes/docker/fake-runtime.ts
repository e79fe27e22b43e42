/** The Runtime port on a fake engine: the same answers and failures as the Docker adapter gives. */
import { Hints } from "../../../../src/adapters/hints.ts";
import { callText, refusal } from "../../../../src/adapters/docker/errors.ts";
import type { Call } from "../../../../src/adapters/docker/errors.ts";
import { PortFailure } from "../../../../src/ports/failure.ts";
import type { EngineInfo, Runtime, RuntimeReading } from "../../../../src/ports/runtime.ts";
import { refOf } from "../../../../src/model/labels.ts";
import { runCommand } from "./commands.ts";
import { viewOf } from "./container.ts";
import { createContainer, putFiles, requireOwn, signalContainer, touchable } from "./container-verbs.ts";
import type { FakeDocker } from "./fake-docker.ts";
import { remove, start } from "./life.ts";
import { createNetwork, networkState, removeNetwork } from "./network-verbs.ts";
import { fullReference, isMarked, usersOf } from "./world.ts";

/** As much of an exec's output as the port promises. */
const OUTPUT_LIMIT = 64 * 1024;

/** Each call acts at once; one whose signal is aborted already does nothing. */
export function fakeRuntime(world: FakeDocker, instance: string): Runtime {
  return {
    list: (signal) => verb(read("container ls"), signal, () => reading(world, instance)),
    changes: (signal) => changes(world, instance, signal),
    info: (signal) => verb(read("info"), signal, () => engineInfo(world)),
    hasImage: (ref, signal) => verb(read("image inspect", ref), signal, () => world.images.has(fullReference(ref))),
    pullImage: (ref, signal) => verb(write("image pull", ref), signal, (call) => pullImage(world, ref, call)),
    network: (name, signal) => verb(read("network inspect", name), signal, () => networkState(world, instance, name)),
    createNetwork: (spec, signal) =>
      verb(write("network create", spec.name), signal, (call) => createNetwork(world, instance, spec, call)),
    removeNetwork: (name, signal) =>
      verb(write("network rm", name), signal, (call) => removeNetwork(world, instance, name, call)),
    createContainer: (spec, signal) =>
      verb(write("container create", spec.name), signal, (call) => createContainer(world, spec, call)),
    startContainer: (name, signal) =>
      verb(write("container start", name), signal, (call) => {
        start(world, requireOwn(world, instance, name, call), call);
      }),
    signalContainer: (name, sent, signal) =>
      verb(write("container kill", name), signal, (call) => signalContainer(world, instance, name, sent, call)),
    removeContainer: (name, signal) =>
      verb(write("container rm", name), signal, (call) => {
        const found = touchable(world, instance, name, call);
        if (found !== undefined) remove(world, found);
      }),
    putFiles: (name, directory, files, signal) =>
      verb(write("container cp", `${name}:${directory}`), signal, (call) =>
        putFiles(world, requireOwn(world, instance, name, call), directory, files, call),
      ),
    exec: (name, argv, signal) =>
      verb(read("exec create", name), signal, (call) => {
        const container = requireOwn(world, instance, name, call);
        if (container.run === undefined) throw refusal("rejected", call, `Container ${container.id} is not running`);
        const { exitCode, stdout } = runCommand(world, container, container.run, argv);
        return { exitCode, stdout: Buffer.from(stdout).subarray(0, OUTPUT_LIMIT).toString() };
      }),
    removeVolume: (name, signal) =>
      verb(write("volume rm", name), signal, (call) => removeVolume(world, instance, name, call)),
  };
}

function engineInfo({ filtersBridges }: FakeDocker): EngineInfo {
  return { name: "fake-host", version: "20.10.24", apiVersion: "1.41", filtersBridges };
}

function read(operation: string, subject = ""): Call {
  return { operation, subject, write: false };
}

function write(operation: string, subject: string): Call {
  return { operation, subject, write: true };
}

async function verb<T>(call: Call, signal: AbortSignal, act: (call: Call) => T): Promise<T> {
  if (!signal.aborted) return act(call);
  const message = "given up before there was an answer";
  throw new PortFailure({ code: "aborted", call: callText(call), message, effect: "none", retry: "backoff" });
}

function reading(world: FakeDocker, instance: string): RuntimeReading {
  const containers = [...world.containers.values()].filter(({ spec }) => isMarked(spec.labels, instance));
  const volumes = [...world.volumes.values()].filter(({ spec }) => isMarked(spec.labels, instance));
  return {
    containers: containers.map(viewOf).filter((container) => container !== undefined),
    volumes: volumes.map(({ spec: { name, labels }, createdAt }) => {
      const ref = refOf(labels);
      return { name, ...(ref !== undefined && { ref }), labels, createdAt };
    }),
  };
}

async function* changes(world: FakeDocker, instance: string, signal: AbortSignal): AsyncGenerator<void, void> {
  const hints = new Hints();
  const watcher = { instance, notify: () => hints.notify(), end: (error?: Error) => hints.end(error) };
  const stop = (): void => hints.end();
  signal.addEventListener("abort", stop, { once: true });
  world.watchers.add(watcher);
  if (signal.aborted) stop();
  hints.notify();
  try {
    yield* hints.read();
  } finally {
    world.watchers.delete(watcher);
    signal.removeEventListener("abort", stop);
  }
}

function pullImage(world: FakeDocker, ref: string, call: Call): void {
  const image = world.registry.get(fullReference(ref));
  if (image === undefined) throw refusal("image-missing", call, `manifest for ${fullReference(ref)} not found`);
  world.images.set(fullReference(ref), image);
}

function removeVolume(world: FakeDocker, instance: string, name: string, call: Call): void {
  const volume = world.volumes.get(name);
  if (volume === undefined) return;
  if (!isMarked(volume.spec.labels, instance)) throw refusal("conflict", call, "the volume is not ours", "never");
  if (usersOf(world, name).length > 0) throw refusal("conflict", call, "volume is in use");
  world.volumes.delete(name);
}
