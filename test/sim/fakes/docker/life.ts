/** How fake containers come to run and to their end. */
import { createHash } from "node:crypto";
import type { ContainerSpec } from "../../../../src/model/container.ts";
import { PortFailure } from "../../../../src/ports/failure.ts";
import { childOf } from "../../../../src/adapters/docker/engine.ts";
import { refusal } from "../../../../src/adapters/docker/errors.ts";
import type { Call } from "../../../../src/adapters/docker/errors.ts";
import { listenIfGreeter } from "./calls.ts";
import type { FakeContainer, Run } from "./container.ts";
import { placeOf } from "./files.ts";
import type { Namespace } from "./namespace.ts";
import { bindingAt, bindingsOf, clash } from "./ports.ts";
import { exitCodeOf } from "./program.ts";
import type { FakeProcess } from "./program.ts";
import { find, fullReference, hint, usersOf } from "./world.ts";
import type { World } from "./world.ts";

/** Docker's first delay before it starts a container again; here it does not grow. */
const RESTART_DELAY = 100;

/** 64 hexadecimal digits, as Docker's, the same in every run of a test. */
export function nextId(world: World): string {
  world.serial += 1;
  return createHash("sha256").update(`id ${world.serial}`).digest("hex");
}

/** Makes a container and the volumes it mounts. */
export function make(world: World, spec: ContainerSpec): FakeContainer {
  const createdAt = world.clock.now();
  for (const { volume } of spec.mounts) {
    // Docker tells a volume's age in whole seconds.
    const seconds = Math.floor(createdAt / 1000) * 1000;
    if (!world.volumes.has(volume.name)) {
      world.volumes.set(volume.name, { spec: volume, createdAt: seconds, files: new Map() });
    }
  }
  const fresh = { state: "created", oomKilled: false, unwanted: false } as const;
  const container: FakeContainer = { id: nextId(world), spec, createdAt, files: new Map(), ...fresh };
  world.containers.set(container.id, container);
  hint(world, container);
  return container;
}

/** Throws as Docker does when it cannot be started; running already is no error. */
export function start(world: World, container: FakeContainer, call: Call): void {
  if (container.run !== undefined) return;
  const namespace = namespaceFor(world, container, call);
  refuseTakenPorts(world, container, call);
  container.state = "running";
  container.startedAt = world.clock.now();
  container.unwanted = false;
  container.run = runOf(world, container, namespace);
  hint(world, container);
  const program = world.images.get(fullReference(container.spec.image))?.program;
  listenIfGreeter(container.run.process);
  void program?.(container.run.process);
}

function namespaceFor(world: World, container: FakeContainer, call: Call): Namespace {
  const { network } = container.spec;
  if (network.kind === "bridge" && !world.networks.has(network.name)) {
    throw refusal("not-found", call, `network ${network.name} not found`);
  }
  if (network.kind !== "container") return { id: nextId(world), listeners: [] };
  const owner = find(world, network.id);
  if (owner === undefined) throw refusal("not-found", call, `No such container: ${network.id}`);
  if (owner.run === undefined) {
    throw refusal("rejected", call, `cannot join network of a non running container: ${network.id}`);
  }
  return owner.run.namespace;
}

function refuseTakenPorts(world: World, container: FakeContainer, call: Call): void {
  for (const binding of bindingsOf(container.spec)) {
    const held = [...world.occupied].some((other) => clash(binding, other));
    if (!held && bindingAt(world.containers.values(), binding) === undefined) continue;
    throw refusal("port-taken", call, `Bind for ${binding.ip}:${binding.port} failed: port is already allocated`);
  }
}

function runOf(world: World, container: FakeContainer, namespace: Namespace): Run {
  const life = new AbortController();
  const process: FakeProcess = {
    spec: container.spec,
    ended: life.signal,
    sleep: (ms) => pause(world, ms, life.signal),
    listen: (port, address = "0.0.0.0") => {
      if (life.signal.aborted) return;
      namespace.listeners = [...namespace.listeners, { container: container.id, address, port }];
    },
    unlisten: (port) => dropListeners(namespace, container.id, port),
    exit: (code) => {
      if (!life.signal.aborted) end(world, container, code);
    },
    onSignal: (handler) => (run.signalled = handler),
    read: (path) => readFile(world, container, path),
  };
  const run: Run = { namespace, process, end: () => life.abort() };
  return run;
}

async function pause(world: World, ms: number, ended: AbortSignal): Promise<void> {
  const own = childOf(ended);
  await world.clock.sleep(ms, own.signal);
  own.release();
}

function dropListeners(namespace: Namespace, container: string, port?: number): void {
  namespace.listeners = namespace.listeners.filter(
    (listener) => listener.container !== container || (port !== undefined && listener.port !== port),
  );
}

/** Ends a run: ports are free again, and a tmpfs that nobody runs with any more is empty. */
export function end(world: World, container: FakeContainer, code: number, oomKilled = false): void {
  const { run } = container;
  if (run === undefined) return;
  delete container.run;
  container.state = "exited";
  container.exitCode = code;
  container.oomKilled = oomKilled;
  container.finishedAt = world.clock.now();
  dropListeners(run.namespace, container.id);
  emptyUnusedTmpfs(world, container);
  run.end();
  hint(world, container);
  if (container.spec.restart === "always" && !container.unwanted) restartLater(world, container);
}

function emptyUnusedTmpfs(world: World, container: FakeContainer): void {
  for (const { volume } of container.spec.mounts) {
    const inUse = usersOf(world, volume.name).some(({ run }) => run !== undefined);
    const held = world.volumes.get(volume.name);
    if (held?.spec.tmpfs !== undefined && !inUse) held.files.clear();
  }
}

/** As the restart policy says; a start that fails is not tried again. */
export function restartLater(world: World, container: FakeContainer): void {
  container.state = "restarting";
  void world.clock.sleep(RESTART_DELAY).then(() => {
    if (container.state !== "restarting" || world.containers.get(container.id) !== container) return;
    container.state = "exited";
    try {
      start(world, container, { operation: "container start", subject: container.spec.name, write: true });
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
    }
  });
}

/** A signal from the engine: KILL ends it, others go to the program's handler or end it too. */
export function deliver(world: World, container: FakeContainer, signal: string): void {
  container.unwanted = true;
  if (container.state === "restarting") container.state = "exited";
  const { run } = container;
  if (run === undefined) return;
  if (signal !== "KILL" && run.signalled !== undefined) run.signalled(signal);
  else end(world, container, exitCodeOf(signal));
}

export function remove(world: World, container: FakeContainer): void {
  container.unwanted = true;
  end(world, container, exitCodeOf("KILL"));
  world.containers.delete(container.id);
  hint(world, container);
}

export function readFile(world: World, container: FakeContainer, path: string): string | undefined {
  const { mount, rest } = placeOf(container.spec.mounts, path);
  const tree = mount === undefined ? container.files : world.volumes.get(mount.volume.name)?.files;
  return tree?.get(rest)?.content;
}
