/** The watched directory over real directories: what editors, syncers and slow writers do to it. */
import { execFileSync } from "node:child_process";
import {
  appendFile,
  chmod,
  link,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { jobDirectory } from "../../../src/adapters/files/directory.ts";
import { systemClock } from "../../../src/adapters/system.ts";
import type { Clock } from "../../../src/ports/time.ts";
import { until } from "../../rig/wait.ts";
import { updateConfigMap } from "../../support/config-map.ts";
import { follow, textsOf, writersPause } from "./follower.ts";
import type { Follower } from "./follower.ts";

let base: string;
let jobs: string;
const followers: Follower[] = [];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "remora-jobs-"));
  jobs = join(base, "jobs");
  await mkdir(jobs);
});

afterEach(async () => {
  await Promise.all(followers.splice(0).map((follower) => follower.stop()));
  await rm(base, { recursive: true, force: true });
});

function watching(root = jobs): Follower {
  const follower = follow(root);
  followers.push(follower);
  return follower;
}

/** A clock ahead of the real one: what was just written is old to it. */
function later(ms: number): Clock {
  return { ...systemClock, now: () => Date.now() + ms };
}

function listOnce(root = jobs, clock = later(60_000)): Promise<Record<string, string>> {
  return jobDirectory(root, { clock }).list(new AbortController().signal).then(textsOf);
}

async function atomically(path: string, text: string): Promise<void> {
  const draft = join(base, `draft-${Math.random()}`);
  await writeFile(draft, text);
  await rename(draft, path);
}

