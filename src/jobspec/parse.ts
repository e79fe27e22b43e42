/** Text of a job file → Job: HCL, YAML or JSON by the file's name, with every problem found rather than the first. */
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Job } from "../model/job.ts";
import type { StaticPort } from "../model/static-port.ts";
import { admit } from "./admission/admit.ts";
import { readData } from "./data/read.ts";
import { readHcl } from "./hcl/read.ts";
import { Problems } from "./problems.ts";
import { judgeJob } from "./rules/job.ts";
import { Judge } from "./rules/judge.ts";
import type { Checked } from "./schema/checked.ts";
import { checkFile, decodeJob } from "./schema/job.ts";
import { Places } from "./schema/places.ts";
import { SourceText } from "./source.ts";
import { placedPorts } from "./static-ports.ts";
import type { Body } from "./tree.ts";

/** Characters; far more than any job needs, and little enough that hostile text is refused quickly. */
export const MAX_FILE_LENGTH = 1024 * 1024;

export interface ParsedFile {
  /** Present iff no diagnostic is an error. */
  readonly job?: Job;
  /** Of the job, if there is one. */
  readonly ports?: readonly StaticPort[];
  readonly diagnostics: readonly Diagnostic[];
  /** The job as the table of the job spec sees it, for `canonicalJob`; there if `job` is. */
  readonly checked?: Checked;
}

/** Never throws, whatever the text. `file` decides the format by its extension and names the file in diagnostics. */
export function parseJobFile(file: string, text: string): ParsedFile {
  const problems = new Problems();
  const places = new Places();
  const attempt = () => readJob(file, text, problems, places);
  const read = text.length > MAX_FILE_LENGTH ? refuseLength(problems) : problems.upTo(attempt);
  const source = new SourceText(file, text);
  const diagnostics = problems.diagnostics(source);
  if (read === undefined || problems.any) return { diagnostics };
  return { job: admit(read.job), ports: placedPorts(read.job, places, source), diagnostics, checked: read.checked };
}

function refuseLength(problems: Problems): undefined {
  problems.add({ start: 0, end: 0 }, "The file is larger than 1 MiB", "A job file holds a job, not its data");
}

interface ReadJob {
  readonly job: Job;
  readonly checked: Checked;
}

function readJob(file: string, text: string, problems: Problems, places: Places): ReadJob | undefined {
  const body = readBody(file, text, problems);
  const checked = body && checkFile(problems, body);
  if (checked === undefined) return undefined;
  const job = decodeJob({ problems, places }, checked);
  judgeJob(new Judge(problems, places), job);
  return { job, checked };
}

function readBody(file: string, text: string, problems: Problems): Body | undefined {
  const format = formatOf(file, text);
  if (format === "hcl") return readHcl(text, problems);
  if (format !== undefined) return readData(format, text, problems);
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
