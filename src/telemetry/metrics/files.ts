/** Metrics of the job files: one series for every error, naming its place. */
import { Gauge } from "prom-client";
import type { Registry } from "prom-client";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Observer } from "../../ports/observer.ts";

/** A file of nothing but errors must not become thousands of series. */
const MOST_PER_FILE = 20;

export function fileMetrics(registry: Registry): Observer {
  const errors = new Gauge({
    name: "remora_job_file_errors",
    help: "Errors in job files by place; the last good version of such a job keeps running.",
    labelNames: ["file", "line", "column"],
    registers: [registry],
  });
  const shown = new Map<string, readonly Diagnostic[]>();

  const replace = (path: string, diagnostics: readonly Diagnostic[]): void => {
    for (const before of shown.get(path) ?? []) errors.remove(placeOf(path, before));
    const now = diagnostics.filter(({ severity }) => severity === "error").slice(0, MOST_PER_FILE);
    for (const error of now) errors.inc(placeOf(path, error));
    if (now.length === 0) shown.delete(path);
    else shown.set(path, now);
  };

  return (event) => {
    if (event.kind === "file-bad") replace(event.path, event.diagnostics);
    if (event.kind === "file-good" || event.kind === "file-gone") replace(event.path, []);
  };
}

function placeOf(path: string, { line, column }: Diagnostic): Readonly<Record<"file" | "line" | "column", string>> {
  return { file: path, line: String(line), column: String(column) };
}
