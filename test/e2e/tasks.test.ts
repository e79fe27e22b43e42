/** What a task finds around it: Nomad's variables, its directories, and the network it asked for. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { execIn, inspectAll, inspectOne } from "./support/docker.ts";
import { plainJob } from "./support/jobs.ts";
import { leftOfJob } from "./support/leftovers.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("a task", () => {
  let world: World;

  const runs = async (job: string): Promise<boolean> => (await world.agent.group(job, "main")).state === "running";
  const start = async (id: string, mode: string, env: Readonly<Record<string, string>> = {}): Promise<void> => {
    await world.place(`${id}.hcl`, plainJob({ id, image: world.rig.images.infra, mode, env }));
    await until(() => runs(id), { what: `${id} to run` });
  };
  const stop = async (id: string): Promise<void> => {
    await world.take(`${id}.hcl`);
    const left = (): Promise<readonly string[]> => leftOfJob(world.docker, world.consul.api, world.name, id);
    const gone = async (): Promise<boolean> => !(await left()).some((words) => /^(container|volume)/.test(words));
    await until(gone, { what: `${id} to be gone` });
  };

  beforeAll(async () => {
    world = await openWorld({ flags: ["--prune-delay", "0s"] });
    await world.agent.start();
  });
  afterAll(() => world.close());

  test("has Nomad's variables in its environment, and its own that refer to them", async () => {
    await start("variables", "bridge", { GREETING: "hello from ${NOMAD_JOB_NAME}/${NOMAD_TASK_NAME}" });
    const { docker, name: instance } = world;
    const task = await inspectOne(docker, { instance, job: "variables", role: "task" });
    const { output } = await execIn(docker, task.Id, ["env"]);
    const env = Object.fromEntries(output.split(/\r?\n/).map((line) => line.split(/=(.*)/s).slice(0, 2)));
    const { id } = await world.agent.alloc("variables", "main");
    expect(env).toMatchObject({
      NOMAD_ALLOC_ID: id,
      NOMAD_SHORT_ALLOC_ID: id.slice(0, 8),
      NOMAD_ALLOC_NAME: "variables.main[0]",
      NOMAD_ALLOC_INDEX: "0",
      NOMAD_GROUP_NAME: "main",
      NOMAD_TASK_NAME: "sleeper",
      NOMAD_JOB_ID: "variables",
      NOMAD_JOB_NAME: "variables",
      NOMAD_DC: "dc1",
      NOMAD_REGION: "global",
      NOMAD_NAMESPACE: "default",
      NOMAD_ALLOC_DIR: "/alloc",
      NOMAD_TASK_DIR: "/local",
      NOMAD_SECRETS_DIR: "/secrets",
      GREETING: "hello from variables/sleeper",
    });
  });

  test("can write where those variables point", async () => {
    const task = await inspectOne(world.docker, { instance: world.name, job: "variables", role: "task" });
    const write =
      'for d in "$NOMAD_ALLOC_DIR" "$NOMAD_TASK_DIR" "$NOMAD_SECRETS_DIR"; do echo x >"$d/f" && cat "$d/f"; done';
    const { code, output } = await execIn(world.docker, task.Id, ["sh", "-c", write]);
    expect({ code, lines: output.trim().split(/\r?\n/) }).toEqual({ code: 0, lines: ["x", "x", "x"] });
    await stop("variables");
  });

  test("in network mode host has the host's network, and stops", async () => {
    await start("on-the-host", "host");
    expect(await interfaces("on-the-host")).toEqual(await hostInterfaces());
    await stop("on-the-host");
  });

  test("in network mode none has a loopback device alone, and stops", async () => {
    await start("alone", "none");
    expect(await interfaces("alone")).toEqual(["lo"]);
    await stop("alone");
  });

  const interfaces = async (job: string): Promise<readonly string[]> => {
    const task = await inspectOne(world.docker, { instance: world.name, job, role: "task" });
    const { output } = await execIn(world.docker, task.Id, ["cat", "/proc/net/dev"]);
    return devices(output);
  };
  /** The relay is in the host's network. */
  const hostInterfaces = async (): Promise<readonly string[]> => {
    const [relay] = await inspectAll(world.docker, { instance: world.name, role: "relay" });
    const { output } = await execIn(world.docker, relay?.Id ?? "", ["cat", "/proc/net/dev"]);
    return devices(output);
  };
});

/** The names in /proc/net/dev, without those of containers, which come and go. */
function devices(table: string): readonly string[] {
  const names = [...table.matchAll(/^\s*([^\s:|]+):/gm)].map((match) => match[1] ?? "");
  return names.filter((name) => !name.startsWith("veth")).toSorted();
}