describe("one listing", () => {
  test("holds the job files of all subdirectories, by relative path, and nothing else", async () => {
    await mkdir(join(jobs, "team", "web"), { recursive: true });
    await mkdir(join(jobs, ".git"));
    await mkdir(join(jobs, "old.bak"));
    for (const name of ["a.nomad", "b.hcl", "c.yaml", "d.yml", "e.json", "team/web/f.nomad"])
      await writeFile(join(jobs, name), name);
    for (const name of [".a.nomad.swp", "a.nomad~", "#a.nomad#", "4913", "x.tmp", "notes.txt", ".git/g.nomad"])
      await writeFile(join(jobs, name), "no");
    await writeFile(join(jobs, "old.bak", "h.nomad"), "no");
    expect(Object.keys(await listOnce())).toEqual([
      "a.nomad",
      "b.hcl",
      "c.yaml",
      "d.yml",
      "e.json",
      "team/web/f.nomad",
    ]);
  });

  test("says the content's hash and the directory's device", async () => {
    await writeFile(join(jobs, "a.nomad"), "abc");
    const reading = await jobDirectory(jobs, { clock: later(60_000) }).list(new AbortController().signal);
    expect(reading).toEqual({
      ok: true,
      device: String((await stat(jobs)).dev),
      files: [
        { path: "a.nomad", text: "abc", hash: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
      ],
    });
  });

  test("reads a file of 1 MiB and refuses one byte more", async () => {
    await writeFile(join(jobs, "fits.nomad"), "x".repeat(1024 * 1024));
    await writeFile(join(jobs, "large.nomad"), "x".repeat(1024 * 1024 + 1));
    const listed = await listOnce();
    expect(listed["fits.nomad"]).toHaveLength(1024 * 1024);
    expect(listed["large.nomad"]).toMatch(/^!is larger than 1 MiB/);
  });

  test("reports what cannot be used by name: not UTF-8, a FIFO, a dangling link", async () => {
    await writeFile(join(jobs, "latin.nomad"), Buffer.from([0x6a, 0xe9]));
    await symlink("nowhere", join(jobs, "dangling.nomad"));
    execFileSync("mkfifo", [join(jobs, "pipe.nomad")]);
    await writeFile(join(jobs, "good.nomad"), "good");
    expect(await listOnce()).toEqual({
      "latin.nomad": "!is not UTF-8 text",
      "dangling.nomad": "!is a symbolic link to something that does not exist",
      "pipe.nomad": "!is not a regular file",
      "good.nomad": "good",
    });
  });

  test("follows links to files and directories, enters a directory that holds itself once, and reads names like x.nomad/", async () => {
    await mkdir(join(jobs, "dir.nomad"));
    await writeFile(join(jobs, "dir.nomad", "a.nomad"), "a");
    await symlink("..", join(jobs, "dir.nomad", "up"));
    await writeFile(join(base, "outside.hcl"), "outside");
    await symlink(join(base, "outside.hcl"), join(jobs, "linked.hcl"));
    expect(await listOnce()).toEqual({ "dir.nomad/a.nomad": "a", "linked.hcl": "outside" });
  });

  test("a directory that is missing, or no directory, is a failure with its name, not an empty listing", async () => {
    await writeFile(join(base, "file"), "");
    for (const [path, why] of [
      [join(base, "absent"), "does not exist"],
      [join(base, "file"), "is not a directory"],
    ] as const) {
      const reading = await jobDirectory(path, { clock: systemClock }).list(new AbortController().signal);
      expect(reading).toEqual({ ok: false, error: `${path} ${why}` });
    }
  });

  test("a subdirectory behind a dangling link voids the reading: its files are not gone", async () => {
    await writeFile(join(jobs, "a.nomad"), "a");
    await symlink(join(base, "unmounted"), join(jobs, "more"));
    const reading = await jobDirectory(jobs, { clock: systemClock }).list(new AbortController().signal);
    expect(reading).toEqual({ ok: false, error: expect.stringContaining(join(jobs, "more")) as string });
  });

  test("does not read a file again that has not changed, whatever its time stamps say after", async () => {
    await writeFile(join(jobs, "a.nomad"), "one");
    const directory = jobDirectory(jobs, { clock: later(60_000) });
    const { signal } = new AbortController();
    const first = await directory.list(signal);
    const second = await directory.list(signal);
    expect(first.ok && second.ok && first.files[0] === second.files[0]).toBe(true);
    const { atime, mtime } = await stat(join(jobs, "a.nomad"));
    await writeFile(join(jobs, "a.nomad"), "two");
    await utimes(join(jobs, "a.nomad"), atime, mtime);
    expect(textsOf(await directory.list(signal))).toEqual({ "a.nomad": "two" });
  });

  test("a file just written is not shown yet, and one with a time stamp in the future is shown all the same", async () => {
    const directory = jobDirectory(jobs, { clock: { ...systemClock, now: () => now } });
    const { signal } = new AbortController();
    await writeFile(join(jobs, "a.nomad"), "a");
    const soon = new Date((await stat(join(jobs, "a.nomad"))).mtimeMs + 3_600_000);
    await utimes(join(jobs, "a.nomad"), soon, soon);
    let now = Date.now();
    expect(textsOf(await directory.list(signal))).toEqual({});
    now += 49;
    expect(textsOf(await directory.list(signal))).toEqual({});
    now += 1;
    expect(textsOf(await directory.list(signal))).toEqual({ "a.nomad": "a" });
  });

  test("throws when it was aborted before it began", async () => {
    await expect(jobDirectory(jobs, { clock: systemClock }).list(AbortSignal.abort())).rejects.toMatchObject({
      code: "aborted",
    });
  });
});

describe("following the directory", () => {
  test("the first hint comes at once, also for a directory that is not there yet, which is found when it appears", async () => {
    await rm(jobs, { recursive: true });
    const follower = watching();
    expect(await follower.fails()).toContain("does not exist");
    await mkdir(jobs);
    await atomically(join(jobs, "a.nomad"), "a");
    await follower.shows({ "a.nomad": "a" });
  });

  test("a file renamed into place is shown within moments, and never as absent or half", async () => {
    await atomically(join(jobs, "a.nomad"), "one");
    const follower = watching();
    await follower.shows({ "a.nomad": "one" });
    const began = performance.now();
    await atomically(join(jobs, "a.nomad"), "two");
    await follower.shows({ "a.nomad": "two" });
    expect(performance.now() - began).toBeLessThan(900);
    expect(follower.history("a.nomad").filter((text) => text !== "absent")).toEqual(["one", "two"]);
  });

  test("a file written in place by chunks shows its former content until it is whole", async () => {
    await atomically(join(jobs, "a.nomad"), "former");
    const follower = watching();
    await follower.shows({ "a.nomad": "former" });
    await truncate(join(jobs, "a.nomad"), 0);
    for (const chunk of ["1", "2", "3", "4", "5"]) {
      await appendFile(join(jobs, "a.nomad"), chunk);
      await writersPause(150);
    }
    await follower.shows({ "a.nomad": "12345" });
    expect(follower.history("a.nomad").filter((text) => text !== "absent")).toEqual(["former", "12345"]);
  });

  test("a new file written by chunks does not show until it is whole", async () => {
    const follower = watching();
    await follower.shows({});
    for (const chunk of ["1", "2", "3", "4", "5"]) {
      await appendFile(join(jobs, "a.nomad"), chunk);
      await writersPause(150);
    }
    await follower.shows({ "a.nomad": "12345" });
    expect(follower.history("a.nomad")).toEqual(["absent", "12345"]);
  });

  test("delete and create by a slow writer shows the former content, not an absence, once the file is begun", async () => {
    await atomically(join(jobs, "a.nomad"), "former");
    const follower = watching();
    await follower.shows({ "a.nomad": "former" });
    await unlink(join(jobs, "a.nomad"));
    await follower.shows({});
    await appendFile(join(jobs, "a.nomad"), "new ");
    await follower.shows({ "a.nomad": "former" });
    await appendFile(join(jobs, "a.nomad"), "one");
    await follower.shows({ "a.nomad": "new one" });
  });

  test("vim's way (backup by rename, write anew, delete the backup) ends at the new content", async () => {
    await atomically(join(jobs, "a.nomad"), "one");
    const follower = watching();
    await follower.shows({ "a.nomad": "one" });
    await writeFile(join(jobs, ".a.nomad.swp"), "swap");
    await writeFile(join(jobs, "4913"), "");
    await unlink(join(jobs, "4913"));
    await rename(join(jobs, "a.nomad"), join(jobs, "a.nomad~"));
    await writeFile(join(jobs, "a.nomad"), "two");
    await unlink(join(jobs, "a.nomad~"));
    await unlink(join(jobs, ".a.nomad.swp"));
    await follower.shows({ "a.nomad": "two" });
    expect(Object.keys(textsOf(follower.readings.at(-1)))).toEqual(["a.nomad"]);
  });

  test("a hard link, a rename and a deletion are all seen", async () => {
    await atomically(join(jobs, "a.nomad"), "a");
    const follower = watching();
    await follower.shows({ "a.nomad": "a" });
    await link(join(jobs, "a.nomad"), join(jobs, "b.nomad"));
    await follower.shows({ "a.nomad": "a", "b.nomad": "a" });
    await rename(join(jobs, "a.nomad"), join(jobs, "c.nomad"));
    await follower.shows({ "b.nomad": "a", "c.nomad": "a" });
    await unlink(join(jobs, "b.nomad"));
    await follower.shows({ "c.nomad": "a" });
  });

  test("files in directories made later are seen, and so is their removal", async () => {
    const follower = watching();
    await follower.shows({});
    await mkdir(join(jobs, "x", "y"), { recursive: true });
    await atomically(join(jobs, "x", "y", "a.nomad"), "a");
    await follower.shows({ "x/y/a.nomad": "a" });
    await atomically(join(jobs, "x", "y", "b.nomad"), "b");
    await follower.shows({ "x/y/a.nomad": "a", "x/y/b.nomad": "b" });
    await rm(join(jobs, "x"), { recursive: true });
    await follower.shows({});
  });

  test("a directory replaced by another of the same name is watched anew", async () => {
    await mkdir(join(jobs, "x"));
    const follower = watching();
    await follower.shows({});
    await rm(join(jobs, "x"), { recursive: true });
    await mkdir(join(jobs, "x"));
    await atomically(join(jobs, "x", "a.nomad"), "a");
    await follower.shows({ "x/a.nomad": "a" });
    await atomically(join(jobs, "x", "a.nomad"), "b");
    await follower.shows({ "x/a.nomad": "b" });
  });

  test("a config map's update (`..data` swapped) shows old or new, never a mixture of absences", async () => {
    const version = async (name: string, text: string): Promise<void> => {
      await mkdir(join(jobs, name));
      await writeFile(join(jobs, name, "a.nomad"), text);
      await symlink(name, join(jobs, "..data_tmp"));
      await rename(join(jobs, "..data_tmp"), join(jobs, "..data"));
    };
    await version("..2024_01", "one");
    await symlink("..data/a.nomad", join(jobs, "a.nomad"));
    const follower = watching();
    await follower.shows({ "a.nomad": "one" });
    await version("..2024_02", "two");
    await rm(join(jobs, "..2024_01"), { recursive: true });
    await follower.shows({ "a.nomad": "two" });
    await version("..2024_03", "three");
    await rm(join(jobs, "..2024_02"), { recursive: true });
    await follower.shows({ "a.nomad": "three" });
    expect(follower.history("a.nomad").filter((text) => text.startsWith("!"))).toEqual([]);
  });

  test("a config map's update that adds, changes and removes keys at once never hides a file that stays", async () => {
    await updateConfigMap(jobs, { "stays.nomad": "one", "changes.hcl": "one", "goes.yaml": "one" });
    const follower = watching();
    await follower.shows({ "stays.nomad": "one", "changes.hcl": "one", "goes.yaml": "one" });
    await updateConfigMap(jobs, { "stays.nomad": "one", "changes.hcl": "two", "comes.json": "two" });
    await follower.shows({ "stays.nomad": "one", "changes.hcl": "two", "comes.json": "two" });
    await updateConfigMap(jobs, {});
    await follower.shows({});
    const sinceShown = (name: string): readonly string[] => {
      const history = follower.history(name);
      return history.slice(history.indexOf("one"));
    };
    expect(sinceShown("stays.nomad")).toEqual(["one", "absent"]);
    expect(sinceShown("changes.hcl")).toEqual(["one", "two", "absent"]);
  });

  test("git-sync's swap of the link that is the directory, or leads to it, is seen", async () => {
    const checkout = async (name: string, text: string): Promise<void> => {
      await mkdir(join(base, name, "deploy"), { recursive: true });
      await writeFile(join(base, name, "deploy", "a.nomad"), text);
      await symlink(name, join(base, "current.new"));
      await rename(join(base, "current.new"), join(base, "current"));
    };
    await checkout("rev1", "one");
    const direct = watching(join(base, "current"));
    const through = watching(join(base, "current", "deploy"));
    await direct.shows({ "deploy/a.nomad": "one" });
    await through.shows({ "a.nomad": "one" });
    for (const [name, text] of [
      ["rev2", "two"],
      ["rev3", "three"],
    ] as const) {
      await checkout(name, text);
      await direct.shows({ "deploy/a.nomad": text });
      await through.shows({ "a.nomad": text });
    }
  });

  test("a directory that goes away is a failure, and is followed again when it comes back", async () => {
    await atomically(join(jobs, "a.nomad"), "a");
    const follower = watching();
    await follower.shows({ "a.nomad": "a" });
    await rename(jobs, join(base, "elsewhere"));
    expect(await follower.fails()).toContain(jobs);
    await rename(join(base, "elsewhere"), jobs);
    await follower.shows({ "a.nomad": "a" });
    await atomically(join(jobs, "a.nomad"), "b");
    await follower.shows({ "a.nomad": "b" });
  });

  test("a directory that was deleted and made anew is followed", async () => {
    await atomically(join(jobs, "a.nomad"), "a");
    const follower = watching();
    await follower.shows({ "a.nomad": "a" });
    await rm(jobs, { recursive: true });
    await follower.fails();
    await mkdir(jobs);
    await atomically(join(jobs, "a.nomad"), "b");
    await follower.shows({ "a.nomad": "b" });
    await atomically(join(jobs, "a.nomad"), "c");
    await follower.shows({ "a.nomad": "c" });
  });

  test("a listing that finds a new directory gives a hint, for what came into it before it was watched", async () => {
    const directory = jobDirectory(jobs, { clock: systemClock });
    const end = new AbortController();
    const hints = directory.changes(end.signal)[Symbol.asyncIterator]();
    await hints.next();
    await directory.list(end.signal);
    const made = hints.next();
    await mkdir(join(jobs, "x"));
    await made;
    const again = hints.next();
    await directory.list(end.signal);
    expect(await again).toEqual({ done: false, value: undefined });
    end.abort();
    expect(await hints.next()).toMatchObject({ done: true });
  });

  test("two thousand edits of one file end at the last content", async () => {
    const follower = watching();
    await follower.shows({});
    for (let edit = 0; edit <= 2_000; edit++) await atomically(join(jobs, "a.nomad"), String(edit));
    await follower.shows({ "a.nomad": "2000" });
    expect(await readFile(join(jobs, "a.nomad"), "utf8")).toBe("2000");
  });

  test("a change of rights alone shows the same content, not an absence", async () => {
    await atomically(join(jobs, "a.nomad"), "a");
    const follower = watching();
    await follower.shows({ "a.nomad": "a" });
    const before = follower.readings.length;
    await chmod(join(jobs, "a.nomad"), 0o600);
    await until(async () => follower.readings.length > before, { what: "a look after chmod", everyMs: 5 });
    expect(follower.history("a.nomad").filter((text) => text !== "absent")).toEqual(["a"]);
  });
});
