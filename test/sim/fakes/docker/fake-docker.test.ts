/** The levers of the fake engine, and what follows from them as it does with Docker. */
import { beforeEach, describe, expect, test } from "vitest";
import type { ContainerSpec } from "../../../../src/model/container.ts";
import type { Runtime } from "../../../../src/ports/runtime.ts";
import { FakeDocker } from "./fake-docker.ts";
import { fakeRuntime } from "./fake-runtime.ts";
import { HandClock } from "./hand-clock.ts";

const never = new AbortController().signal;
const LABELS = { "io.remora.instance": "sim", "io.remora.role": "task" };

let clock: HandClock;
let docker: FakeDocker;
let runtime: Runtime;

beforeEach(async () => {
  clock = new HandClock();
  docker = new FakeDocker(clock);
  runtime = fakeRuntime(docker, "sim");
  docker.addImage("idle:1");
  await runtime.createNetwork({ name: "net", labels: LABELS }, never);
});

function spec(name: string, changes: Partial<ContainerSpec> = {}): ContainerSpec {
  return {
    name,
    image: "idle:1",
    env: {},
    labels: LABELS,
    network: { kind: "bridge", name: "net" },
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

/** Lets every promise run that waits for nothing but its turn. */
function settle(): Promise<void> {
  return new Promise((done) => void setImmediate(done));
}

async function run(name: string, changes: Partial<ContainerSpec> = {}): Promise<string> {
  await runtime.createContainer(spec(name, changes), never);
  await runtime.startContainer(name, never);
  return docker.container(name).id;
}

describe("a program", () => {
  beforeEach(() => {
    docker.addImage("web:1", {
      program: async (process) => {
        await process.sleep(100);
        process.listen(8080, "127.0.0.1");
        process.listen(80, "::");
        process.listen(443);
        await process.sleep(1000);
        process.exit(4);
      },
    });
  });

  const publish = [
    { hostIp: "0.0.0.0", hostPort: 20_080, containerPort: 443, protocols: ["tcp"] as const },
    { hostIp: "127.0.0.1", hostPort: 20_081, containerPort: 8080, protocols: ["tcp"] as const },
  ];

  test("listens after its time, and everything in its namespace can read that", async () => {
    const id = await run("web", { image: "web:1" });
    await run("side", { network: { kind: "container", id } });
    expect(docker.listening("web")).toEqual([]);
    clock.advance(100);
    await settle();
    const { stdout } = await runtime.exec("side", ["cat", "/proc/net/tcp", "/proc/net/tcp6"], never);
    expect(stdout).toMatch(/ {3}0: 0100007F:1F90 0{8}:0000 0A /);
    expect(stdout).toMatch(/ {3}1: 00000000:01BB 0{8}:0000 0A /);
    expect(stdout).toMatch(/ {3}0: 0{32}:0050 0{32}:0000 0A /);
  });

  test("is met through a published port once it listens there, but not on its loopback", async () => {
    await run("web", { image: "web:1", publish });
    expect(docker.behind(20_080)).toMatchObject({ containerPort: 443, answered: false });
    clock.advance(100);
    await settle();
    expect(docker.behind(20_080)).toMatchObject({ namespace: docker.namespaceOf("web"), answered: true });
    expect(docker.behind(20_081, "127.0.0.1")).toMatchObject({ containerPort: 8080, answered: false });
    expect(docker.behind(20_082)).toBeUndefined();
  });

  test("exits by itself, and then listens no longer", async () => {
    await run("web", { image: "web:1", publish });
    for (const ms of [100, 1000]) {
      clock.advance(ms);
      await settle();
    }
    expect(docker.container("web")).toMatchObject({ state: "exited", exitCode: 4, finishedAt: clock.now() });
    expect(docker.behind(20_080)).toBeUndefined();
  });

  test("that was killed does nothing any more", async () => {
    await run("web", { image: "web:1" });
    docker.kill("web");
    await runtime.startContainer("web", never);
    clock.advance(50);
    docker.kill("web");
    clock.advance(2000);
    await settle();
    expect(docker.container("web")).toMatchObject({ state: "exited", exitCode: 137 });
    expect(clock.sleepers).toBe(0);
  });
});

describe("a namespace", () => {
  test("is a new one at each start of its owner, and those who joined stay in the old one", async () => {
    const id = await run("owner");
    await run("member", { network: { kind: "container", id } });
    const before = docker.namespaceOf("owner");
    expect(docker.namespaceOf("member")).toBe(before);
    docker.exit("owner", 1);
    await runtime.startContainer("owner", never);
    expect(docker.namespaceOf("owner")).not.toBe(before);
    expect(docker.namespaceOf("member")).toBe(before);
    docker.exit("member", 1);
    await runtime.startContainer("member", never);
    expect(docker.namespaceOf("member")).toBe(docker.namespaceOf("owner"));
  });
});

describe("an image", () => {
  test("is here after a pull of what a registry has, and not otherwise", async () => {
    docker.publishImage("web:2");
    await runtime.pullImage("web:2", never);
    expect(await runtime.hasImage("web:2", never)).toBe(true);
    await expect(runtime.pullImage("web:3", never)).rejects.toMatchObject({ code: "image-missing" });
  });

  test("without a tag is the latest", async () => {
    docker.addImage("host:5000/web");
    expect(await runtime.hasImage("host:5000/web:latest", never)).toBe(true);
  });

  test("answers commands its own way, and leaves the rest to the built-in ones", async () => {
    docker.addImage("own:1", {
      stopSignal: "SIGINT",
      command: (_, [name]) => (name === "nc" ? { exitCode: 9, stdout: "" } : undefined),
    });
    await run("a", { image: "own:1" });
    expect(await runtime.exec("a", ["nc", "-z"], never)).toEqual({ exitCode: 9, stdout: "" });
    expect((await runtime.exec("a", ["true"], never)).exitCode).toBe(0);
    await runtime.signalContainer("a", "", never);
    expect(docker.container("a").exitCode).toBe(130);
  });
});

describe("the outside world", () => {
  test("can take containers away, and add some that are not ours and hold ports", async () => {
    await run("a");
    docker.removeBehindBack("a");
    const publish = [{ hostIp: "0.0.0.0", hostPort: 20_000, containerPort: 80, protocols: ["tcp"] as const }];
    docker.addForeign({ name: "foreign", network: { kind: "bridge", name: "net" }, publish });
    expect((await runtime.list(never)).containers).toEqual([]);
    await expect(run("b", { publish })).rejects.toMatchObject({ code: "port-taken" });
  });

  test("sees a file with its mode and owner", async () => {
    await run("a");
    await runtime.putFiles("a", "/", [{ name: "f", content: "text", mode: 0o400, uid: 7 }], never);
    expect(docker.file("a", "/f")).toEqual({ content: "text", mode: 0o400, uid: 7 });
  });

  test("can pause a container, which then keeps its ports", async () => {
    await run("a");
    docker.pause("a");
    expect((await runtime.list(never)).containers).toMatchObject([{ name: "a", state: "paused" }]);
    expect(docker.namespaceOf("a")).toBeDefined();
  });

  test("can restart the engine: streams end, everything stops, and only `always` comes back", async () => {
    await run("a");
    await run("b", { restart: "always" });
    await run("c", { restart: "always" });
    docker.kill("c");
    const reader = runtime.changes(never)[Symbol.asyncIterator]();
    await reader.next();
    docker.restartEngine();
    expect((await reader.next()).done).toBe(true);
    expect(docker.container("a").state).toBe("exited");
    clock.advance(1000);
    await settle();
    expect(["b", "c"].map((name) => docker.container(name).state)).toEqual(["running", "running"]);
  });
});

describe("hints", () => {
  test("can be lost", async () => {
    const reader = runtime.changes(never)[Symbol.asyncIterator]();
    await reader.next();
    docker.hintsLost = true;
    await run("a");
    docker.hintsLost = false;
    let hinted = false;
    const next = reader.next().then(() => (hinted = true));
    await settle();
    expect(hinted).toBe(false);
    docker.exit("a", 1);
    await next;
  });

  test("end with the error that broke the stream", async () => {
    const reader = runtime.changes(never)[Symbol.asyncIterator]();
    await reader.next();
    docker.breakStreams(new Error("reset"));
    await expect(reader.next()).rejects.toThrow("reset");
  });
});

test("two worlds with the same past are the same, ids and all", async () => {
  await run("a");
  await run("b");
  const ids = [...docker.containers.keys()];
  docker = new FakeDocker(clock);
  runtime = fakeRuntime(docker, "sim");
  docker.addImage("idle:1");
  await runtime.createNetwork({ name: "net", labels: LABELS }, never);
  await run("a");
  await run("b");
  expect([...docker.containers.keys()]).toEqual(ids);
});
