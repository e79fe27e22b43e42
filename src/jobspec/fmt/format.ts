/** Formats HCL the canonical way: the same tokens and comments, with other spaces between them. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import { parseHcl } from "../hcl/parser.ts";
import { MAX_FILE_LENGTH } from "../parse.ts";
import { Problems } from "../problems.ts";
import { SourceText } from "../source.ts";
import type { Cell } from "./layout.ts";
import { layOut } from "./layout.ts";
import { linesOf } from "./lines.ts";
import { piecesOf } from "./pieces.ts";

export type Formatted =
  | { readonly ok: true; readonly text: string }
  /** The syntax is wrong, or the file is too large: it stays as it is. */
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

const WHOLE_FILE = { start: 0, end: 0 };

/** Never throws, whatever the text. `file` only names it in diagnostics. Formatting what is formatted changes nothing. */
export function formatHcl(file: string, text: string): Formatted {
  const problems = new Problems();
  const formatted = problems.upTo(() => formatText(text, problems));
  if (formatted !== undefined) return { ok: true, text: formatted };
  return { ok: false, diagnostics: problems.diagnostics(new SourceText(file, text)) };
}

function formatText(text: string, problems: Problems): string | undefined {
  if (text.length > MAX_FILE_LENGTH) {
    problems.add(WHOLE_FILE, "The file is larger than 1 MiB", "A job file holds a job, not its data");
    return undefined;
  }
  parseHcl(text, problems);
  if (problems.any) return undefined;
  const { pieces, tail } = piecesOf(text);
  const cells = layOut(linesOf(pieces));
  cells.push({ spaces: tail, text: "" });
  return join(cells, problems);
}

/** One long line can push a thousand others to the right: what could not be read again is not written. */
function join(cells: readonly Cell[], problems: Problems): string | undefined {
  const length = cells.reduce((sum, { spaces, text }) => sum + spaces + text.length, 0);
  if (length <= MAX_FILE_LENGTH) return cells.map(({ spaces, text }) => `${" ".repeat(spaces)}${text}`).join("");
  problems.add(WHOLE_FILE, "Formatted, the file would be larger than 1 MiB", "Divide its longest lines");
  return undefined;
}
