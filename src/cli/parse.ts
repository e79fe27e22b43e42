/** `remora parse`: what is understood of a job file, with every default, as Nomad's API JSON. */
import type { Command } from "commander";
import { expanded } from "../jobspec/admission/expand.ts";
import { canonicalJob } from "../jobspec/canonical/job.ts";
import type { Json } from "../jobspec/canonical/print.ts";
import { formatDiagnostic } from "../jobspec/format.ts";
import { Redaction } from "../jobspec/redact.ts";
import type { Context } from "./program.ts";
import { named, STDIN, STDIN_NAME, STDIN_PATH } from "./stdin.ts";
import { UserError } from "./user-error.ts";
import { parserFor, variableFlags } from "./variables.ts";
import type { VariableFlags } from "./variables.ts";

interface Source {
  /** How diagnostics name it. */
  readonly name: string;
  /** Its extension decides the format; HCL that starts with a brace is JSON. */
  readonly path: string;
  readonly text: string;
}

interface ParseFlags extends VariableFlags {
  readonly expanded: boolean;
}

export function addParse(program: Command, context: Context): void {
  variableFlags(program.command("parse"))
    .description("Print a job as Nomad's API JSON, with all defaults. What is wrong or has no effect goes to stderr.")
    .argument("<file>", "a job file, or - for HCL or JSON from the standard input")
    .option("--expanded", "with what Remora adds: sidecars, ports, exposed paths, the environment of tasks", false)
    .action(async (path: string, flags: ParseFlags) => {
      const { io, end } = context;
      const source = await readSource(path, context);
      const parse = await parserFor(context, flags, true);
      const { job, checked, diagnostics, sensitive } = parse(source.path, source.text);
      for (const diagnostic of diagnostics) io.stderr.write(`${formatDiagnostic(named(diagnostic, source.name))}\n`);
      if (job === undefined || checked === undefined) return end(1);
      const all = flags.expanded ? expanded(checked, job) : checked;
      io.stdout.write(`${shown({ Job: canonicalJob(all) }, sensitive)}\n`);
    });
}

/** Without what came from sensitive variables. */
function shown(api: Json, sensitive: ReadonlySet<string>): string {
  const redaction = new Redaction(sensitive);
  const hidden = (_key: string, value: unknown): unknown => (typeof value === "string" ? redaction.hide(value) : value);
  return JSON.stringify(api, hidden, 4);
}

async function readSource(path: string, { actions, io }: Context): Promise<Source> {
  if (path === STDIN) return { name: STDIN_NAME, path: STDIN_PATH, text: await io.input() };
  const [file, ...others] = await actions.readJobFiles(path);
  if (file === undefined || others.length > 0 || file.path !== path) {
    throw new UserError(`${path} is a directory: name one of its files`);
  }
  if (file.text === undefined) throw new UserError(`${path}: ${file.error ?? "cannot be read"}`);
  return { name: path, path, text: file.text };
}
