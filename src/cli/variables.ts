/** The flags and the environment that give job files' variables their values. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { formatDiagnostic } from "../jobspec/format.ts";
import { parseJobFile } from "../jobspec/parse.ts";
import type { ParsedFile } from "../jobspec/parse.ts";
import type { GivenVariable, GivenVariables } from "../jobspec/variables/given.ts";
import { parseVarFile } from "../jobspec/variables/var-file.ts";
import type { Context } from "./program.ts";
import { UserError } from "./user-error.ts";

/** As commander returns them. */
export interface VariableFlags {
  readonly var?: readonly string[];
  readonly varFile?: readonly string[];
}

/** Ours go before Nomad's. */
const PREFIXES = ["NOMAD_VAR_", "REMORA_VAR_"];
const SINGLE_DASH = /^-(?=var(?:-file)?(?:=|$))/;

/** Adds `--var` and `--var-file` to a command. */
export function variableFlags(command: Command): Command {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return command
    .option(
      "--var <name=value>",
      "Value of a variable of the job files; may be repeated. [env: REMORA_VAR_<name>]",
      collect,
    )
    .option("--var-file <file>", "File with values of variables, in HCL or (*.json) JSON; may be repeated.", collect);
}

/** Nomad spells these two with a single dash. */
export function withDoubleDashes(argv: readonly string[]): readonly string[] {
  return argv.map((argument) => argument.replace(SINGLE_DASH, "--"));
}

/** In order of precedence: environment, files, flags; later ones win. Throws a UserError that shows no value. */
export async function readVariables(
  { var: flags = [], varFile = [] }: VariableFlags,
  env: Readonly<Record<string, string | undefined>>,
): Promise<GivenVariables> {
  const files = await Promise.all(varFile.map(readVarFile));
  return [...PREFIXES.flatMap((prefix) => fromEnvironment(prefix, env)), ...files.flat(), ...flags.map(fromFlag)];
}

function fromEnvironment(prefix: string, env: Readonly<Record<string, string | undefined>>): GivenVariable[] {
  return Object.entries(env).flatMap(([key, value]): GivenVariable[] => {
    if (!key.startsWith(prefix) || key === prefix || value === undefined) return [];
    return [{ name: key.slice(prefix.length), where: key, from: "environment", value }];
  });
}

async function readVarFile(file: string): Promise<readonly GivenVariable[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new UserError(`The var file cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const { variables, diagnostics } = parseVarFile(file, text);
  if (diagnostics.length > 0) throw new UserError(diagnostics.map(formatDiagnostic).join("\n"));
  return variables;
}

function fromFlag(text: string): GivenVariable {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UserError("--var needs NAME=VALUE");
  return { name, where: "--var", from: "flag", value };
}

export type ParseFile = (path: string, text: string) => ParsedFile;

/**
 * How a command parses job files: with the values that its flags and the environment give, and the files beside each of them.
 * `alone`: it reads one file and no directory, so that a value for a variable which the file does not declare is a mistake.
 */
export async function parserFor(
  { actions, io }: Pick<Context, "actions" | "io">,
  flags: VariableFlags,
  alone: boolean,
): Promise<ParseFile> {
  const variables = await readVariables(flags, io.env);
  const undeclared = alone ? "error" : "ignore";
  return (path, text) => parseJobFile(path, text, { variables, undeclared, files: actions.filesBeside(path) });
}
