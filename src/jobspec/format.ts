/** Prints a diagnostic the way compilers do: where, what, the line, a caret under the place, and what to do. */
import type { Diagnostic } from "../model/diagnostic.ts";
import { printable } from "../model/text.ts";

/** `file:line:column: summary`, then the line, a caret and the detail, each indented by two spaces and present if known. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, summary, snippet, detail } = diagnostic;
  const lines = [`${file}:${line}:${column}: ${printable(summary)}`];
  if (snippet !== undefined) lines.push(`  ${printable(snippet)}`, `  ${padding(snippet, column)}^`);
  if (detail !== undefined) lines.push(`  ${printable(detail)}`);
  return lines.join("\n");
}

/** A tab stays a tab, so that the caret stands under its character at any tab width. */
function padding(snippet: string, column: number): string {
  const before = Array.from(snippet).slice(0, column - 1);
  return before.map((character) => (character === "\t" ? "\t" : " ")).join("");
}
