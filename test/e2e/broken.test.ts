/** A job file that cannot be used stops nothing: its last good version runs on, and everybody is told where the mistake is. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { inspectOne } from "./support/docker.ts";
import { countdashUp, file } from "./support/countdash.ts";
import { countdash, plainJob, replaced } from "./support/jobs.ts";
import { picture } from "./support/picture.ts";
import type { Picture } from "./support/picture.ts";
import { remora } from "./support/program.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("a job file with a mistake", () => {
  let world: World;
  let good = "";
  let before: Picture;
  let mistake = { line: 0, column: 0 };

  const otherEnv = async (): Promise<readonly string[]> => {
    const { docker, name: instance } = world;
    return (await inspectOne(docker, { instance, job: "other", role: "task" })).Config.Env;
  };
  const other = (version: string): string =>
    plainJob({ id: "other", image: world.rig.images.infra, env: { VERSION: version } });

  beforeAll(async () => {
    world = await openWorld();
    await world.place("other.hcl", other("one"));
    good = await countdash(await countdashUp(world));
    await until(async () => (await otherEnv()).includes("VERSION=one"), { what: "the other job to run" });
    before = await picture(world, "countdash");
    const bad = replaced(good, /port = "9001"/, 'prot = "9001"');
    mistake = placeOf(bad, "prot");
    await world.place(file, bad);
  });
  afterAll(() => world.close());

  test("is named with line and column by the status", async () => {
    const isBad = async (): Promise<boolean> => (await world.agent.status()).files.some(({ ok }) => !ok);
    await until(isBad, { what: "the status to show the mistake" });
    const { files, jobs } = await world.agent.status();
    const found = files.find(({ path }) => path === file);
    expect(found).toMatchObject({ ok: false, job: "countdash" });
    expect(found?.diagnostics[0]).toMatchObject({ severity: "error", file, ...mistake });
    expect(jobs.find(({ id }) => id === "countdash")).toMatchObject({
      stale: true,
      held: expect.stringContaining(file),
    });
  });

  test("is named with line and column by remora status, the log and the metrics", async () => {
    const place = `${file}:${mistake.line}:${mistake.column}`;
    const { stdout } = await remora(["status", "--state-dir", world.stateDir], world.env);
    expect(stdout).toContain(place);
    const line = (await world.agent.log()).find(({ event }) => event === "file-bad");
    expect(line).toMatchObject({ level: "error", file, ...mistake, msg: expect.stringContaining(place) });
    const labels = [`file="${file}"`, `line="${mistake.line}"`, `column="${mistake.column}"`];
    expect(await world.agent.metric("remora_job_file_errors", ...labels)).toBe(1);
  });

  test("does not hold up another job's change, while the old version keeps running", async () => {
    await world.place("other.hcl", other("two"));
    await until(async () => (await otherEnv()).includes("VERSION=two"), { what: "the other job to change" });
    expect(await picture(world, "countdash")).toEqual(before);
  });

  test("does not stop the old version when Remora is started over it either", async () => {
    await world.agent.kill();
    await world.agent.start();
    const runs = async (): Promise<boolean> => {
      const groups = await world.agent.groups("countdash");
      return groups.length === 2 && groups.every(({ state }) => state === "running");
    };
    await until(runs, { what: "countdash to be seen running" });
    const { jobs } = await world.agent.status();
    expect(jobs.find(({ id }) => id === "countdash")).toMatchObject({
      stale: true,
      held: expect.stringContaining(file),
    });
    expect(await picture(world, "countdash")).toEqual(before);
  });

  test("is forgotten everywhere once it is corrected, and nothing is started again", async () => {
    await world.place(file, good);
    const isGood = async (): Promise<boolean> => (await world.agent.status()).files.every(({ ok }) => ok);
    await until(isGood, { what: "the status to forget the mistake" });
    const job = (await world.agent.status()).jobs.find(({ id }) => id === "countdash");
    expect(job).toMatchObject({ stale: false, state: "running" });
    expect(job).not.toHaveProperty("held");
    expect(await world.agent.metrics()).not.toContain(`file="${file}"`);
    expect(await picture(world, "countdash")).toEqual(before);
  });
});

/** Counted from 1, as editors do. */
function placeOf(text: string, word: string): { readonly line: number; readonly column: number } {
  const before = text.slice(0, text.indexOf(word)).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
