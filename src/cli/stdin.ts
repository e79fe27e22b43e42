/** A job file from the standard input: `-` where a command wants a path. */
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ParseFile } from "./variables.ts";

export const STDIN = "-";
/** How diagnostics name it. */
export const STDIN_NAME = "<stdin>";
/** YAML's first line that says something is a key; no line of HCL looks like that. */
const YAML_START = /^(?:\s*(?:#.*)?\n)*(?:---|["']?[\w-]+["']?\s*:(?:\s|$))/;

/** What a file with this text would be called: its extension decides the format, and HCL that starts with a brace is JSON. */
export function stdinPath(text: string): string {
  return YAML_START.test(text) ? "stdin.yaml" : "stdin.hcl";
}

/** The same parser, which tells the format of what is called STDIN_NAME by its text. */
export function withStdin(parse: ParseFile): ParseFile {
  return (path, text) => {
    if (path !== STDIN_NAME) return parse(path, text);
    const parsed = parse(stdinPath(text), text);
    return { ...parsed, diagnostics: parsed.diagnostics.map((diagnostic) => named(diagnostic, STDIN_NAME)) };
  };
}

export function named(diagnostic: Diagnostic, file: string): Diagnostic {
  const { related } = diagnostic;
  return { ...diagnostic, file, ...(related === undefined ? {} : { related: { ...related, file } }) };
}
