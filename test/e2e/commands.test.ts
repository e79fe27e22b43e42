/** The commands beside the agent, against a real one. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AgentStatus } from "../../src/model/status.ts";
import { until } from "../rig/wait.ts";
import { inspectAll } from "./support/docker.ts";
import { plainJob } from "./support/jobs.ts";
import { leftovers } from "./support/leftovers.ts";
import { picture } from "./support/picture.ts";
import { remora } from "./support/program.ts";
import type { Ended } from "./support/program.ts";
import { openWorld, purge } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("the command", () => {
  let world: World;

  const ask = (...args: string[]): Promise<Ended> => remora([...args, "--state-dir", world.stateDir], world.env);
  const job = (id: string): string => plainJob({ id, image: world.rig.images.infra });

  const untilRunning = async (): Promise<void> => {
    const runs = async (): Promise<boolean> => (await world.agent.group("sleepy", "main")).state === "running";
    await until(runs, { what: "the job to run" });
  };

  beforeAll(async () => {
    world = await openWorld();
    await world.place("sleepy.hcl", job("sleepy"));
    await world.agent.start();
    await untilRunning();
  });
  afterAll(() => world.close());

  test("status shows the job, for people and as JSON", async () => {
    const { code, stdout } = await ask("status");
    expect(code).toBe(0);
    const { id } = await world.agent.alloc("sleepy", "main");
    expect(stdout).toMatch(new RegExp(`^sleepy +main +${id.slice(0, 8)} +running`, "m"));
    const read = JSON.parse((await ask("status", "--json")).stdout) as AgentStatus;
    expect(read.jobs.map((one) => one.id)).toEqual(["sleepy"]);
    expect(read.instance).toBe(world.name);
  });

  test("healthcheck agrees with the agent", async () => {
    const check = (): Promise<Ended> => remora(["healthcheck", "--http-addr", world.agent.address]);
    expect(await check()).toMatchObject({ code: 0, stdout: "ok\n" });
    await world.agent.stop();
    expect(await check()).toMatchObject({ code: 1, stderr: expect.stringContaining("No Remora agent answers") });
    await world.agent.start();
    await untilRunning();
  });

  test("validate says what is wrong where, and what is fine", async () => {
    expect(await remora(["validate", world.jobs])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("1 file"),
    });
    const bad = join(world.directory, "bad.hcl");
    await writeFile(bad, 'job "x" {\n  group "g" {\n    tusk "t" {}\n  }\n}\n');
    const { code, stderr } = await remora(["validate", bad]);
    expect(code).toBe(1);
    expect(stderr).toContain("bad.hcl:3:5: ");
    expect(stderr).toContain('"tusk"');
  });

  test("job stop stops a job until its file changes, restarts of the agent included", async () => {
    const containers = (): ReturnType<typeof inspectAll> =>
      inspectAll(world.docker, { instance: world.name, job: "sleepy" });
    expect(await ask("job", "stop", "sleepy")).toMatchObject({ code: 0, stdout: expect.stringContaining("sleepy") });
    await until(async () => (await containers()).length === 0, { what: "the job to be stopped" });
    await world.agent.kill();
    await world.agent.start();
    const turns = (): Promise<number> => world.agent.metric("remora_source_list_total", 'source="jobs"');
    await until(async () => (await turns()) >= 2, { what: "the directory to be read twice" });
    expect(await containers()).toEqual([]);
    await world.place("sleepy.hcl", `${job("sleepy")}# changed\n`);
    await untilRunning();
    expect(await containers()).toHaveLength(2);
  });

  test("job stop of a job that is not there says so", async () => {
    const { code, stderr } = await ask("job", "stop", "nobody");
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("no job nobody") });
  });

  test("purge refuses while the agent runs, and asks for --yes without a terminal", async () => {
    const before = await picture(world);
    const refused = await purge(world);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("An agent runs") });
    await world.agent.stop();
    const unasked = await remora(["purge", "--instance", world.name, "--state-dir", world.stateDir], world.env);
    expect(unasked).toMatchObject({ code: 1, stderr: expect.stringContaining("--yes") });
    expect(await picture(world)).toEqual(before);
  });

  test("status without an agent says so and how to go on", async () => {
    const { code, stderr } = await ask("status");
    expect(code).toBe(1);
    expect(stderr).toMatch(/No Remora agent answers at .*remora\.sock: start one/);
  });

  test("purge removes everything of the instance; the job files stay", async () => {
    expect(await leftovers(world.docker, world.consul.api, world.name)).not.toEqual([]);
    expect(await purge(world)).toMatchObject({ code: 0 });
    expect(await leftovers(world.docker, world.consul.api, world.name)).toEqual([]);
    expect(await remora(["validate", world.jobs])).toMatchObject({ code: 0 });
  });
});
