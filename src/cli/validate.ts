/** `remora validate`: checks job files the way the agent would, without one. */
import type { Command } from "commander";
import { formatDiagnostic } from "../jobspec/format.ts";
import type { Diagnostic, RelatedPlace } from "../model/diagnostic.ts";
import type { JobFile } from "../ports/files.ts";
import { clashesAmong, type Declared } from "./port-clashes.ts";
import type { Context } from "./program.ts";
import { STDIN, STDIN_NAME, withStdin } from "./stdin.ts";
import { parserFor, variableFlags } from "./variables.ts";
import type { ParseFile, VariableFlags } from "./variables.ts";

/** Reads a file, or the job files of a directory; paths as the user would write them. Throws a sentence. */
export type ReadJobFiles = (path: string) => Promise<readonly JobFile[]>;

export function addValidate(program: Command, context: Context): void {
  const { io, end } = context;
  variableFlags(program.command("validate"))
    .description("Check job files. Says what is wrong where, and ends with code 1 if any file cannot be used.")
    .argument("<path...>", "files, directories as the agent would watch them, or - for the standard input")
    .option("--json", "print all that is found as a JSON list of diagnostics", false)
    .action(async (paths: readonly string[], flags: VariableFlags & { readonly json: boolean }) => {
      const listings = await Promise.all(paths.map((path) => filesAt(path, context)));
      const parse = withStdin(await parserFor(context, flags, isOneFile(paths, listings.flat())));
      const verdicts = listings.map((files) => judge(files, parse));
      const problems = verdicts.flatMap((verdict) => verdict.problems);
      const count = new Set(listings.flat().map(({ path }) => path)).size;
      const bad = new Set(verdicts.flatMap((verdict) => [...verdict.bad]));
      if (flags.json) io.stdout.write(`${JSON.stringify(problems, undefined, 2)}\n`);
      else for (const problem of problems) io.stderr.write(`${told(problem)}\n`);
      if (!flags.json) io.stdout.write(`${summary(count, bad.size)}\n`);
      end(bad.size === 0 && count > 0 ? 0 : 1);
    });
}

async function filesAt(path: string, { actions, io }: Context): Promise<readonly JobFile[]> {
  return path === STDIN ? [{ path: STDIN_NAME, hash: "", text: await io.input() }] : actions.readJobFiles(path);
}

/** Files of a directory share one set of values, which not each of them needs. */
function isOneFile(paths: readonly string[], files: readonly JobFile[]): boolean {
  return paths.length === 1 && files.length === 1 && [paths[0], STDIN_NAME].includes(files[0]?.path);
}

interface Verdict {
  readonly problems: readonly Diagnostic[];
  /** Paths of the files that cannot be used. */
  readonly bad: ReadonlySet<string>;
}

/** The files of one argument, as an agent that watches it would see them. */
function judge(files: readonly JobFile[], parse: ParseFile): Verdict {
  const problems: Diagnostic[] = [];
  const bad = new Set<string>();
  const declaredIn = new Map<string, RelatedPlace>();
  const good: Declared[] = [];
  for (const { path, text, error } of files) {
    if (text === undefined) {
      problems.push(ofFile(path, error ?? "cannot be read"));
      bad.add(path);
      continue;
    }
    const { job, place, ports, diagnostics } = parse(path, text);
    problems.push(...diagnostics);
    if (job === undefined || place === undefined) {
      bad.add(path);
      continue;
    }
    const here = { file: path, ...place };
    const other = declaredIn.get(job.id);
    if (other !== undefined) {
      problems.push(declaredTwice(job.id, here, other));
      bad.add(path).add(other.file);
    }
    declaredIn.set(job.id, { ...here, summary: "The other one is here" });
    good.push({ path, job, ports });
  }
  for (const clash of clashesAmong(good.filter(({ path }) => !bad.has(path)))) {
    problems.push(clash);
    bad.add(clash.file);
  }
  return { problems, bad };
}

function declaredTwice(id: string, here: Omit<RelatedPlace, "summary">, other: RelatedPlace): Diagnostic {
  const summary = `The job "${id}" is declared in ${other.file} too; the agent would follow neither`;
  return { severity: "error", ...here, summary, detail: "Give one of them another name, or remove it", related: other };
}

/** Of a file as a whole: it stands at line 0. */
function ofFile(file: string, summary: string): Diagnostic {
  return { severity: "error", file, line: 0, column: 0, summary };
}

function told(problem: Diagnostic): string {
  return problem.line === 0 ? `${problem.file}: ${problem.summary}` : formatDiagnostic(problem);
}

function summary(count: number, bad: number): string {
  if (count === 0) return "There are no job files there";
  const checked = `${count} ${count === 1 ? "file" : "files"} checked`;
  return bad === 0 ? `${checked}: all can be used` : `${checked}: ${bad} cannot be used`;
}
