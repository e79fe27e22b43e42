/** The functions of files: what they read, and that nothing outside the job file's directory can be reached. */
import { describe, expect, test } from "vitest";
import type { JobFiles } from "../../../../src/jobspec/files.ts";
import { evaluatedWith, problemOf } from "./support.ts";

/** Fails the test when it is asked for a path that is not plain. */
function filesOf(files: Readonly<Record<string, Uint8Array | string>>): JobFiles {
  const check = (path: string): string => {
    if (path.startsWith("/") || path.split("/").includes("..")) throw new Error(`asked for ${path}`);
    return path;
  };
  return {
    read: (path) => {
      const found = files[check(path)];
      return found === undefined ? { error: "there is no such file" } : { bytes: Buffer.from(found) };
    },
    exists: (path) => files[check(path)] !== undefined,
    list: () => Object.keys(files),
  };
}

const FILES = filesOf({
  "motd.txt": "Grüße\n",
  "logo.png": Uint8Array.of(0x89, 0xff, 0),
  "conf/a.ini": "a",
  "conf/deep/b.ini": "b",
  "conf/deep/c.txt": "c",
  "conf/.hidden.ini": "h",
});

test.each([
  ['file("motd.txt")', "Grüße\n"],
  ['file("./conf//deep/../a.ini")', "a"],
  ['filebase64("logo.png")', "if8A"],
  ['fileexists("conf/a.ini")', true],
  ['fileexists("conf/b.ini")', false],
  ['fileset(".", "*")', ["logo.png", "motd.txt"]],
  ['fileset("conf", "*.ini")', [".hidden.ini", "a.ini"]],
  ['fileset("conf", "**/*.ini")', [".hidden.ini", "a.ini", "deep/b.ini"]],
  ['fileset(".", "conf/**")', ["conf/.hidden.ini", "conf/a.ini", "conf/deep/b.ini", "conf/deep/c.txt"]],
  ['fileset("conf/deep", "[bx].{ini,txt}")', ["b.ini"]],
  ['fileset("conf/deep", "[^b].???")', ["c.txt"]],
  ['fileset("conf", "none*")', []],
  ['fileset(".", "**.ini")', []],
  ['fileset("conf", "/[!a].i?i")', ["a.ini"]],
])("%s", (call, value) => {
  expect(evaluatedWith(call, FILES)).toEqual(value);
});

describe("refuses", () => {
  const OUTSIDE = "cannot leave the directory of the job file";
  test.each([
    ['file("../secret")', `file() ${OUTSIDE}`],
    ['file("conf/../../secret")', `file() ${OUTSIDE}`],
    ['file("/etc/passwd")', `file() ${OUTSIDE}`],
    ['file("a\\u0000b")', `file() ${OUTSIDE}`],
    ['filebase64("/etc/passwd")', `filebase64() ${OUTSIDE}`],
    ['fileexists("..")', `fileexists() ${OUTSIDE}`],
    ['fileset("..", "*")', `fileset() ${OUTSIDE}`],
    ['fileset(".", "../*")', `fileset() ${OUTSIDE}`],
    ['fileset("/etc", "*")', `fileset() ${OUTSIDE}`],
    ['file("~/.ssh/id_rsa")', "file() knows no home directory"],
    ['file("none.txt")', "file() cannot read none.txt: there is no such file"],
    ['file("logo.png")', "The file logo.png is not text in UTF-8"],
    ['abspath("conf")', "abspath() cannot tell where the job file is"],
    ['fileset(".", "[")', "The pattern of fileset() cannot be read: A [ is not closed"],
    ['fileset(".", "a{b")', "The pattern of fileset() cannot be read: A { is not closed"],
    ['fileset(".", "{a,b/c}")', "The pattern of fileset() cannot be read: A slash stands in braces"],
  ])("%s", (call, summary) => {
    expect(problemOf(call, FILES).summary).toBe(summary);
  });
});

test("a job file that comes from no directory has no files", () => {
  for (const call of ['file("a")', 'filebase64("a")', 'fileexists("a")', 'fileset(".", "*")', 'abspath("a")']) {
    expect(problemOf(call).summary).toMatch(/\(\) has no files here$/);
  }
});

test("the directory of the job file is where paths start, however they are written", () => {
  const files = { ...FILES, directory: "/etc/jobs" };
  expect(evaluatedWith('abspath("conf/../motd.txt")', files)).toBe("/etc/jobs/motd.txt");
  expect(evaluatedWith('file(abspath("conf/a.ini"))', files)).toBe("a");
  expect(problemOf('file("/etc/jobs2/x")', files).summary).toBe("file() cannot leave the directory of the job file");
});

test("many files and a hostile pattern are too much", () => {
  const files = filesOf(
    Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`${"a".repeat(200)}${index}`, ""])),
  );
  expect(problemOf(`fileset(".", "${"*a".repeat(50)}b")`, files).summary).toMatch(/more work than any job needs/);
});
