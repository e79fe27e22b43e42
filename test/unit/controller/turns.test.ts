/** What turns leave behind: the reason of a step that failed, images that are fetched after all, and the version that was whole. */
import { describe, expect, test } from "vitest";
import type { Job, TaskGroup } from "../../../src/model/job.ts";
import { PortFailure } from "../../../src/ports/failure.ts";
import { aGroup, aJob, aTask } from "../../support/builders.ts";
import { TestAgent } from "./agent.ts";

function bare(name: string, image = "app:1", over: Partial<TaskGroup> = {}): TaskGroup {
  return aGroup({ name, services: [], tasks: [aTask({}, { image })], ...over });
}

describe("a step that failed", () => {
  test("is the reason of its allocation and of its group, until it succeeds", async () => {
    let isFull = true;
    const agent = new TestAgent((runtime) => ({
      createContainer: (spec, signal) => {
        if (!isFull || spec.image !== "app:1") return runtime.createContainer(spec, signal);
        const what = { code: "server", call: "docker: create", effect: "none", retry: "backoff" } as const;
        return Promise.reject(new PortFailure({ ...what, message: "no space left on device" }));
      },
    }));
    agent.put("a.hcl", aJob({ groups: [bare("api", "app:1", { count: 1 })] }));
    await agent.rests();
    const reason = "docker: create: no space left on device";
    expect(agent.group("shop", "api")).toMatchObject({
      state: "pending",
      reason,
      allocs: [{ reason }],
      lastError: { message: reason },
    });
    isFull = false;
    await agent.rests();
    expect(agent.group("shop", "api")).toMatchObject({ state: "running", reason: "", allocs: [{ reason: "" }] });
    expect(agent.group("shop", "api")).not.toHaveProperty("lastError");
  });

  test("for want of an image whose name was not known before has it pulled", async () => {
    const agent = new TestAgent();
    agent.docker.publishImage("app:3");
    agent.put("a.hcl", aJob({ meta: { v: "3" }, groups: [bare("api", "app:${NOMAD_META_v}")] }));
    await agent.rests();
    expect(agent.images()).toEqual(["app:3", "busybox:1"]);
    expect(agent.group("shop", "api")?.state).toBe("running");
  });
});

describe("the version of a job that was whole", () => {
  const version = (name: string, ...groups: readonly TaskGroup[]): Job => aJob({ name, groups });

  test("is noted as soon as all its groups are whole, and not before", async () => {
    const agent = new TestAgent();
    agent.put("a.hcl", version("1", bare("api"), bare("db", "app:away")));
    await agent.rests();
    expect(agent.group("shop", "api")?.state).toBe("running");
    expect(await agent.stable("shop")).toBeUndefined();
    agent.docker.publishImage("app:away");
    await agent.rests();
    expect(agent.group("shop", "db")?.state).toBe("running");
    expect(await agent.stable("shop")).toBe("1");
  });

  test("stays noted while one group of the next version gets nowhere, though the others are whole at once", async () => {
    const agent = new TestAgent();
    agent.put("a.hcl", version("1", bare("api"), bare("db")));
    await agent.rests();
    agent.put("a.hcl", version("2", bare("api"), bare("db", "app:away")));
    await agent.rests();
    expect(
      agent
        .group("shop", "db")
        ?.allocs.map(({ state }) => state)
        .sort(),
    ).toEqual(["pending", "running"]);
    expect(await agent.stable("shop")).toBe("1");
  });

  test("is what the old allocations are repaired to meanwhile", async () => {
    const agent = new TestAgent();
    agent.put("a.hcl", version("1", bare("api"), bare("db")));
    await agent.rests();
    agent.put("a.hcl", version("2", bare("api"), bare("db", "app:away")));
    await agent.rests();
    expect(agent.images()).toEqual(["app:1", "app:1", "busybox:1", "busybox:1"]);
    agent.kill("app:1");
    await agent.rests();
    expect(agent.images()).toEqual(["app:1", "app:1", "busybox:1", "busybox:1"]);
  });
});
