/** A Docker engine in memory, with the levers by which a test plays the outside world. */
import type { ContainerSpec, NetworkSpec } from "../../../../src/model/container.ts";
import type { Clock } from "../../../../src/ports/time.ts";
import type { FakeContainer } from "./container.ts";
import type { FakeFile, FakeVolume } from "./files.ts";
import { placeOf } from "./files.ts";
import { deliver, end, make, nextId, remove, restartLater, start } from "./life.ts";
import type { Listener } from "./namespace.ts";
import { bindingAt } from "./ports.ts";
import type { HostPort } from "./ports.ts";
import type { FakeImage } from "./program.ts";
import { find, fullReference, hint } from "./world.ts";
import type { FakeNetwork, Watcher, World } from "./world.ts";

/** Enough of a specification for a container that is not Remora's. */
export type ForeignSpec = Pick<ContainerSpec, "name"> & Partial<ContainerSpec>;

/**
 * Every change happens at once and in order; only programs take time, by the clock. It makes no faults of its own: losing
 * hints and breaking streams are levers, failing calls are the business of whoever wraps the runtime.
 */
export class FakeDocker implements World {
  readonly clock: Clock;
  readonly containers = new Map<string, FakeContainer>();
  readonly volumes = new Map<string, FakeVolume>();
  readonly networks = new Map<string, FakeNetwork>();
  readonly images = new Map<string, FakeImage>();
  /** What a pull can find. */
  readonly registry = new Map<string, FakeImage>();
  readonly watchers = new Set<Watcher>();
  readonly occupied = new Set<HostPort>();
  filtersBridges = true;
  hasUserlandProxy = true;
  hintsLost = false;
  serial = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Puts an image on the host. */
  addImage(ref: string, image: FakeImage = {}): void {
    this.images.set(fullReference(ref), image);
  }

  /** Puts an image where a pull finds it. */
  publishImage(ref: string, image: FakeImage = {}): void {
    this.registry.set(fullReference(ref), image);
  }

  /** The container of that name or id. Throws if there is none. */
  container(name: string): FakeContainer {
    const found = find(this, name);
    if (found === undefined) throw new Error(`the fake engine has no container ${name}`);
    return found;
  }

  /** Its main process ends by itself; the restart policy applies. */
  exit(name: string, code: number, oomKilled = false): void {
    end(this, this.container(name), code, oomKilled);
  }

  /** Someone runs `docker kill`; the restart policy does not apply. */
  kill(name: string): void {
    deliver(this, this.container(name), "KILL");
  }

  /** Someone runs `docker start`. */
  start(name: string): void {
    start(this, this.container(name), { operation: "container start", subject: name, write: true });
  }

  pause(name: string): void {
    const container = this.container(name);
    if (container.run !== undefined) container.state = "paused";
    hint(this, container);
  }

  /** Someone runs `docker rm -f`. */
  removeBehindBack(name: string): void {
    remove(this, this.container(name));
  }

  /** A container that is not Remora's (or another instance's, by its labels), running unless told otherwise. */
  addForeign(spec: ForeignSpec, running = true): FakeContainer {
    const container = make(this, { ...FOREIGN, ...spec });
    if (running) this.start(container.id);
    return container;
  }

  addForeignNetwork(spec: NetworkSpec): void {
    this.networks.set(spec.name, { id: nextId(this), spec, gateway: "172.31.0.1", isolated: false });
  }

  /** A program of the host takes a port; the function returned gives it back. */
  occupy(port: number, ip = "0.0.0.0", protocol: "tcp" | "udp" = "tcp"): () => void {
    const held: HostPort = { ip, port, protocol };
    this.occupied.add(held);
    return () => void this.occupied.delete(held);
  }

  /** Sockets that listen in the namespace a running container lives in; empty if it does not run. */
  listening(name: string): readonly Listener[] {
    return this.container(name).run?.namespace.listeners ?? [];
  }

  /** Id of the namespace a running container lives in. */
  namespaceOf(name: string): string | undefined {
    return this.container(name).run?.namespace.id;
  }

  /** What a TCP connection to a port of the host meets: the namespace behind it, and whether someone listens there. */
  behind(port: number, ip = "0.0.0.0"): { namespace: string; containerPort: number; answered: boolean } | undefined {
    const found = bindingAt(this.containers.values(), { ip, port, protocol: "tcp" });
    const namespace = found?.container.run?.namespace;
    if (found === undefined || namespace === undefined) return undefined;
    const { containerPort } = found.binding;
    // A published port arrives on the container's interface, never on its loopback.
    const reachable = namespace.listeners.filter(({ address }) => !address.startsWith("127.") && address !== "::1");
    const answered = reachable.some((listener) => listener.port === containerPort);
    return { namespace: namespace.id, containerPort, answered };
  }

  /** A file as a container has it, with mode and owner. */
  file(name: string, path: string): FakeFile | undefined {
    const { spec, files } = this.container(name);
    const { mount, rest } = placeOf(spec.mounts, path);
    return (mount === undefined ? files : this.volumes.get(mount.volume.name)?.files)?.get(rest);
  }

  /** Every event stream ends, with an error if one is given. */
  breakStreams(error?: Error): void {
    for (const watcher of this.watchers) watcher.end(error);
  }

  /** The engine is restarted without live-restore: streams break, everything stops, and every `always` is started again. */
  restartEngine(): void {
    this.breakStreams();
    const containers = [...this.containers.values()];
    for (const container of containers) end(this, container, 0);
    const unwanted = containers.filter(
      ({ state, unwanted, spec }) => state === "exited" && unwanted && spec.restart === "always",
    );
    for (const container of unwanted) restartLater(this, container);
  }
}

const FOREIGN: Omit<ContainerSpec, "name"> = {
  image: "foreign",
  env: {},
  labels: {},
  network: { kind: "none" },
  publish: [],
  mounts: [],
  capAdd: [],
  capDrop: [],
  readonlyRootfs: false,
  noNewPrivileges: false,
  restart: "no",
  logs: { maxFiles: 1, maxSizeMb: 1 },
};
