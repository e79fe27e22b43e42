/** What a container goes through: create, start, signal, remove, and how it is listed meanwhile. */
import { describe, expect } from "vitest";
import { systemClock } from "../../src/adapters/system.ts";
import type { ContainerSpec } from "../../src/model/container.ts";
import { LABEL, instanceLabels } from "../../src/model/labels.ts";
import { until } from "../rig/wait.ts";
import { COMMAND, exited, refused, signalled } from "./runtime.harness.ts";
import type { Stage, ContractTest } from "./runtime.harness.ts";

export function containersContract(test: ContractTest): void {
  describe("list", () => {
    test("shows a container that never started as created, without times of a life", async ({ stage }) => {
      const before = systemClock.now();
      await stage.create(stage.spec("a"));
      const seen = await stage.see(stage.name("a"));
      expect(seen).toMatchObject({ state: "created", role: "task", image: stage.harness.image, networkMode: "none" });
      expect(seen.ref).toEqual({ job: "job", group: "group", index: 0, alloc: "a" });
      expect(seen.createdAt).toBeGreaterThanOrEqual(before);
      expect(seen.createdAt).toBeLessThanOrEqual(systemClock.now());
      expect(seen).not.toHaveProperty("startedAt");
      expect(seen).not.toHaveProperty("finishedAt");
      expect(seen).not.toHaveProperty("exitCode");
    });

    test("shows a running container with the time of its start and no exit code", async ({ stage }) => {
      const before = systemClock.now();
      const seen = await stage.run(stage.spec("a"));
      expect(seen.state).toBe("running");
      expect(seen.startedAt).toBeGreaterThanOrEqual(before);
      expect(seen.startedAt).toBeLessThanOrEqual(systemClock.now());
      expect(seen).not.toHaveProperty("finishedAt");
      expect(seen).not.toHaveProperty("exitCode");
    });

    test("shows an ended container with its exit code and the time of its end", async ({ stage }) => {
      const before = systemClock.now();
      await stage.run(stage.spec("a", { command: COMMAND.exits3 }));
      const seen = await exited(stage, "a");
      expect(seen).toMatchObject({ state: "exited", exitCode: 3, oomKilled: false });
      // Not compared with the start: of a very short life Docker may note the end a moment before it.
      expect(seen.finishedAt).toBeGreaterThanOrEqual(before);
      expect(seen.finishedAt).toBeLessThanOrEqual(systemClock.now());
    });

    test("shows a container that was started again as running, with the end of the life before", async ({ stage }) => {
      const first = await stage.run(stage.spec("a"));
      await stage.runtime.signalContainer(first.id, "SIGKILL", stage.signal);
      const ended = await exited(stage, "a");
      await stage.runtime.startContainer(first.id, stage.signal);
      const seen = await stage.see(stage.name("a"));
      expect(seen).toMatchObject({ id: first.id, state: "running", finishedAt: ended.finishedAt });
      expect(seen.startedAt).toBeGreaterThanOrEqual(ended.finishedAt ?? Infinity);
      expect(seen).not.toHaveProperty("exitCode");
    });

    test("never shows what carries another instance's mark, or a role it does not know", async ({
      stage,
      stranger,
    }) => {
      const other = stranger();
      await other.create(other.spec("a", { mounts: [other.mount("v", "/v")] }));
      const labels = { ...instanceLabels(stage.instance), [LABEL.role]: "of-a-later-version" };
      await other.create({ ...other.spec("b"), labels });
      expect(await stage.runtime.list(stage.signal)).toEqual({ containers: [], volumes: [] });
      await other.runtime.removeContainer(other.name("a"), other.signal);
      await stage.runtime.removeContainer(other.name("b"), stage.signal);
    });
  });

  describe("create", () => {
    test("done twice is done once", async ({ stage }) => {
      await stage.create(stage.spec("a"));
      const { id } = await stage.see(stage.name("a"));
      await stage.create(stage.spec("a"));
      const { containers } = await stage.runtime.list(stage.signal);
      expect(containers.map((container) => container.id)).toEqual([id]);
    });

    test("fails with conflict if the name is another allocation's", async ({ stage }) => {
      await stage.create(stage.spec("a"));
      const labels = { ...stage.spec("a").labels, [LABEL.alloc]: "b" };
      await refused(stage.create({ ...stage.spec("a"), labels }), "conflict");
    });

    test("fails with conflict if the name is another instance's", async ({ stage, stranger }) => {
      const other = stranger();
      await other.create({ ...other.spec("a"), name: stage.name("a") });
      await refused(stage.create(stage.spec("a")), "conflict");
    });

    test("fails with image-missing if the image is not here", async ({ stage }) => {
      await refused(stage.create(stage.spec("a", { image: "remora.test/nowhere:1" })), "image-missing");
    });

    test("fails with not-found if the container to join is gone", async ({ stage }) => {
      const { id } = await stage.run(stage.spec("a"));
      await stage.runtime.removeContainer(id, stage.signal);
      await refused(stage.create(stage.spec("b", { network: { kind: "container", id } })), "not-found");
    });
  });

  describe("start", () => {
    test("done twice is done once", async ({ stage }) => {
      const { startedAt } = await stage.run(stage.spec("a"));
      await stage.runtime.startContainer(stage.name("a"), stage.signal);
      expect((await stage.see(stage.name("a"))).startedAt).toBe(startedAt);
    });

    test("fails with not-found if there is no such container", async ({ stage }) => {
      await refused(stage.runtime.startContainer(stage.name("a"), stage.signal), "not-found");
    });

    test("fails with rejected while the container it joins does not run, and works when it does", async ({ stage }) => {
      await stage.create(stage.spec("owner"));
      const { id } = await stage.see(stage.name("owner"));
      const joined = stage.spec("joined", { network: { kind: "container", id } });
      await stage.create(joined);
      await refused(stage.runtime.startContainer(joined.name, stage.signal), "rejected");
      await stage.runtime.startContainer(id, stage.signal);
      await stage.runtime.startContainer(joined.name, stage.signal);
      expect(await stage.see(joined.name)).toMatchObject({ state: "running", networkMode: `container:${id}` });
    });

    test("fails with not-found if the container it joins has gone", async ({ stage }) => {
      const { id } = await stage.run(stage.spec("owner"));
      const joined = stage.spec("joined", { network: { kind: "container", id } });
      await stage.create(joined);
      await stage.runtime.removeContainer(id, stage.signal);
      await refused(stage.runtime.startContainer(joined.name, stage.signal), "not-found");
    });

    test("fails with port-taken while another container publishes the port, and works when it has gone", async ({
      stage,
    }) => {
      const { first, second } = await publishers(stage);
      await stage.run(first);
      await stage.create(second);
      await refused(stage.runtime.startContainer(second.name, stage.signal), "port-taken");
      expect(await stage.see(second.name)).toMatchObject({ state: "created" });
      await stage.runtime.removeContainer(first.name, stage.signal);
      await stage.runtime.startContainer(second.name, stage.signal);
      expect(await stage.see(second.name)).toMatchObject({ state: "running" });
    });

    test("fails with port-taken while a program of the host holds the port", async ({ stage }) => {
      const { first } = await publishers(stage);
      const release = await stage.harness.occupy(first.publish[0]?.hostPort ?? 0);
      await stage.create(first);
      await refused(stage.runtime.startContainer(first.name, stage.signal), "port-taken");
      await release();
      await stage.runtime.startContainer(first.name, stage.signal);
    });

    test("is done again by the engine where the policy is always, but not after a signal through the port", async ({
      stage,
    }) => {
      const { startedAt } = await stage.run(stage.spec("a", { command: COMMAND.exits3, restart: "always" }));
      const again = async (): Promise<boolean> =>
        ((await stage.see(stage.name("a"))).startedAt ?? 0) > (startedAt ?? 0);
      await until(again, { what: "the container to be started again" });

      const { id } = await stage.run(stage.spec("b", { restart: "always" }));
      await stage.runtime.signalContainer(id, "SIGKILL", stage.signal);
      expect(await exited(stage, "b")).toMatchObject({ state: "exited", exitCode: 137 });
    });
  });

  describe("signal", () => {
    test("reaches the program", async ({ stage }) => {
      await stage.run(stage.spec("a", { command: COMMAND.trapping }));
      expect(await signalled(stage, "a", "SIGUSR1")).toMatchObject({ exitCode: 7 });
    });

    test("without a name is TERM", async ({ stage }) => {
      await stage.run(stage.spec("a", { command: COMMAND.trapping }));
      expect(await signalled(stage, "a", "")).toMatchObject({ exitCode: 8 });
    });

    test("without a name is the container's own stop signal if it has one", async ({ stage }) => {
      await stage.run(stage.spec("a", { command: COMMAND.trapping, stopSignal: "SIGUSR1" }));
      expect(await signalled(stage, "a", "")).toMatchObject({ exitCode: 7 });
    });

    test("KILL ends what heeds no other", async ({ stage }) => {
      await stage.run(stage.spec("a"));
      await stage.runtime.signalContainer(stage.name("a"), "SIGTERM", stage.signal);
      expect((await stage.see(stage.name("a"))).state).toBe("running");
      expect(await signalled(stage, "a", "SIGKILL")).toMatchObject({ exitCode: 137 });
    });

    test("is done if the container does not run, or is not there", async ({ stage }) => {
      await stage.create(stage.spec("a"));
      await stage.runtime.signalContainer(stage.name("a"), "SIGTERM", stage.signal);
      expect((await stage.see(stage.name("a"))).state).toBe("created");
      await stage.runtime.signalContainer(stage.name("b"), "SIGTERM", stage.signal);
      expect(await stage.look(stage.name("b"))).toBeUndefined();
    });

    test("of an unknown name fails with rejected, for good", async ({ stage }) => {
      await stage.run(stage.spec("a"));
      const failure = await refused(stage.runtime.signalContainer(stage.name("a"), "SIGNO", stage.signal), "rejected");
      expect(failure.retry).toBe("never");
    });
  });

  describe("remove", () => {
    test("takes a running container away and leaves its volumes", async ({ stage }) => {
      await stage.run(stage.spec("a", { mounts: [stage.mount("v", "/v")] }));
      await stage.runtime.removeContainer(stage.name("a"), stage.signal);
      expect(await stage.look(stage.name("a"))).toBeUndefined();
      expect(await stage.volumeNames()).toEqual([stage.name("v")]);
    });

    test("is done if there is no such container", async ({ stage }) => {
      await stage.runtime.removeContainer(stage.name("a"), stage.signal);
      expect(await stage.look(stage.name("a"))).toBeUndefined();
    });
  });
}

/** Two containers that publish the same port of the host. */
async function publishers(stage: Stage): Promise<{ first: ContainerSpec; second: ContainerSpec }> {
  const network = { kind: "bridge", name: await stage.createNetwork("net") } as const;
  const hostPort = await stage.harness.freePort();
  const publish = [{ hostIp: "127.0.0.1", hostPort, containerPort: 80, protocols: ["tcp"] as const }];
  return { first: stage.spec("a", { network, publish }), second: stage.spec("b", { network, publish }) };
}
