/** What the runtime's contract needs of the engine it is tried on, and the specifications it tries. */
import { randomBytes } from "node:crypto";
import { expect, test as base } from "vitest";
import type { Container, ContainerSpec, Role, VolumeMount, VolumeSpec } from "../../src/model/container.ts";
import { LABEL, allocLabels, instanceLabels } from "../../src/model/labels.ts";
import { PortFailure } from "../../src/ports/failure.ts";
import type { FailureCode } from "../../src/ports/failure.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import { until } from "../rig/wait.ts";

export interface RuntimeHarness {
  /** An image with a shell that is here. */
  readonly image: string;
  runtime(instance: string): Runtime;
  /** Holds a TCP port of the host, as a program outside of any container would; the function returned lets go. */
  occupy(port: number): Promise<() => Promise<void>>;
  freePort(): Promise<number>;
}

/** What the tests' containers run; a fake engine acts the same parts. */
export const COMMAND = {
  /** Process 1 has no default handlers, so it ends at KILL only. */
  forever: ["sleep", "1000000"],
  exits3: ["sh", "-c", "exit 3"],
  /** Ends with 7 at USR1 and with 8 at TERM. */
  trapping: ["sh", "-c", "trap 'exit 7' USR1; trap 'exit 8' TERM; while :; do sleep 0.05; done"],
} as const;

/** One test's own instance, so that tests do not see each other's objects, even of an earlier run that was cut short. */
export class Stage {
  readonly instance = `contract-${randomBytes(4).toString("hex")}`;
  readonly runtime: Runtime;
  readonly harness: RuntimeHarness;
  readonly signal = new AbortController().signal;
  readonly #networks: string[] = [];

  constructor(harness: RuntimeHarness) {
    this.harness = harness;
    this.runtime = harness.runtime(this.instance);
  }

  name(short: string): string {
    return `${this.instance}-${short}`;
  }

  /** A container of one allocation that runs until it is killed, without a network, unless told otherwise. */
  spec(short: string, changes: Partial<ContainerSpec> = {}, role: Role = "task"): ContainerSpec {
    return {
      name: this.name(short),
      image: this.harness.image,
      command: COMMAND.forever,
      env: {},
      labels: { ...this.#allocLabels(short), [LABEL.role]: role },
      network: { kind: "none" },
      publish: [],
      mounts: [],
      capAdd: [],
      capDrop: [],
      readonlyRootfs: false,
      noNewPrivileges: true,
      restart: "no",
      logs: { maxFiles: 1, maxSizeMb: 1 },
      ...changes,
    };
  }

  #allocLabels(alloc: string): Readonly<Record<string, string>> {
    return allocLabels(this.instance, { job: "job", group: "group", index: 0, alloc });
  }

  volume(short: string, tmpfs?: VolumeSpec["tmpfs"]): VolumeSpec {
    const labels = this.#allocLabels("volumes");
    return { name: this.name(short), labels, ...(tmpfs !== undefined && { tmpfs }) };
  }

  mount(short: string, target: string, tmpfs?: VolumeSpec["tmpfs"]): VolumeMount {
    return { volume: this.volume(short, tmpfs), target, readOnly: false };
  }

  async create(spec: ContainerSpec): Promise<void> {
    await this.runtime.createContainer(spec, this.signal);
  }

  async run(spec: ContainerSpec): Promise<Container> {
    await this.create(spec);
    await this.runtime.startContainer(spec.name, this.signal);
    return this.see(spec.name);
  }

  async createNetwork(short: string): Promise<string> {
    const name = this.name(short);
    this.#networks.push(name);
    await this.runtime.createNetwork({ name, labels: instanceLabels(this.instance) }, this.signal);
    return name;
  }

  /** The container as listed; undefined if it is not. */
  async look(name: string): Promise<Container | undefined> {
    const { containers } = await this.runtime.list(this.signal);
    return containers.find((container) => container.name === name);
  }

  async see(name: string): Promise<Container> {
    const found = await this.look(name);
    if (found === undefined) throw new Error(`${name} is not listed`);
    return found;
  }

  async volumeNames(): Promise<readonly string[]> {
    const { volumes } = await this.runtime.list(this.signal);
    return volumes.map(({ name }) => name);
  }

  /** Removes all that was made through this stage. */
  async clear(): Promise<void> {
    const { containers, volumes } = await this.runtime.list(this.signal);
    for (const { id } of containers) await this.runtime.removeContainer(id, this.signal);
    for (const { name } of volumes) await this.runtime.removeVolume(name, this.signal);
    for (const name of this.#networks) await this.runtime.removeNetwork(name, this.signal);
  }
}

/** Test functions that are given a stage of their own, and a way to get a second instance on the same engine. */
export type ContractTest = ReturnType<typeof contractTest>;

export function contractTest(open: () => RuntimeHarness) {
  return base.extend<{ stage: Stage; stranger: () => Stage }>({
    stage: async ({ onTestFinished }, use) => {
      const stage = new Stage(open());
      onTestFinished(() => stage.clear());
      await use(stage);
    },
    stranger: async ({ stage, onTestFinished }, use) => {
      await use(() => {
        const stranger = new Stage(stage.harness);
        onTestFinished(() => stranger.clear());
        return stranger;
      });
    },
  });
}

export const TMPFS = { sizeMb: 1, mode: "0700", uid: 0 } as const;

export const FILE = { name: "f", content: "text", mode: 0o444, uid: 0 } as const;

/** Expects a PortFailure of that code which had no effect and tells what was asked. */
export async function refused(call: Promise<unknown>, code: FailureCode): Promise<PortFailure> {
  const failure: unknown = await call.then(
    () => "it was done",
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(PortFailure);
  expect(failure).toMatchObject({ code, effect: "none" });
  expect((failure as PortFailure).message).toMatch(/^docker: \w+ \w+ \S+.*: ./);
  return failure as PortFailure;
}

export async function exited(stage: Stage, short: string): ReturnType<Stage["see"]> {
  const look = async (): Promise<Awaited<ReturnType<Stage["see"]>> | undefined> => {
    const seen = await stage.see(stage.name(short));
    return seen.state === "exited" ? seen : undefined;
  };
  return until(look, { what: `${short} to end` });
}

/** Sends a signal until it is heeded: the program may still be on its way to its handlers. */
export async function signalled(
  stage: Stage,
  short: string,
  signal: string,
  id = stage.name(short),
): ReturnType<Stage["see"]> {
  const send = async (): Promise<boolean> => {
    await stage.runtime.signalContainer(id, signal, stage.signal);
    return (await stage.see(stage.name(short))).state === "exited";
  };
  await until(send, { what: `${short} to heed ${signal}` });
  return stage.see(stage.name(short));
}
