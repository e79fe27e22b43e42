/** Functions of files, which see nothing but the directory of the job file, and functions of their names. */
import type { JobFiles } from "../files.ts";
import { define, wrong } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import { refuseBytes, utf8 } from "./base64.ts";
import { globMatcher } from "./glob.ts";
import { baseOf, cleaned, directoryOf } from "./paths.ts";
import { RegexMistake } from "./regex.ts";
import { convertTo } from "../hcl/conversion.ts";
import { listOfStrings } from "./values.ts";

const PATH = { name: "path", wants: "string" } as const;

export const FILES: readonly HclFunction[] = [
  define("abspath", {
    parameters: [PATH],
    summary: "The path from the root, where the path given starts at the directory of the job file.",
    example: 'abspath("/etc/../opt/app")',
    call([path], at) {
      if (path.startsWith("/")) return cleaned(path);
      const directory = filesOf("abspath", at).directory;
      if (directory !== undefined) return cleaned(`${directory}/${path}`);
      throw wrong(at, 0, "abspath() cannot tell where the job file is", "Write a path that starts with /");
    },
  }),
  define("basename", {
    parameters: [PATH],
    summary: "The last part of a path.",
    example: 'basename("conf/app.ini")',
    call: ([path]) => baseOf(path),
  }),
  define("dirname", {
    parameters: [PATH],
    summary: "A path without its last part.",
    example: 'dirname("conf/app.ini")',
    call: ([path]) => directoryOf(path),
  }),
  define("file", {
    parameters: [PATH],
    summary: "What is in a file, which must be text in UTF-8.",
    example: 'file("motd.txt")',
    call: ([path], at) => utf8(bytesOf("file", path, at)) ?? refuseBytes(`The file ${path}`, at),
  }),
  define("filebase64", {
    parameters: [PATH],
    summary: "What is in a file, as Base64.",
    example: 'filebase64("motd.txt")',
    call: ([path], at) => Buffer.from(bytesOf("filebase64", path, at)).toString("base64"),
  }),
  define("fileexists", {
    parameters: [PATH],
    summary: "Is there such a file?",
    example: 'fileexists("motd.txt")',
    call: ([path], at) => filesOf("fileexists", at).exists(insidePath("fileexists", path, 0, at)),
  }),
  define("fileset", {
    parameters: [PATH, { name: "pattern", wants: "string" }],
    summary: "The files below a directory whose names match a pattern of `*`, `**`, `?`, `[a-z]` and `{a,b}`, sorted.",
    example: 'fileset(".", "*.txt")',
    call: ([path, pattern], at) => fileSet(path, pattern, at),
  }),
  define("pathexpand", {
    parameters: [PATH],
    summary: "The path itself; one that starts with ~ is refused, because an agent has no home directory.",
    example: 'pathexpand("conf/app.ini")',
    call([path], at) {
      refuseHome("pathexpand", path, at);
      return path;
    },
  }),
];

function filesOf(name: string, at: CallSite): JobFiles {
  if (at.files !== undefined) return at.files;
  throw wrong(
    at,
    -1,
    `${name}() has no files here`,
    "Only a job file that is read from a directory has files beside it",
  );
}

function refuseHome(name: string, path: string, at: CallSite): void {
  if (path.startsWith("~")) throw wrong(at, 0, `${name}() knows no home directory`, "Write the path without ~");
}

/** Relative to the directory of the job file. Throws SourceError when it is not in it. */
function insidePath(name: string, path: string, index: number, at: CallSite): string {
  refuseHome(name, path, at);
  const detail = "A job file can read the files in its own directory and below";
  const inside = path.startsWith("/") ? belowDirectory(cleaned(path), at.files?.directory) : cleaned(path);
  if (inside !== undefined && !/^\.\.(?:\/|$)/.test(inside) && !inside.includes("\0")) return inside;
  throw wrong(at, index, `${name}() cannot leave the directory of the job file`, detail);
}

function belowDirectory(path: string, directory: string | undefined): string | undefined {
  if (directory === undefined) return undefined;
  if (path === directory) return ".";
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : undefined;
}

function bytesOf(name: string, path: string, at: CallSite): Uint8Array {
  const found = filesOf(name, at).read(insidePath(name, path, 0, at));
  if ("error" in found) throw wrong(at, 0, `${name}() cannot read ${path}: ${found.error}`);
  at.budget.spend(found.bytes.length, at.range);
  return found.bytes;
}

function fileSet(path: string, pattern: string, at: CallSite) {
  const files = filesOf("fileset", at).list();
  const directory = insidePath("fileset", path, 0, at);
  const prefix = directory === "." ? "" : `${directory}/`;
  const whole = insidePath("fileset", `${prefix}${pattern.replace(/^\/+/, "")}`, 1, at);
  const matches = matcherOf(whole, at);
  const found = files.filter((file) => matches(file));
  const names = found.map((file) => relativeTo(directory, file));
  return convertTo(listOfStrings(names, at.range), { kind: "set", element: { kind: "string" } });
}

function matcherOf(pattern: string, at: CallSite): (path: string) => boolean {
  try {
    return globMatcher(pattern, (work) => at.budget.spend(work, at.range));
  } catch (error) {
    if (!(error instanceof RegexMistake)) throw error;
    throw wrong(at, 1, `The pattern of fileset() cannot be read: ${error.message}`);
  }
}

function relativeTo(directory: string, file: string): string {
  if (directory === ".") return file;
  if (file.startsWith(`${directory}/`)) return file.slice(directory.length + 1);
  return file;
}
