/** `remora plan`: what job files would change about what runs here, asked from the agent; nothing is changed by it. */
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { CommanderError } from "commander";
import type { Command } from "commander";
import { formatDiagnostic } from "../jobspec/format.ts";
import type { Plan, PlannedFile, PlanRequest } from "../model/plan.ts";
import type { JobFile } from "../ports/files.ts";
import { askAgent } from "./client.ts";
import { paintFor } from "./colours.ts";
import { controlSocket, loadOptions } from "./config.ts";
import { addOptionFlags } from "./flags.ts";
import { planText } from "./plan-text.ts";
import type { Context } from "./program.ts";
import { STDIN, stdinPath } from "./stdin.ts";
import { told, UserError } from "./user-error.ts";
import { type ParseFile, parserFor, type VariableFlags, variableFlags } from "./variables.ts";

interface Flags extends VariableFlags {
  readonly json?: true;
}

/** 1 says "change", so what fails says something else (as `nomad job plan` does). */
const CODES = { same: 0, change: 1, error: 255 } as const;

export function addPlan(program: Command, context: Context): void {
  const command = program
    .command("plan")
    .description(
      "Show what a job file or a directory of them would change about what runs here, and what it would cost; without an argument, what the agent's own directory still changes. Ends with code 0 for no change, 1 for a change, 255 for an error or a job that is held.",
    )
    .argument(
      "[path]",
      "a job file, - for one in the standard input, or a directory in place of the agent's: jobs that are not in it stop",
    )
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : new CommanderError(CODES.error, error.code, error.message);
    });
  variableFlags(addOptionFlags(command, ["stateDir"]))
    .option("--json", "print the plan as JSON")
    .action((path: string | undefined, flags: Flags & Record<string, unknown>) => runPlan(context, path, flags));
}

async function runPlan(
  context: Context,
  path: string | undefined,
  flags: Flags & Record<string, unknown>,
): Promise<void> {
  const { io, end } = context;
  try {
    const socketPath = controlSocket(await loadOptions(["stateDir"], { flags, env: io.env }));
    const plan = await askPlan(socketPath, await requestOf(context, path, flags));
    for (const line of plan.files.flatMap(({ diagnostics }) => diagnostics.map(formatDiagnostic)))
      io.stderr.write(`${line}\n`);
    io.stdout.write(flags.json === true ? `${JSON.stringify(plan, null, 2)}\n` : planText(plan, paintFor(io)));
    const isHeld = plan.jobs.some(({ action }) => action === "hold");
    end(isHeld ? CODES.error : plan.changes ? CODES.change : CODES.same);
  } catch (error) {
    io.stderr.write(`${told(error)}\n`);
    end(CODES.error);
  }
}

/** Warnings are printed at once; throws a UserError for files that cannot be used. */
async function requestOf(context: Context, path: string | undefined, flags: VariableFlags): Promise<PlanRequest> {
  const { actions, io } = context;
  const { version } = actions;
  if (path === undefined) return { version, whole: true, sensitive: [] };
  const whole = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const parse = await parserFor(context, flags, !whole);
  const found = path === STDIN ? [await readInput(context)] : await actions.readJobFiles(path);
  const read = found.map((file) => readOne(file, parse));
  const problems = read.flatMap((each) => each.problems);
  const files = read.flatMap(({ file }) => file ?? []);
  if (files.length < read.length) throw new UserError(problems.join("\n"));
  for (const line of problems) io.stderr.write(`${line}\n`);
  return { version, files, whole, sensitive: [...new Set(read.flatMap(({ sensitive }) => sensitive))] };
}

async function readInput({ io }: Context): Promise<JobFile> {
  const text = await io.input();
  return { path: stdinPath(text), hash: createHash("sha256").update(text).digest("hex"), text };
}

interface Read {
  readonly file?: PlannedFile;
  readonly problems: readonly string[];
  readonly sensitive: readonly string[];
}

function readOne({ path, hash, text, error }: JobFile, parse: ParseFile): Read {
  if (text === undefined) return { problems: [`${path}: ${error ?? "cannot be read"}`], sensitive: [] };
  const { job, ports = [], inputs, diagnostics, sensitive } = parse(path, text);
  const read = { problems: diagnostics.map(formatDiagnostic), sensitive: [...sensitive] };
  if (job === undefined) return read;
  return { ...read, file: { path, hash, job, ports, diagnostics, ...(inputs === undefined ? {} : { inputs }) } };
}

async function askPlan(socketPath: string, request: PlanRequest): Promise<Plan> {
  const { status, body } = await askAgent({ socketPath }, "POST", "/v1/plan", request);
  const read = parse(body);
  if (status === 200 && Array.isArray(read?.jobs)) return read as Plan;
  throw new UserError(read?.error ?? "The agent's answer cannot be understood: is it of this version?");
}

function parse(body: string): (Partial<Plan> & { readonly error?: string }) | undefined {
  try {
    return JSON.parse(body) as Partial<Plan> & { readonly error?: string };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
