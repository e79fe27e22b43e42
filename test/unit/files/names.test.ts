/** Which names in the job directory count. */
import { expect, test } from "vitest";
import { isJobFileName, isLeftover } from "../../../src/adapters/files/names.ts";

test.each(["a.nomad", "a.hcl", "a.nomad.hcl", "a.yaml", "a.yml", "a.json", "A-1.nomad", "ü.yaml"])(
  "%s is a job file",
  (name) => expect(isJobFileName(name)).toBe(true),
);

test.each([
  "a.nomad~",
  ".a.nomad.swp",
  ".a.nomad",
  ".#a.nomad",
  "#a.nomad#",
  "a.nomad.swp",
  "a.nomad.tmp",
  "a.nomad.bak",
  "a.nomad.orig",
  "4913",
  "a.txt",
  "README",
  "nomad",
  "a.NOMAD.gz",
])("%s is not", (name) => expect(isJobFileName(name)).toBe(false));

test.each(["jobs.bak", "jobs~", ".git", "..data"])("the directory %s is left out", (name) =>
  expect(isLeftover(name)).toBe(true),
);
