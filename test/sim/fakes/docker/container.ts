/** One container of the fake engine: what was asked for, and what became of it. */
import type { Container, ContainerSpec } from "../../../../src/model/container.ts";
import type { Millis } from "../../../../src/model/job.ts";
import { refOf, roleOf } from "../../../../src/model/labels.ts";
import type { FileTree } from "./files.ts";
import type { Namespace } from "./namespace.ts";
import type { FakeProcess } from "./program.ts";

/** A run of a container, from a start to the end that follows. */
export interface Run {
  readonly namespace: Namespace;
  readonly process: FakeProcess;
  /** Ends `process.ended`. */
  end(): void;
  /** The program's own handler, if it has set one. */
  signalled?: (name: string) => void;
}

export interface FakeContainer {
  readonly id: string;
  readonly spec: ContainerSpec;
  readonly createdAt: Millis;
  readonly files: FileTree;
  state: Container["state"];
  startedAt?: Millis;
  finishedAt?: Millis;
  exitCode?: number;
  oomKilled: boolean;
  /** There while it runs (or is paused). */
  run?: Run;
  /** It was told to end through the engine: its restart policy does not apply until it is started again. */
  unwanted: boolean;
}

export function networkModeOf({ network }: ContainerSpec): string {
  if (network.kind === "bridge") return network.name;
  return network.kind === "container" ? `container:${network.id}` : network.kind;
}

/** As a listing shows it; undefined for what has no role of Remora's. */
export function viewOf(container: FakeContainer): Container | undefined {
  const { spec, state } = container;
  const role = roleOf(spec.labels);
  if (role === undefined) return undefined;
  const ref = refOf(spec.labels);
  const exitCode = state === "running" || state === "paused" ? undefined : container.exitCode;
  return {
    id: container.id,
    name: spec.name,
    role,
    ...(ref !== undefined && { ref }),
    labels: spec.labels,
    image: spec.image,
    state,
    networkMode: networkModeOf(spec),
    createdAt: container.createdAt,
    ...(container.startedAt !== undefined && { startedAt: container.startedAt }),
    ...(container.finishedAt !== undefined && { finishedAt: container.finishedAt }),
    ...(exitCode !== undefined && { exitCode }),
    oomKilled: container.oomKilled,
  };
}
