/** The engine beyond containers: images, networks, volumes, events, and what belongs to others. */
import { describe, expect } from "vitest";
import { systemClock } from "../../src/adapters/system.ts";
import { instanceLabels } from "../../src/model/labels.ts";
import { until } from "../rig/wait.ts";
import { COMMAND, FILE, TMPFS, refused, signalled } from "./runtime.harness.ts";
import type { Stage, ContractTest } from "./runtime.harness.ts";

export function engineContract(test: ContractTest): void {
  describe("images", () => {
    test("tells whether an image is here", async ({ stage }) => {
      expect(await stage.runtime.hasImage(stage.harness.image, stage.signal)).toBe(true);
      expect(await stage.runtime.hasImage("remora.test/nowhere:1", stage.signal)).toBe(false);
    });
  });

  describe("network", () => {
    test("is made isolated and ours, counts its running containers, and goes when they have gone", async ({
      stage,
    }) => {
      expect(await stage.runtime.network(stage.name("net"), stage.signal)).toBeUndefined();
      const name = await stage.createNetwork("net");
      const made = await stage.runtime.network(name, stage.signal);
      expect(made).toMatchObject({ name, owned: true, isolated: true, containers: 0 });
      expect(made?.gateway).toMatch(/^\d+\.\d+\.\d+\.\d+$/);

      await stage.run(stage.spec("a", { network: { kind: "bridge", name } }));
      expect(await stage.runtime.network(name, stage.signal)).toEqual({ ...made, containers: 1 });
      await refused(stage.runtime.removeNetwork(name, stage.signal), "conflict");
      await stage.runtime.removeContainer(stage.name("a"), stage.signal);
      await stage.runtime.removeNetwork(name, stage.signal);
      expect(await stage.runtime.network(name, stage.signal)).toBeUndefined();
    });

    test("made twice is made once, removed twice is removed once", async ({ stage }) => {
      const name = await stage.createNetwork("net");
      await stage.createNetwork("net");
      await stage.runtime.removeNetwork(name, stage.signal);
      await stage.runtime.removeNetwork(name, stage.signal);
      expect(await stage.runtime.network(name, stage.signal)).toBeUndefined();
    });

    test("of another instance is seen but neither taken over nor removed", async ({ stage, stranger }) => {
      const other = stranger();
      const name = await other.createNetwork("net");
      expect(await stage.runtime.network(name, stage.signal)).toMatchObject({ owned: false });
      const spec = { name, labels: instanceLabels(stage.instance) };
      await refused(stage.runtime.createNetwork(spec, stage.signal), "conflict");
      await refused(stage.runtime.removeNetwork(name, stage.signal), "conflict");
      expect(await other.runtime.network(name, other.signal)).toMatchObject({ owned: true });
    });
  });

  describe("volumes", () => {
    test("come with the container that mounts them, are listed with their marks, and go when asked", async ({
      stage,
    }) => {
      const before = Math.floor(systemClock.now() / 1000) * 1000;
      await stage.create(stage.spec("a", { mounts: [stage.mount("v", "/v"), stage.mount("t", "/t", TMPFS)] }));
      const { volumes } = await stage.runtime.list(stage.signal);
      expect(volumes.map(({ name }) => name).toSorted()).toEqual([stage.name("t"), stage.name("v")]);
      for (const volume of volumes) {
        expect(volume.ref).toEqual({ job: "job", group: "group", index: 0, alloc: "volumes" });
        expect(volume.labels).toEqual(stage.volume("v").labels);
        expect(volume.createdAt).toBeGreaterThanOrEqual(before);
        expect(volume.createdAt).toBeLessThanOrEqual(systemClock.now());
      }
      await stage.runtime.removeContainer(stage.name("a"), stage.signal);
      for (const { name } of volumes) await stage.runtime.removeVolume(name, stage.signal);
      expect(await stage.volumeNames()).toEqual([]);
    });

    test("fail with conflict while a container mounts them, running or not", async ({ stage }) => {
      await stage.create(stage.spec("a", { mounts: [stage.mount("v", "/v")] }));
      await refused(stage.runtime.removeVolume(stage.name("v"), stage.signal), "conflict");
      expect(await stage.volumeNames()).toEqual([stage.name("v")]);
    });

    test("that are absent are removed already", async ({ stage }) => {
      await stage.runtime.removeVolume(stage.name("v"), stage.signal);
      expect(await stage.volumeNames()).toEqual([]);
    });
  });

  describe("another instance's objects", () => {
    test("are left alone by every verb, with conflict", async ({ stage, stranger }) => {
      const other = stranger();
      await other.run(other.spec("a", { mounts: [other.mount("v", "/v")] }));
      const { runtime, signal } = stage;
      const name = other.name("a");
      await refused(runtime.startContainer(name, signal), "conflict");
      await refused(runtime.signalContainer(name, "SIGKILL", signal), "conflict");
      await refused(runtime.removeContainer(name, signal), "conflict");
      await refused(runtime.putFiles(name, "/v", [FILE], signal), "conflict");
      await refused(runtime.exec(name, ["true"], signal), "conflict");
      expect(await other.see(name)).toMatchObject({ state: "running" });
      await other.runtime.removeContainer(name, other.signal);
      await refused(runtime.removeVolume(other.name("v"), signal), "conflict");
      expect(await other.volumeNames()).toEqual([other.name("v")]);
    });
  });

  describe("changes", () => {
    test("hint once at the subscription, and then misses nothing that happens", async ({ stage }) => {
      const watch = new Watch(stage);
      await watch.reaches(1);
      await stage.create(stage.spec("a"));
      await watch.reaches(2);
      await stage.runtime.startContainer(stage.name("a"), stage.signal);
      await watch.reaches(3);
      await stage.runtime.removeContainer(stage.name("a"), stage.signal);
      await watch.reaches(4);
      await watch.stop();
    });

    test("hint when a container ends by itself", async ({ stage }) => {
      const { id } = await stage.run(stage.spec("a", { command: COMMAND.trapping }));
      await stage.runtime.list(stage.signal);
      const watch = new Watch(stage);
      await watch.reaches(1);
      await signalled(stage, "a", "SIGUSR1", id);
      await watch.reaches(2);
      await watch.stop();
    });

    test("hint neither at the commands and files of probes, nor at what another instance does", async ({
      stage,
      stranger,
    }) => {
      await stage.run(stage.spec("a", { mounts: [stage.mount("v", "/v")] }));
      // Takes long enough that the start is not of the same millisecond as the subscription.
      await stage.runtime.list(stage.signal);
      const watch = new Watch(stage);
      await watch.reaches(1);
      await stage.runtime.exec(stage.name("a"), ["true"], stage.signal);
      await stage.runtime.putFiles(stage.name("a"), "/v", [FILE], stage.signal);
      const other = stranger();
      await other.run(other.spec("a"));
      // Events come in order: when the hint at this one is here, those before it gave none, or there would be more.
      await stage.create(stage.spec("b"));
      await watch.reaches(2);
      expect(watch.hints).toBe(2);
      await watch.stop();
    });

    test("end without an error when aborted, before or after the subscription", async ({ stage }) => {
      const watch = new Watch(stage);
      await watch.reaches(1);
      await watch.stop();
      let hints = 0;
      for await (const _ of stage.runtime.changes(AbortSignal.abort())) hints += 1;
      expect(hints).toBe(0);
    });
  });

  test("a call that was given up before it was made fails with aborted and did nothing", async ({ stage }) => {
    const failure = await refused(stage.runtime.createContainer(stage.spec("a"), AbortSignal.abort()), "aborted");
    expect(failure.effect).toBe("none");
    expect(await stage.look(stage.name("a"))).toBeUndefined();
  });

  test("the engine tells its host's name, its version and that of its API", async ({ stage }) => {
    const info = await stage.runtime.info(stage.signal);
    expect(info.name).not.toBe("");
    expect(info.version).toMatch(/^\d+\./);
    expect(info.apiVersion).toMatch(/^1\.\d+$/);
  });
}

/** Counts hints until it is stopped. */
class Watch {
  hints = 0;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(stage: Stage) {
    this.#ended = this.#read(stage);
  }

  async #read(stage: Stage): Promise<void> {
    for await (const _ of stage.runtime.changes(this.#stop.signal)) this.hints += 1;
  }

  async reaches(count: number): Promise<void> {
    await until(async () => this.hints >= count, { what: `hint ${count}`, everyMs: 5, timeoutMs: 10_000 });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}
