/** A job file from the standard input: `-` where a command wants a path. */
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ParseFile } from "./variables.ts";

export const STDIN = "-";
/** How diagnostics name it. */
export const STDIN_NAME = "<stdin>";
/** Its extension decides the format; HCL that starts with a brace is JSON. */
export const STDIN_PATH = "stdin.hcl";

/** The same parser, which reads what is called STDIN_NAME as HCL or JSON. */
export function withStdin(parse: ParseFile): ParseFile {
  return (path, text) => {
    if (path !== STDIN_NAME) return parse(path, text);
    const parsed = parse(STDIN_PATH, text);
    return { ...parsed, diagnostics: parsed.diagnostics.map((diagnostic) => named(diagnostic, STDIN_NAME)) };
  };
}

export function named(diagnostic: Diagnostic, file: string): Diagnostic {
  const { related } = diagnostic;
  return { ...diagnostic, file, ...(related === undefined ? {} : { related: { ...related, file } }) };
}
