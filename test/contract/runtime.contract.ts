/** The contract of the Runtime port: what every implementation of it must be seen to do. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/adapters/system.ts";
import type { ContainerSpec } from "../../src/model/container.ts";
import { LABEL, instanceLabels } from "../../src/model/labels.ts";
import { PortFailure } from "../../src/ports/failure.ts";
import type { FailureCode } from "../../src/ports/failure.ts";
import { Secret } from "../../src/model/secret.ts";
import { until } from "../rig/wait.ts";
import { Bench, COMMAND } from "./runtime.harness.ts";
import type { RuntimeHarness } from "./runtime.harness.ts";

const TMPFS = { sizeMb: 1, mode: "0700", uid: 0 } as const;

/** Declares the tests; `open` is called once for each of them. */
export function runtimeContract(open: () => RuntimeHarness): void {
  let bench: Bench;
  const others: Bench[] = [];

  /** A second instance on the same engine. */
  const stranger = (): Bench => {
    const other = new Bench(bench.harness);
    others.push(other);
    return other;
  };

  beforeEach(() => {
    bench = new Bench(open());
  });

  afterEach(async () => {
    for (const each of [bench, ...others.splice(0)]) await each.clear();
  });

  describe("list", () => {
    test("shows a container that never started as created, without times of a life", async () => {
      const before = systemClock.now();
      await bench.create(bench.spec("a"));
      const seen = await bench.see(bench.name("a"));
      expect(seen).toMatchObject({ state: "created", role: "task", image: bench.harness.image, networkMode: "none" });
      expect(seen.ref).toEqual({ job: "job", group: "group", index: 0, alloc: "a" });
      expect(seen.createdAt).toBeGreaterThanOrEqual(before);
      expect(seen.createdAt).toBeLessThanOrEqual(systemClock.now());
      expect(seen).not.toHaveProperty("startedAt");
      expect(seen).not.toHaveProperty("finishedAt");
      expect(seen).not.toHaveProperty("exitCode");
    });

    test("shows a running container with the time of its start and no exit code", async () => {
      const before = systemClock.now();
      const seen = await bench.run(bench.spec("a"));
      expect(seen.state).toBe("running");
      expect(seen.startedAt).toBeGreaterThanOrEqual(before);
      expect(seen.startedAt).toBeLessThanOrEqual(systemClock.now());
      expect(seen).not.toHaveProperty("finishedAt");
      expect(seen).not.toHaveProperty("exitCode");
    });

    test("shows an ended container with its exit code and the time of its end", async () => {
      await bench.run(bench.spec("a", { command: COMMAND.exits3 }));
      const seen = await exited(bench, "a");
      expect(seen).toMatchObject({ state: "exited", exitCode: 3, oomKilled: false });
      expect(seen.finishedAt).toBeGreaterThanOrEqual(seen.startedAt ?? Infinity);
    });

    test("shows a container that was started again as running, with the end of the life before", async () => {
      const first = await bench.run(bench.spec("a"));
      await bench.runtime.signalContainer(first.id, "SIGKILL", bench.signal);
      const ended = await exited(bench, "a");
      await bench.runtime.startContainer(first.id, bench.signal);
      const seen = await bench.see(bench.name("a"));
      expect(seen).toMatchObject({ id: first.id, state: "running", finishedAt: ended.finishedAt });
      expect(seen.startedAt).toBeGreaterThanOrEqual(ended.finishedAt ?? Infinity);
      expect(seen).not.toHaveProperty("exitCode");
    });

    test("never shows what carries another instance's mark, or a role it does not know", async () => {
      const other = stranger();
      await other.create(other.spec("a", { mounts: [other.mount("v", "/v")] }));
      const labels = { ...instanceLabels(bench.instance), [LABEL.role]: "of-a-later-version" };
      await other.create({ ...other.spec("b"), labels });
      expect(await bench.runtime.list(bench.signal)).toEqual({ containers: [], volumes: [] });
      await other.runtime.removeContainer(other.name("a"), other.signal);
      await bench.runtime.removeContainer(other.name("b"), bench.signal);
    });
  });

  describe("images", () => {
    test("tells whether an image is here", async () => {
      expect(await bench.runtime.hasImage(bench.harness.image, bench.signal)).toBe(true);
      expect(await bench.runtime.hasImage("remora.test/nowhere:1", bench.signal)).toBe(false);
    });
  });

  describe("create", () => {
    test("done twice is done once", async () => {
      await bench.create(bench.spec("a"));
      const { id } = await bench.see(bench.name("a"));
      await bench.create(bench.spec("a"));
      const { containers } = await bench.runtime.list(bench.signal);
      expect(containers.map((container) => container.id)).toEqual([id]);
    });

    test("fails with conflict if the name is another allocation's", async () => {
      await bench.create(bench.spec("a"));
      const labels = { ...bench.spec("a").labels, [LABEL.alloc]: "b" };
      await refused(bench.create({ ...bench.spec("a"), labels }), "conflict");
    });

    test("fails with conflict if the name is another instance's", async () => {
      const other = stranger();
      await other.create({ ...other.spec("a"), name: bench.name("a") });
      await refused(bench.create(bench.spec("a")), "conflict");
    });

    test("fails with image-missing if the image is not here", async () => {
      await refused(bench.create(bench.spec("a", { image: "remora.test/nowhere:1" })), "image-missing");
    });

    test("fails with not-found if the container to join is gone", async () => {
      const { id } = await bench.run(bench.spec("a"));
      await bench.runtime.removeContainer(id, bench.signal);
      await refused(bench.create(bench.spec("b", { network: { kind: "container", id } })), "not-found");
    });
  });

  describe("start", () => {
    test("done twice is done once", async () => {
      const { startedAt } = await bench.run(bench.spec("a"));
      await bench.runtime.startContainer(bench.name("a"), bench.signal);
      expect((await bench.see(bench.name("a"))).startedAt).toBe(startedAt);
    });

    test("fails with not-found if there is no such container", async () => {
      await refused(bench.runtime.startContainer(bench.name("a"), bench.signal), "not-found");
    });

    test("fails with rejected while the container it joins does not run, and works when it does", async () => {
      await bench.create(bench.spec("owner"));
      const { id } = await bench.see(bench.name("owner"));
      const joined = bench.spec("joined", { network: { kind: "container", id } });
      await bench.create(joined);
      await refused(bench.runtime.startContainer(joined.name, bench.signal), "rejected");
      await bench.runtime.startContainer(id, bench.signal);
      await bench.runtime.startContainer(joined.name, bench.signal);
      expect(await bench.see(joined.name)).toMatchObject({ state: "running", networkMode: `container:${id}` });
    });

    test("fails with not-found if the container it joins has gone", async () => {
      const { id } = await bench.run(bench.spec("owner"));
      const joined = bench.spec("joined", { network: { kind: "container", id } });
      await bench.create(joined);
      await bench.runtime.removeContainer(id, bench.signal);
      await refused(bench.runtime.startContainer(joined.name, bench.signal), "not-found");
    });

    test("fails with port-taken while another container publishes the port, and works when it has gone", async () => {
      const { first, second } = await publishers(bench);
      await bench.run(first);
      await bench.create(second);
      await refused(bench.runtime.startContainer(second.name, bench.signal), "port-taken");
      expect(await bench.see(second.name)).toMatchObject({ state: "created" });
      await bench.runtime.removeContainer(first.name, bench.signal);
      await bench.runtime.startContainer(second.name, bench.signal);
      expect(await bench.see(second.name)).toMatchObject({ state: "running" });
    });

    test("fails with port-taken while a program of the host holds the port", async () => {
      const { first } = await publishers(bench);
      const release = await bench.harness.occupy(first.publish[0]?.hostPort ?? 0);
      await bench.create(first);
      await refused(bench.runtime.startContainer(first.name, bench.signal), "port-taken");
      await release();
      await bench.runtime.startContainer(first.name, bench.signal);
    });

    test("is done again by the engine where the policy is always, but not after a signal through the port", async () => {
      const { startedAt } = await bench.run(bench.spec("a", { command: COMMAND.exits3, restart: "always" }));
      const again = async (): Promise<boolean> =>
        ((await bench.see(bench.name("a"))).startedAt ?? 0) > (startedAt ?? 0);
      await until(again, { what: "the container to be started again" });

      const { id } = await bench.run(bench.spec("b", { restart: "always" }));
      await bench.runtime.signalContainer(id, "SIGKILL", bench.signal);
      expect(await exited(bench, "b")).toMatchObject({ state: "exited", exitCode: 137 });
    });
  });

  describe("signal", () => {
    test("reaches the program", async () => {
      await bench.run(bench.spec("a", { command: COMMAND.trapping }));
      expect(await signalled(bench, "a", "SIGUSR1")).toMatchObject({ exitCode: 7 });
    });

    test("without a name is TERM", async () => {
      await bench.run(bench.spec("a", { command: COMMAND.trapping }));
      expect(await signalled(bench, "a", "")).toMatchObject({ exitCode: 8 });
    });

    test("without a name is the container's own stop signal if it has one", async () => {
      await bench.run(bench.spec("a", { command: COMMAND.trapping, stopSignal: "SIGUSR1" }));
      expect(await signalled(bench, "a", "")).toMatchObject({ exitCode: 7 });
    });

    test("KILL ends what heeds no other", async () => {
      await bench.run(bench.spec("a"));
      await bench.runtime.signalContainer(bench.name("a"), "SIGTERM", bench.signal);
      expect((await bench.see(bench.name("a"))).state).toBe("running");
      expect(await signalled(bench, "a", "SIGKILL")).toMatchObject({ exitCode: 137 });
    });

    test("is done if the container does not run, or is not there", async () => {
      await bench.create(bench.spec("a"));
      await bench.runtime.signalContainer(bench.name("a"), "SIGTERM", bench.signal);
      expect((await bench.see(bench.name("a"))).state).toBe("created");
      await bench.runtime.signalContainer(bench.name("b"), "SIGTERM", bench.signal);
      expect(await bench.look(bench.name("b"))).toBeUndefined();
    });

    test("of an unknown name fails with rejected, for good", async () => {
      await bench.run(bench.spec("a"));
      const failure = await refused(bench.runtime.signalContainer(bench.name("a"), "SIGNO", bench.signal), "rejected");
      expect(failure.retry).toBe("never");
    });
  });

  describe("remove", () => {
    test("takes a running container away and leaves its volumes", async () => {
      await bench.run(bench.spec("a", { mounts: [bench.mount("v", "/v")] }));
      await bench.runtime.removeContainer(bench.name("a"), bench.signal);
      expect(await bench.look(bench.name("a"))).toBeUndefined();
      expect(await bench.volumeNames()).toEqual([bench.name("v")]);
    });

    test("is done if there is no such container", async () => {
      await bench.runtime.removeContainer(bench.name("a"), bench.signal);
      expect(await bench.look(bench.name("a"))).toBeUndefined();
    });
  });

  describe("files", () => {
    test("in a tmpfs are seen by every container that mounts it, and are gone when the last of them stopped", async () => {
      const mounts = [bench.mount("secrets", "/secrets", TMPFS)];
      const names = [bench.name("a"), bench.name("b")];
      await bench.run(bench.spec("a", { mounts }));
      const file = { name: "token", content: new Secret("s.1234"), mode: 0o400, uid: 0 };
      await bench.runtime.putFiles(bench.name("a"), "/secrets", [file], bench.signal);
      await bench.run(bench.spec("b", { mounts }));
      expect(await contentOf(bench, "b", "/secrets/token")).toBe("s.1234");

      await bench.runtime.signalContainer(bench.name("a"), "SIGKILL", bench.signal);
      await exited(bench, "a");
      await bench.runtime.startContainer(bench.name("a"), bench.signal);
      expect(await contentOf(bench, "a", "/secrets/token")).toBe("s.1234");

      for (const name of names) await bench.runtime.signalContainer(name, "SIGKILL", bench.signal);
      for (const short of ["a", "b"]) await exited(bench, short);
      await bench.runtime.startContainer(bench.name("a"), bench.signal);
      expect(await contentOf(bench, "a", "/secrets/token")).toBeUndefined();
    });

    test("in a plain volume last, and are replaced by files of the same name", async () => {
      await bench.run(bench.spec("a", { mounts: [bench.mount("local", "/local")] }));
      for (const content of ["one", "two"]) {
        const file = { name: "f", content, mode: 0o644, uid: 0 };
        await bench.runtime.putFiles(bench.name("a"), "/local", [file], bench.signal);
      }
      await bench.runtime.removeContainer(bench.name("a"), bench.signal);
      await bench.run(bench.spec("b", { mounts: [bench.mount("local", "/local")] }));
      expect(await contentOf(bench, "b", "/local/f")).toBe("two");
    });

    test("are put several at once", async () => {
      await bench.run(bench.spec("a", { mounts: [bench.mount("local", "/local")] }));
      const files = ["x", "y"].map((name) => ({ name, content: `content of ${name}`, mode: 0o444, uid: 0 }));
      await bench.runtime.putFiles(bench.name("a"), "/local", files, bench.signal);
      expect(await contentOf(bench, "a", "/local/x")).toBe("content of x");
      expect(await contentOf(bench, "a", "/local/y")).toBe("content of y");
    });

    test("are refused by a container that does not run, where they would be lost", async () => {
      await bench.create(bench.spec("a", { mounts: [bench.mount("secrets", "/secrets", TMPFS)] }));
      await refused(bench.runtime.putFiles(bench.name("a"), "/secrets", [FILE], bench.signal), "rejected");
    });

    test("are refused by a mount that is read-only", async () => {
      const mount = { ...bench.mount("local", "/local"), readOnly: true };
      await bench.run(bench.spec("a", { mounts: [mount] }));
      await refused(bench.runtime.putFiles(bench.name("a"), "/local", [FILE], bench.signal), "rejected");
    });

    test("are not put where container or directory are missing", async () => {
      await refused(bench.runtime.putFiles(bench.name("a"), "/local", [FILE], bench.signal), "not-found");
      await bench.run(bench.spec("a"));
      await refused(bench.runtime.putFiles(bench.name("a"), "/no/such", [FILE], bench.signal), "not-found");
    });
  });

  describe("exec", () => {
    test("gives the output and the exit code of the command", async () => {
      await bench.run(bench.spec("a"));
      const { runtime, signal } = bench;
      expect(await runtime.exec(bench.name("a"), ["echo", "hello", "you"], signal)).toEqual({
        exitCode: 0,
        stdout: "hello you\n",
      });
      expect(await runtime.exec(bench.name("a"), ["false"], signal)).toEqual({ exitCode: 1, stdout: "" });
      expect(await runtime.exec(bench.name("a"), ["cat", "/no/such"], signal)).toEqual({ exitCode: 1, stdout: "" });
    });

    test("shows the listening sockets of the namespace as the kernel prints them", async () => {
      await bench.run(bench.spec("a"));
      const argv = ["cat", "/proc/net/tcp", "/proc/net/tcp6"];
      const { exitCode, stdout } = await bench.runtime.exec(bench.name("a"), argv, bench.signal);
      expect(exitCode).toBe(0);
      const headings = stdout.split("\n").filter((line) => /^ +sl +local_address/.test(line));
      expect(headings).toHaveLength(2);
    });

    test("gives exit code 126 or 127 for a command that is not there", async () => {
      await bench.run(bench.spec("a"));
      const { exitCode } = await bench.runtime.exec(bench.name("a"), ["no-such-command"], bench.signal);
      expect([126, 127]).toContain(exitCode);
    });

    test("keeps the first 64 KiB of the output", async () => {
      await bench.run(bench.spec("a", { mounts: [bench.mount("local", "/local")] }));
      const file = { ...FILE, name: "long", content: "0123456789".repeat(20_000) };
      await bench.runtime.putFiles(bench.name("a"), "/local", [file], bench.signal);
      const { exitCode, stdout } = await bench.runtime.exec(bench.name("a"), ["cat", "/local/long"], bench.signal);
      expect(exitCode).toBe(0);
      expect(stdout).toBe(file.content.slice(0, 65_536));
    });

    test("fails with rejected in a container that does not run, and with not-found in none", async () => {
      await bench.create(bench.spec("a"));
      await refused(bench.runtime.exec(bench.name("a"), ["true"], bench.signal), "rejected");
      await refused(bench.runtime.exec(bench.name("b"), ["true"], bench.signal), "not-found");
    });
  });

  describe("network", () => {
    test("is made isolated and ours, counts its running containers, and goes when they have gone", async () => {
      expect(await bench.runtime.network(bench.name("net"), bench.signal)).toBeUndefined();
      const name = await bench.createNetwork("net");
      const made = await bench.runtime.network(name, bench.signal);
      expect(made).toEqual({ name, owned: true, isolated: true, containers: 0, gateway: made?.gateway });
      expect(made?.gateway).toMatch(/^\d+\.\d+\.\d+\.\d+$/);

      await bench.run(bench.spec("a", { network: { kind: "bridge", name } }));
      expect(await bench.runtime.network(name, bench.signal)).toEqual({ ...made, containers: 1 });
      await refused(bench.runtime.removeNetwork(name, bench.signal), "conflict");
      await bench.runtime.removeContainer(bench.name("a"), bench.signal);
      await bench.runtime.removeNetwork(name, bench.signal);
      expect(await bench.runtime.network(name, bench.signal)).toBeUndefined();
    });

    test("made twice is made once, removed twice is removed once", async () => {
      const name = await bench.createNetwork("net");
      await bench.createNetwork("net");
      await bench.runtime.removeNetwork(name, bench.signal);
      await bench.runtime.removeNetwork(name, bench.signal);
      expect(await bench.runtime.network(name, bench.signal)).toBeUndefined();
    });

    test("of another instance is seen but neither taken over nor removed", async () => {
      const other = stranger();
      const name = await other.createNetwork("net");
      expect(await bench.runtime.network(name, bench.signal)).toMatchObject({ owned: false });
      const spec = { name, labels: instanceLabels(bench.instance) };
      await refused(bench.runtime.createNetwork(spec, bench.signal), "conflict");
      await refused(bench.runtime.removeNetwork(name, bench.signal), "conflict");
      expect(await other.runtime.network(name, other.signal)).toMatchObject({ owned: true });
    });
  });

  describe("volumes", () => {
    test("come with the container that mounts them, are listed with their marks, and go when asked", async () => {
      const before = Math.floor(systemClock.now() / 1000) * 1000;
      await bench.create(bench.spec("a", { mounts: [bench.mount("v", "/v"), bench.mount("t", "/t", TMPFS)] }));
      const { volumes } = await bench.runtime.list(bench.signal);
      expect(volumes.map(({ name }) => name).toSorted()).toEqual([bench.name("t"), bench.name("v")]);
      for (const volume of volumes) {
        expect(volume.ref).toEqual({ job: "job", group: "group", index: 0, alloc: "volumes" });
        expect(volume.labels).toEqual(bench.volume("v").labels);
        expect(volume.createdAt).toBeGreaterThanOrEqual(before);
        expect(volume.createdAt).toBeLessThanOrEqual(systemClock.now());
      }
      await bench.runtime.removeContainer(bench.name("a"), bench.signal);
      for (const { name } of volumes) await bench.runtime.removeVolume(name, bench.signal);
      expect(await bench.volumeNames()).toEqual([]);
    });

    test("fail with conflict while a container mounts them, running or not", async () => {
      await bench.create(bench.spec("a", { mounts: [bench.mount("v", "/v")] }));
      await refused(bench.runtime.removeVolume(bench.name("v"), bench.signal), "conflict");
      expect(await bench.volumeNames()).toEqual([bench.name("v")]);
    });

    test("that are absent are removed already", async () => {
      await bench.runtime.removeVolume(bench.name("v"), bench.signal);
      expect(await bench.volumeNames()).toEqual([]);
    });
  });

  describe("another instance's objects", () => {
    test("are left alone by every verb, with conflict", async () => {
      const other = stranger();
      await other.run(other.spec("a", { mounts: [other.mount("v", "/v")] }));
      const { runtime, signal } = bench;
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
    test("hint once at the subscription, and then misses nothing that happens", async () => {
      const watch = new Watch(bench);
      await watch.reaches(1);
      await bench.create(bench.spec("a"));
      await watch.reaches(2);
      await bench.runtime.startContainer(bench.name("a"), bench.signal);
      await watch.reaches(3);
      await bench.runtime.removeContainer(bench.name("a"), bench.signal);
      await watch.reaches(4);
      await watch.stop();
    });

    test("hint when a container ends by itself", async () => {
      const { id } = await bench.run(bench.spec("a", { command: COMMAND.trapping }));
      await bench.runtime.list(bench.signal);
      const watch = new Watch(bench);
      await watch.reaches(1);
      await signalled(bench, "a", "SIGUSR1", id);
      await watch.reaches(2);
      await watch.stop();
    });

    test("hint neither at the commands and files of probes, nor at what another instance does", async () => {
      await bench.run(bench.spec("a", { mounts: [bench.mount("v", "/v")] }));
      // Takes long enough that the start is not of the same millisecond as the subscription.
      await bench.runtime.list(bench.signal);
      const watch = new Watch(bench);
      await watch.reaches(1);
      await bench.runtime.exec(bench.name("a"), ["true"], bench.signal);
      await bench.runtime.putFiles(bench.name("a"), "/v", [FILE], bench.signal);
      const other = stranger();
      await other.run(other.spec("a"));
      // Events come in order: when the hint at this one is here, those before it gave none, or there would be more.
      await bench.create(bench.spec("b"));
      await watch.reaches(2);
      expect(watch.hints).toBe(2);
      await watch.stop();
    });

    test("end without an error when aborted, before or after the subscription", async () => {
      const watch = new Watch(bench);
      await watch.reaches(1);
      await watch.stop();
      let hints = 0;
      for await (const _ of bench.runtime.changes(AbortSignal.abort())) hints += 1;
      expect(hints).toBe(0);
    });
  });

  test("a call that was given up before it was made fails with aborted and did nothing", async () => {
    const failure = await refused(bench.runtime.createContainer(bench.spec("a"), AbortSignal.abort()), "aborted");
    expect(failure.effect).toBe("none");
    expect(await bench.look(bench.name("a"))).toBeUndefined();
  });

  test("the engine tells its host's name and its version", async () => {
    const info = await bench.runtime.info(bench.signal);
    expect(info.name).not.toBe("");
    expect(info.version).toMatch(/^\d+\./);
  });
}

const FILE = { name: "f", content: "text", mode: 0o444, uid: 0 } as const;

/** Expects a PortFailure of that code which had no effect and tells what was asked. */
async function refused(call: Promise<unknown>, code: FailureCode): Promise<PortFailure> {
  const failure: unknown = await call.then(
    () => "it was done",
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(PortFailure);
  expect(failure).toMatchObject({ code, effect: "none" });
  expect((failure as PortFailure).message).toMatch(/^docker: \w+ \w+ \S+.*: ./);
  return failure as PortFailure;
}

async function exited(bench: Bench, short: string): ReturnType<Bench["see"]> {
  const look = async (): Promise<Awaited<ReturnType<Bench["see"]>> | undefined> => {
    const seen = await bench.see(bench.name(short));
    return seen.state === "exited" ? seen : undefined;
  };
  return until(look, { what: `${short} to end` });
}

/** Sends a signal until it is heeded: the program may still be on its way to its handlers. */
async function signalled(
  bench: Bench,
  short: string,
  signal: string,
  id = bench.name(short),
): ReturnType<Bench["see"]> {
  const send = async (): Promise<boolean> => {
    await bench.runtime.signalContainer(id, signal, bench.signal);
    return (await bench.see(bench.name(short))).state === "exited";
  };
  await until(send, { what: `${short} to heed ${signal}` });
  return bench.see(bench.name(short));
}

async function contentOf(bench: Bench, short: string, path: string): Promise<string | undefined> {
  const { exitCode, stdout } = await bench.runtime.exec(bench.name(short), ["cat", path], bench.signal);
  return exitCode === 0 ? stdout : undefined;
}

/** Two containers that publish the same port of the host. */
async function publishers(bench: Bench): Promise<{ first: ContainerSpec; second: ContainerSpec }> {
  const network = { kind: "bridge", name: await bench.createNetwork("net") } as const;
  const hostPort = await bench.harness.freePort();
  const publish = [{ hostIp: "127.0.0.1", hostPort, containerPort: 80, protocols: ["tcp"] as const }];
  return { first: bench.spec("a", { network, publish }), second: bench.spec("b", { network, publish }) };
}

/** Counts hints until it is stopped. */
class Watch {
  hints = 0;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(bench: Bench) {
    this.#ended = this.#read(bench);
  }

  async #read(bench: Bench): Promise<void> {
    for await (const _ of bench.runtime.changes(this.#stop.signal)) this.hints += 1;
  }

  async reaches(count: number): Promise<void> {
    await until(async () => this.hints >= count, { what: `hint ${count}`, everyMs: 5, timeoutMs: 10_000 });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}
