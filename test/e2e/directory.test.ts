/** A job directory that cannot be believed stops nothing, and the status says why. */
import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../rig/shell.ts";
import { until } from "../rig/wait.ts";
import { plainJob } from "./support/jobs.ts";
import { picture } from "./support/picture.ts";
import type { Picture } from "./support/picture.ts";
import { openWorld, placeFile } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("the job directory", () => {
  let world: World;
  let before: Picture;
  let aside = "";

  const running = async (): Promise<boolean> => (await world.agent.group("steady", "main")).state === "running";
  const heldBecause = async (reason: RegExp): Promise<boolean> => {
    const job = (await world.agent.status()).jobs.find(({ id }) => id === "steady");
    return job?.held !== undefined && reason.test(job.held);
  };
  /** The status tells the reason, and after more looks at the directory everything runs as it did. */
  const expectHeld = async (reason: RegExp): Promise<void> => {
    await until(() => heldBecause(reason), { what: `the status to say ${reason.source}` });
    const looks = (): Promise<number> => world.agent.metric("remora_source_list_total", 'source="jobs"');
    const seen = await looks();
    await until(async () => (await looks()) >= seen + 3, { what: "more looks at the directory" });
    expect(await heldBecause(reason)).toBe(true);
    expect(await picture(world)).toEqual(before);
  };
  const expectFollowed = async (): Promise<void> => {
    const followed = async (): Promise<boolean> => (await running()) && !(await heldBecause(/./));
    await until(followed, { what: "the directory to be followed again" });
    expect(await picture(world)).toEqual(before);
  };

  beforeAll(async () => {
    // root reads everything: only without these two capabilities does a mode mean something to it.
    const through = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"];
    world = await openWorld({ flags: ["--resync", "1s", "--prune-delay", "0s"], through });
    aside = join(world.directory, "aside");
    await run("mount", ["-t", "tmpfs", "tmpfs", world.jobs]);
    await placeInside(world);
    await world.agent.start();
    await until(running, { what: "the job to run" });
    before = await picture(world);
  });
  afterAll(async () => {
    await run("umount", [world.jobs]).catch(() => "it is not mounted where a test has failed");
    await world.close();
  });

  test("unreadable: nothing stops, and the status says why", async () => {
    await chmod(world.jobs, 0o000);
    await expectHeld(/cannot be read: .*permission/i);
    await chmod(world.jobs, 0o755);
    await expectFollowed();
  });

  test("unmounted: nothing stops, and the status says why", async () => {
    await run("mount", ["--bind", world.jobs, await emptyDirectory(aside)]);
    await run("umount", [world.jobs]);
    expect(await readdir(world.jobs)).toEqual([]);
    await expectHeld(/another file system/);
    await run("mount", ["--bind", aside, world.jobs]);
    await run("umount", [aside]);
    await expectFollowed();
  });

  test("gone: nothing stops, and the status says why", async () => {
    await run("umount", [world.jobs]);
    await placeInside(world);
    await expectFollowed();
    await rename(world.jobs, join(world.directory, "moved"));
    await expectHeld(/cannot be read/);
    await rename(join(world.directory, "moved"), world.jobs);
    await expectFollowed();
  });

  test("emptied while Remora was away: nothing stops, and the status says why", async () => {
    await world.agent.stop();
    await rm(join(world.jobs, "steady.hcl"));
    await world.agent.start();
    await expectHeld(/was empty when Remora started/);
    await placeInside(world);
    await expectFollowed();
  });
});

async function placeInside({ jobs, rig }: World): Promise<void> {
  await placeFile(jobs, "steady.hcl", plainJob({ id: "steady", image: rig.images.infra }));
}

async function emptyDirectory(path: string): Promise<string> {
  await mkdir(path);
  return path;
}
