/** The program `remora`, built from what its commands do. */
import { Command, CommanderError } from "commander";
import type { GivenVariables } from "../jobspec/variables/given.ts";
import type { JobFiles } from "../model/job-files.ts";
import { addAgent } from "./agent.ts";
import type { AgentConfig } from "./config.ts";
import { addFmt } from "./fmt.ts";
import type { ReadHclFiles, RewriteFile } from "./fmt.ts";
import { addHealthcheck } from "./healthcheck.ts";
import type { Io } from "./io.ts";
import { addSchema } from "./job-schema.ts";
import { addJob } from "./job-stop.ts";
import { addParse } from "./parse.ts";
import { addPlan } from "./plan.ts";
import { addPurge } from "./purge.ts";
import { addRelay } from "./relay.ts";
import type { RelayConfig } from "./relay.ts";
import { addStatus } from "./status.ts";
import { told } from "./user-error.ts";
import { withDoubleDashes } from "./variables.ts";
import { addValidate } from "./validate.ts";
import type { ReadJobFiles } from "./validate.ts";

/** What the commands do; each returns the exit code, and throws a UserError for what the user has to solve. */
export interface Actions {
  readonly version: string;
  readonly runAgent: (config: AgentConfig, variables: GivenVariables, io: Io) => Promise<number>;
  readonly purge: (config: AgentConfig, io: Io) => Promise<number>;
  readonly runRelay: (config: RelayConfig, io: Io) => Promise<number>;
  readonly readJobFiles: ReadJobFiles;
  readonly readHclFiles: ReadHclFiles;
  readonly rewriteFile: RewriteFile;
  /** What a job file may read. */
  readonly filesBeside: (jobFile: string) => JobFiles;
}

/** What every command is built with. */
export interface Context {
  readonly actions: Actions;
  readonly io: Io;
  /** Sets the exit code; 0 if never called. */
  readonly end: (code: number) => void;
}

/** Runs one command. `argv` is without node and script. Never throws; returns the exit code. */
export async function runProgram(argv: readonly string[], actions: Actions, io: Io): Promise<number> {
  let code = 0;
  const program = buildProgram({ actions, io, end: (chosen) => (code = chosen) });
  try {
    await program.parseAsync(withDoubleDashes(argv), { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    io.stderr.write(`${told(error)}\n`);
    return 1;
  }
}

function buildProgram(context: Context): Command {
  const { io, actions } = context;
  const program = new Command("remora")
    .description("Keeps services on a Consul service mesh: Nomad job files in a directory, Docker, and a Consul agent.")
    .version(actions.version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });
  for (const add of [
    addAgent,
    addValidate,
    addFmt,
    addParse,
    addSchema,
    addPlan,
    addStatus,
    addJob,
    addPurge,
    addHealthcheck,
    addRelay,
  ])
    add(program, context);
  pointToHelp(program, "remora");
  return program;
}

/** After a mistake in the arguments of a command: its own help says more. */
function pointToHelp(command: Command, name: string): void {
  command.showHelpAfterError(`("${name} --help" says more)`);
  for (const inner of command.commands) pointToHelp(inner, `${name} ${inner.name()}`);
}
