/** `remora plan`: what job files would change about what runs here, asked from the agent; nothing is changed by it. */
import { stat } from "node:fs/promises";
import { CommanderError } from "commander";
import type { Command } from "commander";
import { formatDiagnostic } from "../jobspec/format.ts";
import { parseJobFile } from "../jobspec/parse.ts";
import type { Plan, PlannedFile, PlanRequest } from "../model/plan.ts";
import type { JobFile } from "../ports/files.ts";
import { askAgent } from "./client.ts";
import { paintFor } from "./colours.ts";
import { controlSocket, loadOptions } from "./config.ts";
import { addOptionFlags } from "./flags.ts";
import { planText } from "./plan-text.ts";
import type { Context } from "./program.ts";
import { told, UserError } from "./user-error.ts";

/** 1 says "change", so what fails says something else (as `nomad job plan` does). */
const CODES = { same: 0, change: 1, error: 255 } as const;

export function addPlan(program: Command, context: Context): void {
  const command = program
    .command("plan")
    .description(
      "Show what a job file or a directory of them would change about what runs here, and what it would cost; without an argument, what the agent's own directory still changes. Ends with code 0 for no change, 1 for a change, 255 for an error or a job that is held.",
    )
    .argument("[path]", "a job file, or a directory in place of the agent's: jobs that are not in it stop")
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : new CommanderError(CODES.error, error.code, error.message);
    });
  addOptionFlags(command, ["stateDir"])
    .option("--json", "print the plan as JSON")
    .action((path: string | undefined, flags: Record<string, unknown>) => runPlan(context, path, flags));
}

async function runPlan(context: Context, path: string | undefined, flags: Record<string, unknown>): Promise<void> {
  const { io, end } = context;
  try {
    const socketPath = controlSocket(await loadOptions(["stateDir"], { flags, env: io.env }));
    const plan = await askPlan(socketPath, await requestOf(context, path));
    for (const line of plan.files.flatMap(({ diagnostics }) => diagnostics.map(formatDiagnostic)))
      io.stderr.write(`${line}\n`);
    io.stdout.write(flags["json"] === true ? `${JSON.stringify(plan, null, 2)}\n` : planText(plan, paintFor(io)));
    const isHeld = plan.jobs.some(({ action }) => action === "hold");
    end(isHeld ? CODES.error : plan.changes ? CODES.change : CODES.same);
  } catch (error) {
    io.stderr.write(`${told(error)}\n`);
    end(CODES.error);
  }
}

/** Warnings are printed at once; throws a UserError for files that cannot be used. */
async function requestOf({ actions, io }: Context, path: string | undefined): Promise<PlanRequest> {
  const { version } = actions;
  if (path === undefined) return { version, whole: true, sensitive: [] };
  const whole = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const read = (await actions.readJobFiles(path)).map(readOne);
  const problems = read.flatMap((each) => each.problems);
  const files = read.flatMap(({ file }) => file ?? []);
  if (files.length < read.length) throw new UserError(problems.join("\n"));
  for (const line of problems) io.stderr.write(`${line}\n`);
  return { version, files, whole, sensitive: [] };
}

function readOne({ path, hash, text, error }: JobFile): {
  readonly file?: PlannedFile;
  readonly problems: readonly string[];
} {
  if (text === undefined) return { problems: [`${path}: ${error ?? "cannot be read"}`] };
  const { job, ports = [], diagnostics } = parseJobFile(path, text);
  const problems = diagnostics.map(formatDiagnostic);
  return job === undefined ? { problems } : { file: { path, hash, job, ports, diagnostics }, problems };
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
