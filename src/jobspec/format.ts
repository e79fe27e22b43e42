/** Prints a diagnostic the way compilers do: where, what, the line, a caret under the place, and what to do. */
import type { Diagnostic } from "../model/diagnostic.ts";
import { printable } from "../model/text.ts";

/**
 * `file:line:column: summary` ("warning: " before the summary of one), then the line, a caret and the detail, each indented by
 * two spaces and present if known; the other place the same way after it.
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { severity, summary, detail, related } = diagnostic;
  const lines = placeLines(diagnostic, severity === "warning" ? `warning: ${summary}` : summary);
  if (detail !== undefined) lines.push(`  ${printable(detail)}`);
  if (related !== undefined) lines.push(...placeLines(related, related.summary).map((line) => `  ${line}`));
  return lines.join("\n");
}

type Place = Pick<Diagnostic, "file" | "line" | "column" | "snippet">;

function placeLines({ file, line, column, snippet }: Place, sentence: string): string[] {
  const head = `${file}:${line}:${column}: ${printable(sentence)}`;
  return snippet === undefined ? [head] : [head, `  ${printable(snippet)}`, `  ${padding(snippet, column)}^`];
}

/** A tab stays a tab, so that the caret stands under its character at any tab width. */
function padding(snippet: string, column: number): string {
  const before = Array.from(snippet).slice(0, column - 1);
  return before.map((character) => (character === "\t" ? "\t" : " ")).join("");
}
