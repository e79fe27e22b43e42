/** `remora fmt`, as a user meets it. */
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "./run.ts";

const UGLY = "a=1\nbcd =  2\n";
const NICE = "a   = 1\nbcd = 2\n";
const WRONG = "a = = 1\n";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "remora-fmt-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function put(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, text);
  return path;
}

const read = (path: string): Promise<string> => readFile(path, "utf8");

describe("remora fmt", () => {
  test("formats in place, names what it changed, and leaves nothing else behind", async () => {
    const [ugly, nice] = [await put("a.nomad", UGLY), await put("b.hcl", NICE)];
    const before = await stat(nice);
    expect(await run(["fmt", ugly, nice])).toMatchObject({ code: 0, stdout: `${ugly}\n`, stderr: "" });
    expect([await read(ugly), await read(nice)]).toEqual([NICE, NICE]);
    expect((await stat(nice)).ino).toBe(before.ino);
    expect((await readdir(directory)).sort()).toEqual(["a.nomad", "b.hcl"]);
    expect(await run(["fmt", ugly, nice])).toMatchObject({ code: 0, stdout: "" });
  });

  test("of a directory formats the HCL files, with -r those of its directories too", async () => {
    const [top, inner] = [await put("a.nomad.hcl", UGLY), await put("x/b.nomad", UGLY)];
    for (const name of ["c.yaml", "d.json", "e.txt", ".f.hcl", "g.hcl~", "x.bak/h.hcl"]) await put(name, UGLY);
    await put("j.hcl", '{"job": {}}');
    expect(await run(["fmt", directory])).toMatchObject({ code: 0, stdout: `${top}\n`, stderr: "" });
    expect(await run(["fmt", "-r", directory])).toMatchObject({ code: 0, stdout: `${inner}\n`, stderr: "" });
    expect(await read(join(directory, "c.yaml"))).toBe(UGLY);
  });

  test("takes a file once, however often it is named", async () => {
    const ugly = await put("a.nomad", UGLY);
    expect(await run(["fmt", "--check", ugly, directory, ugly])).toMatchObject({ code: 1, stdout: `${ugly}\n` });
  });

  test("--check writes nothing and ends with code 1 if a file is not formatted", async () => {
    const [ugly, nice] = [await put("a.nomad", UGLY), await put("b.nomad", NICE)];
    expect(await run(["fmt", "--check", directory])).toMatchObject({ code: 1, stdout: `${ugly}\n` });
    expect(await read(ugly)).toBe(UGLY);
    expect(await run(["fmt", "--check", nice])).toMatchObject({ code: 0, stdout: "" });
  });

  test("says where a syntax error is, leaves that file alone, and formats the others", async () => {
    const [wrong, ugly] = [await put("a.nomad", WRONG), await put("b.nomad", UGLY)];
    const { code, stdout, stderr } = await run(["fmt", directory]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${ugly}\n` });
    expect(stderr).toMatch(`${wrong}:1:5: `);
    expect([await read(wrong), await read(ugly)]).toEqual([WRONG, NICE]);
  });

  test("says why a file that was named is left alone", async () => {
    const [yaml, json, absent] = [await put("a.yaml", "b:   1\n"), await put("c.hcl", "{}"), join(directory, "d.hcl")];
    const because = "left as it is: only HCL is formatted, in files that end in .nomad or .hcl";
    expect(await run(["fmt", yaml, json])).toMatchObject({
      code: 0,
      stdout: "",
      stderr: `${yaml}: ${because}\n${json}: ${because}\n`,
    });
    expect(await run(["fmt", absent])).toMatchObject({ code: 1, stderr: `${absent}: does not exist\n` });
  });

  test("keeps the mode of a file, and a link a link", async () => {
    const target = await put("x/a.hcl", UGLY);
    await chmod(target, 0o640);
    const link = join(directory, "link.hcl");
    await symlink("x/a.hcl", link);
    expect(await run(["fmt", link])).toMatchObject({ code: 0, stdout: `${link}\n` });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await stat(target)).mode & 0o777).toBe(0o640);
    expect(await read(target)).toBe(NICE);
  });

  test("says so when a file cannot be written, and goes on", async () => {
    const [first, second] = [await put("a.hcl", UGLY), await put("b.hcl", UGLY)];
    const rewriteFile = (path: string): Promise<string | undefined> =>
      Promise.resolve(path === first ? "no space left" : undefined);
    const { code, stderr, stdout } = await run(["fmt", directory], { actions: { rewriteFile } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${first}: cannot be written: no space left\n` });
    expect(stdout).toContain(second);
  });

  test("- formats the standard input to the standard output", async () => {
    expect(await run(["fmt", "-"], { input: UGLY })).toMatchObject({ code: 0, stdout: NICE, stderr: "" });
    expect(await run(["fmt", "--check", "-"], { input: UGLY })).toMatchObject({ code: 1, stdout: "" });
    expect(await run(["fmt", "--check", "-"], { input: NICE })).toMatchObject({ code: 0, stdout: "" });
    expect((await run(["fmt", "-"], { input: WRONG })).stderr).toMatch("<stdin>:1:5: ");
    expect(await run(["fmt", "-"], { input: "{}" })).toMatchObject({ code: 1, stdout: "" });
    const yaml = await run(["fmt", "-"], { input: "job:\n  a: {}\n" });
    expect(yaml).toMatchObject({ code: 1, stdout: "", stderr: "<stdin>: only HCL is formatted, and this is YAML\n" });
    expect(await run(["fmt", "-", "a.hcl"], { input: UGLY })).toMatchObject({ code: 1, stdout: "" });
  });

  test("--diff shows the changed lines with those around them", async () => {
    const lines = Array.from({ length: 20 }, (_, n) => `# ${n + 1}`);
    lines[4] = "a=1";
    lines[5] = "bc=2";
    lines[18] = "  # end";
    const path = await put("a.hcl", lines.join("\n"));
    const { stdout } = await run(["fmt", "--check", "--diff", path]);
    expect(stdout.split("\n").slice(1)).toEqual([
      `--- ${path}`,
      `+++ ${path}`,
      "@@ -2,8 +2,8 @@",
      " # 2",
      " # 3",
      " # 4",
      "-a=1",
      "-bc=2",
      "+a  = 1",
      "+bc = 2",
      " # 7",
      " # 8",
      " # 9",
      "@@ -16,5 +16,5 @@",
      " # 16",
      " # 17",
      " # 18",
      "-  # end",
      "+# end",
      " # 20",
      "\\ No newline at end of file",
      "",
    ]);
  });
});
