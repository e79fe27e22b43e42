/** `remora fmt`: formats HCL files the canonical way, in place. */
import type { Command } from "commander";
import { formatHcl } from "../jobspec/fmt/format.ts";
import { formatDiagnostic } from "../jobspec/format.ts";
import { formatOf } from "../jobspec/parse.ts";
import { printable } from "../model/text.ts";
import type { JobFile } from "../ports/files.ts";
import { unifiedDiff } from "./diff.ts";
import type { Io } from "./io.ts";
import type { Context } from "./program.ts";
import { STDIN, STDIN_NAME, stdinPath } from "./stdin.ts";
import { UserError } from "./user-error.ts";

/** Reads a file, or the HCL files of a directory; paths as the user would write them. */
export type ReadHclFiles = (path: string, recursive: boolean) => Promise<readonly JobFile[]>;
/** Replaces the text of a file at once. Resolves with the reason if that cannot be done. */
export type RewriteFile = (path: string, text: string) => Promise<string | undefined>;

interface Flags {
  readonly check?: true;
  readonly diff?: true;
  readonly recursive?: true;
}

const NOT_HCL = "only HCL is formatted, in files that end in .nomad or .hcl";

export function addFmt(program: Command, context: Context): void {
  program
    .command("fmt")
    .description("Format HCL files in place, as nomad fmt does, and print the names of those that were not formatted.")
    .argument("[path...]", "files, directories (their *.nomad and *.hcl files), or - for the standard input", ["."])
    .option("--check", "write nothing, and end with code 1 if a file is not formatted")
    .option("--diff", "print what changes as well")
    .option("-r, --recursive", "the directories in a directory too")
    .action(async (paths: readonly string[], flags: Flags) => {
      const good = await (paths.includes(STDIN) ? formatInput : formatPaths)(paths, flags, context);
      context.end(good ? 0 : 1);
    });
}

/** Goes on after a file that cannot be formatted. Returns whether all is well. */
async function formatPaths(paths: readonly string[], flags: Flags, context: Context): Promise<boolean> {
  const verdicts = new Map<string, boolean>();
  for (const path of paths)
    for (const file of await context.actions.readHclFiles(path, flags.recursive === true))
      if (!verdicts.has(file.path)) verdicts.set(file.path, await formatFile(file, file.path === path, flags, context));
  return [...verdicts.values()].every(Boolean);
}

/** `named`: the user gave the file itself, and is told why it is left alone. */
async function formatFile(
  { path, text, error }: JobFile,
  named: boolean,
  flags: Flags,
  { actions, io }: Context,
): Promise<boolean> {
  if (text === undefined) return fail(io, `${path}: ${error ?? "cannot be read"}`);
  if (formatOf(path, text) !== "hcl") {
    if (named) io.stderr.write(`${path}: left as it is: ${NOT_HCL}\n`);
    return true;
  }
  const formatted = tryFormat(path, text, io);
  if (formatted === undefined || formatted === text) return formatted !== undefined;
  io.stdout.write(`${path}\n`);
  showDiff(path, text, formatted, flags, io);
  if (flags.check === true) return false;
  const reason = await actions.rewriteFile(path, formatted);
  return reason === undefined ? true : fail(io, `${path}: cannot be written: ${reason}`);
}

async function formatInput(paths: readonly string[], flags: Flags, { io }: Context): Promise<boolean> {
  if (paths.length > 1) throw new UserError('"-" stands for the standard input: it goes with no other path');
  const text = await io.input();
  const format = formatOf(stdinPath(text), text);
  if (format !== "hcl") return fail(io, `${STDIN_NAME}: only HCL is formatted, and this is ${format?.toUpperCase()}`);
  const formatted = tryFormat(STDIN_NAME, text, io);
  if (formatted === undefined) return false;
  showDiff(STDIN_NAME, text, formatted, flags, io);
  if (flags.check === undefined && flags.diff === undefined) io.stdout.write(formatted);
  return flags.check === undefined || formatted === text;
}

function tryFormat(name: string, text: string, io: Io): string | undefined {
  const result = formatHcl(name, text);
  if (result.ok) return result.text;
  for (const diagnostic of result.diagnostics) io.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
  return undefined;
}

function showDiff(name: string, before: string, after: string, { diff }: Flags, { stdout }: Io): void {
  if (diff !== true) return;
  const text = unifiedDiff(name, before, after);
  // A file's own control characters are for pipes, not for a person's terminal.
  stdout.write(stdout.terminal ? text.split("\n").map(printable).join("\n") : text);
}

function fail(io: Io, sentence: string): false {
  io.stderr.write(`${sentence}\n`);
  return false;
}
