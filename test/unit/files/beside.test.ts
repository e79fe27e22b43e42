/** The files beside a job file: what can be read, and that nothing else can. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { filesBeside } from "../../../src/adapters/files/beside.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";

let root: string;
let jobs: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "remora-beside-"));
  jobs = join(root, "jobs");
  await mkdir(join(jobs, "conf"), { recursive: true });
  await writeFile(join(root, "secret"), "s3cret");
  await writeFile(join(jobs, "conf/app.ini"), "a=1");
});

afterEach(() => rm(root, { recursive: true, force: true }));

function textOf(path: string): string {
  const answer = filesBeside(join(jobs, "job.hcl")).read(path);
  return "bytes" in answer ? new TextDecoder().decode(answer.bytes) : `error: ${answer.error}`;
}

test("files of the directory and below are read and listed, also through links that stay inside", async () => {
  await symlink("conf/app.ini", join(jobs, "link.ini"));
  expect(["conf/app.ini", "./conf/../conf/app.ini", "link.ini", join(jobs, "conf/app.ini")].map(textOf)).toEqual(
    Array.from({ length: 4 }, () => "a=1"),
  );
  const files = filesBeside(join(jobs, "job.hcl"));
  expect(files.list()).toEqual(["conf/app.ini"]);
  expect([files.exists("conf/app.ini"), files.exists("conf"), files.exists("none")]).toEqual([true, false, false]);
});

test("nothing outside is read: by dots, by an absolute path, by a link, by a directory that is a link", async () => {
  await symlink("../secret", join(jobs, "link"));
  await symlink("..", join(jobs, "up"));
  await mkdir(join(root, "jobs-too"));
  await writeFile(join(root, "jobs-too/x"), "s3cret");
  for (const path of [
    "../secret",
    join(root, "secret"),
    "link",
    "up/secret",
    "conf/../../secret",
    "../jobs-too/x",
    "up/jobs-too/x",
  ])
    expect(textOf(path)).toBe("error: lies outside the job file's directory");
  expect(filesBeside(join(jobs, "job.hcl")).list()).toEqual(["conf/app.ini"]);
});

test("what is no file, or too large, is refused, and a FIFO does not block", async () => {
  execFileSync("mkfifo", [join(jobs, "fifo")]);
  await writeFile(join(jobs, "large"), Buffer.alloc(1024 * 1024 + 1));
  expect(["conf", "fifo", "large", "none"].map(textOf)).toEqual([
    "error: is not a regular file",
    "error: is not a regular file",
    "error: is larger than 1 MiB",
    "error: does not exist",
  ]);
});

test("a directory that has gone holds no files, and parsing a job that lists it goes on", () => {
  const gone = filesBeside(join(root, "gone", "job.hcl"));
  expect(gone.list()).toEqual([]);
  expect(gone.exists("a")).toBe(false);
  const text = `job "j" {\n  meta {\n    n = length(fileset(".", "*"))\n  }\n}\n`;
  const { diagnostics } = parseJobFile("job.hcl", text, { files: gone });
  expect(diagnostics.map(({ summary }) => summary).filter((summary) => summary.includes("fileset"))).toEqual([]);
});

test("what is asked again and again is looked up once", () => {
  const asked: string[] = [];
  const files = {
    read: (path: string) => ({ error: `${asked.push(path)}` }),
    exists: (path: string) => asked.push(path) > 0,
    list: () => [`${asked.push("list")}`],
  };
  const text = `locals {\n  a = [for i in range(500) : [fileexists("a"), fileset(".", "*")]]\n}\njob "j" {\n}\n`;
  parseJobFile("job.hcl", text, { files });
  expect(asked).toEqual(["a", "list"]);
});

test("a job that reads a file is another job when the file changes, and says that it reads files", async () => {
  const text =
    'job "j" {\n datacenters = ["dc1"]\n meta { v = file("conf/app.ini") }\n group "g" {\n task "t" {\n driver = "docker"\n config {\n image = "i"\n }\n }\n }\n}';
  const parsed = () => parseJobFile("job.hcl", text, { files: filesBeside(join(jobs, "job.hcl")) });
  const before = parsed();
  expect(parsed().inputs).toBe(before.inputs);
  await writeFile(join(jobs, "conf/app.ini"), "a=2");
  const after = parsed();
  expect([before.job?.meta["v"], after.job?.meta["v"], after.readsFiles]).toEqual(["a=1", "a=2", true]);
  expect(after.inputs).not.toBe(before.inputs);
});
