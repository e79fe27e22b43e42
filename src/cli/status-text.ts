/** The status as a page for a terminal: a table of allocations, then what is wrong. */
import Table from "cli-table3";
import { formatDiagnostic } from "../jobspec/format.ts";
import type { AgentStatus, AllocStatus, FileStatus, GroupStatus, JobStatus, ServiceStatus } from "../model/status.ts";
import { printable } from "../model/text.ts";

const HEAD = ["JOB", "GROUP", "ALLOC", "STATE", "SERVICES", "REASON"];

/** Columns of two spaces apart, without lines, so that the output can be cut and searched. */
const SIDES = ["top", "bottom", "left", "right", "mid"];
const CORNERS = ["top-mid", "top-left", "top-right", "bottom-mid", "bottom-left", "bottom-right"];
const CROSSINGS = ["left-mid", "mid-mid", "right-mid"];
const BARE = {
  ...Object.fromEntries([...SIDES, ...CORNERS, ...CROSSINGS].map((line) => [line, ""])),
  middle: "  ",
};

export function statusText(status: AgentStatus): string {
  const failing = status.conditions.filter(({ ok }) => !ok);
  const parts = [
    `Remora ${status.version}, instance ${status.instance} on ${status.node}`,
    status.jobs.length === 0 ? "No jobs." : table(status.jobs.flatMap(rowsOf)),
    section("Jobs that do not follow their file:", status.jobs.flatMap(notFollowed)),
    section(
      "Last errors:",
      status.jobs.flatMap(({ groups }) => groups.flatMap(lastError)),
    ),
    section(
      "Conditions that do not hold:",
      failing.map(({ name, message }) => `${name}: ${message}`),
    ),
    section(
      "Worth knowing:",
      status.conditions.filter(({ note }) => note).map(({ name, message }) => `${name}: ${message}`),
    ),
    section("Problems in job files:", status.files.flatMap(fileProblems)),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function table(rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    head: HEAD,
    chars: BARE,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  drawn.push(...rows.map((row) => row.map(printable)));
  return drawn
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function rowsOf(job: JobStatus): readonly (readonly string[])[] {
  if (job.groups.length === 0) return [[job.id, "-", "-", job.state, "-", job.held ?? ""]];
  return job.groups.flatMap((group) => {
    if (group.allocs.length > 0) return group.allocs.map((alloc) => allocRow(group, alloc));
    return [[job.id, group.group, "-", group.state, "-", group.reason]];
  });
}

function allocRow({ job, group }: GroupStatus, alloc: AllocStatus): readonly string[] {
  const services = alloc.services.map(serviceText).join(", ");
  return [job, group, alloc.id.slice(0, 8), alloc.state, services === "" ? "-" : services, alloc.reason];
}

function serviceText({ name, phase, address }: ServiceStatus): string {
  return address === undefined ? `${name} ${phase}` : `${name} ${phase} ${address}`;
}

function notFollowed({ id, held, stale, file }: JobStatus): readonly string[] {
  if (held !== undefined) return [`${id}: ${held}`];
  return stale ? [`${id}: runs as an earlier version of ${file ?? "its file"} says`] : [];
}

function lastError({ job, group, lastError: error }: GroupStatus): readonly string[] {
  return error === undefined ? [] : [`${job}/${group}: ${error.message} (${new Date(error.at).toISOString()})`];
}

function fileProblems({ path, ok, diagnostics }: FileStatus): readonly string[] {
  if (!ok && diagnostics.length === 0) return [`${path}: cannot be used`];
  return diagnostics.map(formatDiagnostic);
}

function section(title: string, lines: readonly string[]): string {
  const indented = lines.flatMap((entry) => entry.split("\n")).map((line) => `  ${printable(line)}`);
  return lines.length === 0 ? "" : [title, ...indented].join("\n");
}
