/** `remora parse`: what is understood of a job file, with every default, as Nomad's API JSON. */
import type { Command } from "commander";
import { expanded } from "../jobspec/admission/expand.ts";
import { canonicalJob } from "../jobspec/canonical/job.ts";
import { hideSensitive } from "../jobspec/canonical/hide.ts";
import { formatDiagnostic } from "../jobspec/format.ts";
import { Redaction } from "../jobspec/redact.ts";
import type { Context } from "./program.ts";
import { named, STDIN, STDIN_NAME, stdinPath } from "./stdin.ts";
import { UserError } from "./user-error.ts";
import { parserFor, variableFlags } from "./variables.ts";
import type { VariableFlags } from "./variables.ts";

const INCOMPLETE =
  "What came from sensitive variables is printed as (sensitive): do not run this as a job. With --show-sensitive all of it is printed";

interface Source {
  /** How diagnostics name it. */
  readonly name: string;
  /** Its extension decides the format; HCL that starts with a brace is JSON. */
  readonly path: string;
  readonly text: string;
}

interface ParseFlags extends VariableFlags {
  readonly expanded: boolean;
  readonly showSensitive: boolean;
}

export function addParse(program: Command, context: Context): void {
  variableFlags(program.command("parse"))
    .description("Print a job as Nomad's API JSON, with all defaults. What is wrong or has no effect goes to stderr.")
    .argument("<file>", "a job file, or - for the standard input")
    .option("--expanded", "with what Remora adds: sidecars, ports, exposed paths, the environment of tasks", false)
    .option("--show-sensitive", "with what came from sensitive variables, which is hidden otherwise", false)
    .action(async (path: string, flags: ParseFlags) => {
      const { io, end } = context;
      const source = await readSource(path, context);
      const parse = await parserFor(context, flags, true);
      const { job, checked, diagnostics, sensitive } = parse(source.path, source.text);
      for (const diagnostic of diagnostics) io.stderr.write(`${formatDiagnostic(named(diagnostic, source.name))}\n`);
      if (job === undefined || checked === undefined) return end(1);
      const all = flags.expanded ? expanded(checked, job) : checked;
      const api = { Job: canonicalJob(all) };
      const whole = JSON.stringify(api, undefined, 4);
      const shown = flags.showSensitive
        ? whole
        : JSON.stringify(hideSensitive(api, new Redaction(sensitive)), undefined, 4);
      if (shown !== whole) io.stderr.write(`${INCOMPLETE}\n`);
      io.stdout.write(`${shown}\n`);
    });
}

async function readSource(path: string, { actions, io }: Context): Promise<Source> {
  if (path === STDIN) {
    const text = await io.input();
    return { name: STDIN_NAME, path: stdinPath(text), text };
  }
  const [file, ...others] = await actions.readJobFiles(path);
  if (file === undefined || others.length > 0 || file.path !== path) {
    throw new UserError(`${path} is a directory: name one of its files`);
  }
  if (file.text === undefined) throw new UserError(`${path}: ${file.error ?? "cannot be read"}`);
  return { name: path, path, text: file.text };
}
