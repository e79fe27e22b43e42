/** `remora plan` against a real agent: it changes nothing, and what it says is what then happens. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { until } from "../rig/wait.ts";
import { countdashUp, file } from "./support/countdash.ts";
import { inspectAll } from "./support/docker.ts";
import { countdash, plainJob, replaced } from "./support/jobs.ts";
import { picture } from "./support/picture.ts";
import { remora } from "./support/program.ts";
import type { Ended } from "./support/program.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("remora plan", () => {
  let world: World;
  let port = 0;
  let text = "";

  const plan = async (...args: string[]): Promise<Ended> =>
    remora(["plan", "--state-dir", world.stateDir, ...args], world.env);
  /** A file that the agent does not watch. */
  const draft = async (content: string, name = file): Promise<string> => {
    const path = join(world.directory, "drafts", name);
    await writeFile(path, content);
    return path;
  };
  const ids = async (group: string): Promise<readonly string[]> => {
    const found = await inspectAll(world.docker, { instance: world.name, job: "countdash", group });
    return found.map(({ Id }) => Id).sort();
  };
  /** Follows the file and resolves when nothing is left to do for it. */
  const follow = async (content: string): Promise<void> => {
    await world.place(file, content);
    const done = async (): Promise<boolean> => {
      const { code } = await plan(await draft(content));
      const groups = await world.agent.groups("countdash");
      return code === 0 && groups.every(({ state, allocs }) => state === "running" && allocs.length === 1);
    };
    await until(done, { what: "the file to be followed", timeoutMs: 60_000 });
  };

  beforeAll(async () => {
    world = await openWorld({ flags: ["--prune-delay", "0s"] });
    await mkdir(join(world.directory, "drafts"));
    port = await countdashUp(world);
    text = await countdash(port);
  });
  afterAll(() => world.close());

  test("finds no change in what is followed, whether a file, the directory or nothing is named", async () => {
    const before = await picture(world);
    for (const args of [[await draft(text)], [world.jobs], []])
      expect(await plan(...args)).toMatchObject({ code: 0, stdout: expect.stringContaining("No change."), stderr: "" });
    expect(await picture(world)).toEqual(before);
  });

  test("of a changed variable says: replaced, start-first; and so it is, the other group being left alone", async () => {
    const changed = replaced(text, /task "web" \{\n/, 'task "web" {\n      env {\n        VERSION = "two"\n      }\n');
    const before = await picture(world);
    const { code, stdout } = await plan(await draft(changed));
    expect(code).toBe(1);
    expect(stdout).toContain('group "api": replace (start-first), 1 allocation replaced');
    expect(stdout).toContain('+ task "web" > env > VERSION: "two" (replace)');
    expect(stdout).toContain('group "dashboard": nothing, 1 allocation kept');
    expect(await picture(world)).toEqual(before);
    const [api, dashboard] = [await ids("api"), await ids("dashboard")];
    await follow(changed);
    expect((await ids("api")).filter((id) => api.includes(id))).toEqual([]);
    expect(await ids("dashboard")).toEqual(dashboard);
    text = changed;
  });

  test("of tags and meta says: in place; and all containers stay", async () => {
    const more = 'name = "count-api"\n      tags = ["v2"]\n      meta {\n        team = "shop"\n      }\n';
    const changed = replaced(text, /name = "count-api"\n/, more);
    const { code, stdout } = await plan(await draft(changed), "--json");
    expect(code).toBe(1);
    const [job] = (JSON.parse(stdout) as Plan).jobs;
    expect(job).toMatchObject({ id: "countdash", action: "change" });
    expect(job?.groups.map(({ group, cost }) => [group, cost])).toEqual([
      ["api", "in place"],
      ["dashboard", "nothing"],
    ]);
    const all = [await ids("api"), await ids("dashboard")];
    await follow(changed);
    const tags = async (): Promise<unknown> =>
      (await world.consul.api.get<readonly { ServiceTags: unknown }[]>("/catalog/service/count-api"))[0]?.ServiceTags;
    await until(async () => JSON.stringify(await tags()) === '["v2"]', { what: "the tags to be told" });
    expect([await ids("api"), await ids("dashboard")]).toEqual(all);
    text = changed;
  });

  test("of a group with a static port says: replaced, stop-first, and the port", async () => {
    const changed = replaced(text, /env \{\n( +)COUNTING/, 'env {\n$1VERSION = "two"\n$1COUNTING');
    const { code, stdout } = await plan(await draft(changed));
    expect(code).toBe(1);
    expect(stdout).toContain(`group "dashboard": replace (stop-first: static port ${port}), 1 allocation replaced`);
    const dashboard = await ids("dashboard");
    await follow(changed);
    expect((await ids("dashboard")).filter((id) => dashboard.includes(id))).toEqual([]);
    text = changed;
  });

  test("of a directory says what comes and what stops", async () => {
    const other = join(world.directory, "other");
    await mkdir(other);
    await writeFile(join(other, "new.hcl"), plainJob({ id: "new", image: world.rig.images.infra }));
    const { code, stdout } = await plan(other);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^- job "countdash".*: stops$/m);
    expect(stdout).toMatch(/^\+ job "new" \(.*new\.hcl\): comes$/m);
  });

  test("of a job that wants a static port that another has says that it is held, and why; the agent holds it so", async () => {
    const thief = replaced(
      plainJob({ id: "thief", image: world.rig.images.infra }),
      /mode = "bridge"\n/,
      `mode = "bridge"\n      port "http" {\n        static = ${port}\n      }\n`,
    );
    const why = `the static port ${port}, which the job countdash (${file}) has`;
    const { code, stdout } = await plan(await draft(thief, "thief.hcl"));
    expect(code).toBe(255);
    expect(stdout).toContain(why);
    const dashboard = await ids("dashboard");
    await world.place("thief.hcl", thief);
    const told = async (): Promise<boolean> =>
      (await world.agent.status()).files.some(
        ({ path, ok, diagnostics }) =>
          path === "thief.hcl" && !ok && diagnostics.some(({ summary }) => summary.includes(`static port ${port}`)),
      );
    await until(told, { what: "the clash to be told" });
    expect(await inspectAll(world.docker, { instance: world.name, job: "thief" })).toEqual([]);
    expect(await ids("dashboard")).toEqual(dashboard);
    await world.take("thief.hcl");
  });

  test("ends with 255 for a bad file, a bad flag, and where no agent runs", async () => {
    const bad = await plan(await draft('job "x" {\n  group "g" {\n    tusk "t" {}\n  }\n}\n', "bad.hcl"));
    expect(bad).toMatchObject({ code: 255, stdout: "", stderr: expect.stringContaining("bad.hcl:3:5: ") });
    expect(await plan("--nonsense")).toMatchObject({ code: 255 });
    expect(await plan(join(world.directory, "nowhere.hcl"))).toMatchObject({ code: 255 });
    await world.agent.stop();
    const alone = await plan(await draft(text));
    expect(alone).toMatchObject({ code: 255, stderr: expect.stringContaining("No Remora agent answers") });
  });
});
