/** The state of a fake engine, and the questions that its other parts ask of it. */
import type { NetworkSpec } from "../../../../src/model/container.ts";
import { LABEL } from "../../../../src/model/labels.ts";
import type { Labels } from "../../../../src/model/labels.ts";
import type { Clock } from "../../../../src/ports/time.ts";
import type { FakeContainer } from "./container.ts";
import type { FakeVolume } from "./files.ts";
import type { HostPort } from "./ports.ts";
import type { FakeImage } from "./program.ts";

/** Someone who reads the event stream of one instance. */
export interface Watcher {
  readonly instance: string;
  notify(): void;
  end(error?: Error): void;
}

export interface FakeNetwork {
  readonly id: string;
  readonly spec: NetworkSpec;
  readonly gateway: string;
  readonly isolated: boolean;
}

export interface World {
  readonly clock: Clock;
  /** By id, in the order of their making. */
  readonly containers: Map<string, FakeContainer>;
  readonly volumes: Map<string, FakeVolume>;
  readonly networks: Map<string, FakeNetwork>;
  /** By full reference, tag included. */
  readonly images: Map<string, FakeImage>;
  readonly watchers: Set<Watcher>;
  /** Ports that some program of the host holds. */
  readonly occupied: Set<HostPort>;
  /** Bridged traffic passes the packet filter (`bridge-nf-call-iptables`). */
  filtersBridges: boolean;
  /** Without it containers do not reach the published ports of their own host. */
  hasUserlandProxy: boolean;
  /** While true, events reach nobody. */
  hintsLost: boolean;
  /** How many ids were given out. */
  serial: number;
}

export function isMarked(labels: Labels, instance: string): boolean {
  return labels[LABEL.instance] === instance;
}

/** By name or id. */
export function find(world: World, container: string): FakeContainer | undefined {
  return world.containers.get(container) ?? [...world.containers.values()].find(({ spec }) => spec.name === container);
}

export function attachedTo(world: World, network: string): readonly FakeContainer[] {
  return [...world.containers.values()].filter(
    ({ run, spec }) => run !== undefined && spec.network.kind === "bridge" && spec.network.name === network,
  );
}

export function usersOf(world: World, volume: string): readonly FakeContainer[] {
  return [...world.containers.values()].filter(({ spec }) => spec.mounts.some((mount) => mount.volume.name === volume));
}

/** As Docker reads a reference: without a tag or digest it means `latest`. */
export function fullReference(ref: string): string {
  const last = ref.slice(ref.lastIndexOf("/") + 1);
  return /[:@]/.test(last) ? ref : `${ref}:latest`;
}

/** Tells whoever watches the instance that a container of it changed. */
export function hint(world: World, container: FakeContainer): void {
  if (world.hintsLost) return;
  for (const watcher of world.watchers) {
    if (isMarked(container.spec.labels, watcher.instance)) watcher.notify();
  }
}
