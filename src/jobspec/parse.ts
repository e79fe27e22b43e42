/** Text of a job file → Job: HCL, YAML or JSON by the file's name, with every problem found rather than the first. */
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Job } from "../model/job.ts";
import type { StaticPort } from "../model/static-port.ts";
import { hashOf } from "../model/ids.ts";
import { admit } from "./admission/admit.ts";
import { readData } from "./data/read.ts";
import { RecordedFiles } from "./files.ts";
import { readHcl } from "./hcl/read.ts";
import type { ParseOptions, ReadOptions, Tree } from "./options.ts";
import { printerOf, Problems, snippetAt } from "./problems.ts";
import { Redaction } from "./redact.ts";
import { judgeBlocks } from "./rules/blocks/job.ts";
import { judgeJob } from "./rules/job.ts";
import { Judge } from "./rules/judge.ts";
import type { Checked } from "./schema/checked.ts";
import { checkFile, decodeJob } from "./schema/job.ts";
import { Places } from "./schema/places.ts";
import { SourceText } from "./source.ts";
import { placedPorts } from "./static-ports.ts";

/** Characters; far more than any job needs, and little enough that hostile text is refused quickly. */
export const MAX_FILE_LENGTH = 1024 * 1024;

export interface ParsedFile {
  /** Present iff no diagnostic is an error. */
  readonly job?: Job;
  /** Where the job is declared; there if it is. */
  readonly place?: Pick<Diagnostic, "line" | "column" | "snippet">;
  /** Of the job, if there is one. */
  readonly ports?: readonly StaticPort[];
  readonly diagnostics: readonly Diagnostic[];
  /** The job as the table of the job spec sees it, for `canonicalJob`; there if `job` is. */
  readonly checked?: Checked;
  /**
   * Texts that come from sensitive variables, whole or as a part of what was made of them. Whoever shows the job hides each of
   * its texts that is, or contains, one of these. The diagnostics show none of them.
   */
  readonly sensitive: ReadonlySet<string>;
  /**
   * Stands for all that the job was made of besides this text: values that its variables were given, files that it reads. Equal
   * text and equal inputs give the same job. Absent when there was nothing.
   */
  readonly inputs?: string;
  /** It looked at files beside it, which may change without it. */
  readonly readsFiles?: true;
}

/** Never throws, whatever the text. `file` decides the format by its extension and names the file in diagnostics. */
export function parseJobFile(file: string, text: string, options: ParseOptions = {}): ParsedFile {
  const files = options.files && new RecordedFiles(options.files);
  const sensitive = new Set<string>();
  try {
    return parse(file, text, { ...options, files, sensitive });
  } catch (error) {
    return { diagnostics: [defect(file, error)], sensitive, ...inputsOf(undefined, files) };
  }
}

interface Recorded extends Omit<ParseOptions, "files">, Pick<ReadOptions, "sensitive"> {
  readonly files: RecordedFiles | undefined;
}

function parse(file: string, text: string, options: Recorded): ParsedFile {
  const { files, sensitive } = options;
  const problems = new Problems();
  const places = new Places();
  const attempt = () => readTree(file, text, problems, options);
  const tree = text.length > MAX_FILE_LENGTH ? refuseLength(problems) : problems.upTo(attempt);
  const read = tree && problems.upTo(() => readJob(tree, problems, places));
  const printer = printerOf(new SourceText(file, text), new Redaction(sensitive));
  const diagnostics = problems.diagnostics(printer.source, printer.redaction);
  const result = { diagnostics, sensitive, ...inputsOf(tree, files) };
  if (read === undefined || problems.any) return result;
  const { job, checked } = read;
  const { start } = places.rangeOf(job);
  const place = { ...printer.source.positionAt(start), ...snippetAt(printer, start) };
  return { job: admit(job), place, ports: placedPorts(job, places, printer), checked, ...result };
}

/** What is thrown in spite of all care concerns this file alone. Its message stays out: it may show what is sensitive. */
function defect(file: string, error: unknown): Diagnostic {
  const name = error instanceof Error ? error.name : typeof error;
  const summary = "Remora cannot read this file";
  const detail = `That is a defect of Remora (${name}): please report it, with what the file holds`;
  return { severity: "error", file, line: 1, column: 1, summary, detail };
}

function inputsOf(tree: Tree | undefined, files: RecordedFiles | undefined): Pick<ParsedFile, "inputs" | "readsFiles"> {
  const given = tree?.given ?? [];
  const answers = files?.any === true ? files.answers : undefined;
  if (given.length === 0 && answers === undefined) return {};
  return { inputs: hashOf([given, answers], 64), ...(answers && { readsFiles: true }) };
}

function refuseLength(problems: Problems): undefined {
  problems.add({ start: 0, end: 0 }, "The file is larger than 1 MiB", "A job file holds a job, not its data");
}

interface ReadJob {
  readonly job: Job;
  readonly checked: Checked;
}

function readJob({ body }: Tree, problems: Problems, places: Places): ReadJob | undefined {
  const checked = checkFile(problems, body);
  if (checked === undefined) return undefined;
  const job = decodeJob({ problems, places }, checked);
  judgeJob(new Judge(problems, places), job);
  judgeBlocks(problems, checked);
  return { job, checked };
}

function readTree(file: string, text: string, problems: Problems, options: Recorded): Tree | undefined {
  const { variables: given = [], undeclared = "ignore", files, sensitive } = options;
  const format = formatOf(file, text);
  if (format === "hcl") return readHcl(text, problems, { given, undeclared, files, sensitive });
  if (format !== undefined) return readData(format, text, problems, { given, undeclared, files, sensitive });
  const detail = "Job files end in .hcl, .nomad, .yaml, .yml or .json";
  problems.add({ start: 0, end: 0 }, `"${file}" does not have the name of a job file`, detail);
  return undefined;
}

/** As in Nomad, HCL that starts with a brace is JSON. */
export function formatOf(file: string, text: string): "hcl" | "json" | "yaml" | undefined {
  const extension = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase();
  if (extension === "hcl" || extension === "nomad") return /^\s*\{/.test(text) ? "json" : "hcl";
  if (extension === "yaml" || extension === "yml") return "yaml";
  return extension === "json" ? "json" : undefined;
}
