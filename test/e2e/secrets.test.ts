/** A token's secret is in Consul and in the sidecar's own memory, and nowhere else. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../rig/shell.ts";
import { until } from "../rig/wait.ts";
import { secretOf, tokens } from "./support/consul.ts";
import { countdashUp, untilServing } from "./support/countdash.ts";
import { execIn, inspectAll, inspectOne } from "./support/docker.ts";
import { remora } from "./support/program.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("the secrets of Remora's tokens", () => {
  let world: World;
  /** Of every token there is or was: the services' and Remora's own. */
  let secrets: readonly string[];

  const current = async (): Promise<readonly string[]> => {
    const there = await tokens(world.consul.api, world.name);
    return Promise.all(there.map(({ AccessorID }) => secretOf(world.consul.api, AccessorID)));
  };

  beforeAll(async () => {
    world = await openWorld({ flags: ["--log-level", "trace"] });
    await countdashUp(world);
    const first = await current();
    await rotate(world);
    secrets = [...new Set([...first, ...(await current()), world.token])];
  });
  afterAll(() => world.close());

  test("are as many as there were services, one that was rotated, and Remora's own", () => {
    expect(secrets).toHaveLength(4);
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("are before the sidecar, for its user alone to read", async () => {
    const infra = await inspectOne(world.docker, { instance: world.name, group: "api", role: "infra" });
    const find = 'for f in $(find /tasks -type f); do cat "$f"; echo; stat -c "mode %a %u" "$f"; done';
    const as = (user: string): ReturnType<typeof execIn> => execIn(world.docker, infra.Id, ["sh", "-c", find], user);
    expect((await as("102")).output).toContain("Permission denied");
    const { output } = await as("101");
    expect(output.match(/mode .*\d/g)).toEqual(["mode 400 101"]);
    expect(secrets.filter((secret) => output.includes(secret))).toHaveLength(1);
  });

  test.each([
    ["docker inspect of any container, volume or network", "NOMAD_ALLOC_ID", inspected],
    ["the environment and the arguments of any process", "NOMAD_ALLOC_ID", processes],
    ["the log of any container", "counting on port", containerLogs],
    ["the log of Remora, at its most talkative", "A token was made", (world: World) => world.agent.logText()],
    ["the metrics", "remora_tokens", (world: World) => world.agent.metrics()],
    ["the status, in any form", "countdash", statuses],
    ["the state directory", "countdash", stateFiles],
  ])("are not in %s", async (_, witness, look) => {
    const text = await look(world);
    expect(text).toContain(witness);
    for (const secret of secrets) expect(text.includes(secret)).toBe(false);
  });
});

/** Takes one token away, so that Remora makes another and handles both. */
async function rotate(world: World): Promise<void> {
  const mine = (): ReturnType<typeof tokens> => tokens(world.consul.api, world.name);
  const [old] = await mine();
  await world.consul.api.delete(`/acl/token/${old?.AccessorID}`);
  const renewed = async (): Promise<boolean> => (await mine()).length === 2;
  await until(renewed, { what: "a token in place of the deleted one" });
  await untilServing(world);
}

async function inspected({ docker, name: instance }: World): Promise<string> {
  const mark = { filters: { label: [`io.remora.instance=${instance}`] } };
  const { Volumes } = await docker.listVolumes(mark);
  const volumes = await Promise.all(Volumes.map(({ Name }) => docker.getVolume(Name).inspect()));
  const networks = await Promise.all(
    (await docker.listNetworks(mark)).map(({ Id }) => docker.getNetwork(Id).inspect()),
  );
  return JSON.stringify([await inspectAll(docker, { instance }), volumes, networks]);
}

/** Remora's own and those in its containers, relay included: `e` adds the environment to the arguments. */
async function processes({ docker, name: instance, agent }: World): Promise<string> {
  const running = (await inspectAll(docker, { instance })).filter(({ State }) => State.Running);
  const inside = running.map(async ({ Id }) => {
    const { Processes } = (await docker.getContainer(Id).top({ ps_args: "axeww -o pid,args" })) as {
      Processes: readonly (readonly string[])[];
    };
    return Processes.map((columns) => columns.join(" ")).join("\n");
  });
  const own = await run("ps", ["eww", "-o", "args", "-p", String(agent.pid)]);
  return [own, ...(await Promise.all(inside))].join("\n");
}

async function containerLogs({ docker, name: instance }: World): Promise<string> {
  const all = await inspectAll(docker, { instance });
  const logs = all.map(({ Id }) => docker.getContainer(Id).logs({ stdout: true, stderr: true }));
  return (await Promise.all(logs)).map(String).join("\n");
}

async function statuses({ agent, stateDir, env }: World): Promise<string> {
  const pages = await Promise.all(["/", "/v1/status", "/v1/jobs", "/v1/allocations"].map((path) => agent.get(path)));
  const { stdout } = await remora(["status", "--state-dir", stateDir], env);
  return [...pages, stdout].join("\n");
}

async function stateFiles({ stateDir }: World): Promise<string> {
  const entries = await readdir(stateDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), "utf8")))).join("\n");
}
