/** What the text inside quotes and heredocs stands for, once its escapes are undone. */
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Cursor } from "./cursor.ts";

const QUOTED_ESCAPE = /\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])|\$\$\{|%%\{/gu;
const SIMPLE: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };
const MAX_CODE_POINT = 0x10ffff;

/** Text of a quoted string. Throws SourceError at an escape that does not exist. */
export function unescapeQuoted(cursor: Cursor, token: Range): string {
  const raw = cursor.textOf(token);
  return raw.replace(QUOTED_ESCAPE, (escape: string, offset: number) => {
    if (escape.startsWith("\\")) return characterOf(escape, token.start + offset);
    return escape.slice(1);
  });
}

/** Text of a heredoc or a bare template, where a backslash is only a backslash. */
export function unescapePlain(text: string): string {
  return text.replace(/\$\$\{|%%\{/g, (escape) => escape.slice(1));
}

function characterOf(escape: string, start: number): string {
  const selector = escape[1] ?? "";
  const simple = escape.length === 2 ? SIMPLE[selector] : undefined;
  if (simple !== undefined) return simple;
  const range = { start, end: start + escape.length };
  if (escape.length < 6) {
    throw new SourceError(
      range,
      `There is no escape ${escape}`,
      'Known are \\n \\r \\t \\" \\\\ \\uNNNN and \\UNNNNNNNN',
    );
  }
  const code = Number.parseInt(escape.slice(2), 16);
  if (code > MAX_CODE_POINT || (code >= 0xd800 && code <= 0xdfff)) {
    throw new SourceError(range, `${escape} is not a Unicode character`);
  }
  return String.fromCodePoint(code);
}
