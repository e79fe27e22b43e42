/** Reading job files once, for checking. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readJobFiles } from "../../../src/adapters/files/once.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "remora-once-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test("a file is read whatever its name, though it was written this moment", async () => {
  await writeFile(join(directory, "job.txt"), "a");
  expect(await readJobFiles(join(directory, "job.txt"))).toMatchObject([
    { path: join(directory, "job.txt"), text: "a" },
  ]);
});

test("of a directory the job files are read, under the path as given", async () => {
  await mkdir(join(directory, "x"));
  for (const name of ["a.nomad", "x/b.yaml", "c.txt"]) await writeFile(join(directory, name), name);
  const files = await readJobFiles(directory);
  expect(files.map(({ path, text }) => [path, text])).toEqual([
    [join(directory, "a.nomad"), "a.nomad"],
    [join(directory, "x/b.yaml"), "x/b.yaml"],
  ]);
});

test("what cannot be read says why", async () => {
  expect(await readJobFiles(join(directory, "absent"))).toMatchObject([{ error: "does not exist" }]);
  expect(await readJobFiles("/dev/null")).toMatchObject([{ error: "is not a regular file" }]);
  await writeFile(join(directory, "l.nomad"), Buffer.from([0xff]));
  expect(await readJobFiles(directory)).toMatchObject([{ error: "is not UTF-8 text" }]);
});
