/** Reads comma-separated values (RFC 4180). */

/** A field and what ends it. A quote inside quotes is written twice. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/y;

/** Empty lines are left out. A text: why it cannot be read. */
export function csvRecords(text: string): readonly (readonly string[])[] | string {
  const source = text.replaceAll("\r\n", "\n").replace(/\r$/, "");
  const records: string[][] = [];
  let record: string[] = [];
  let start = 0;
  while (start < source.length || record.length > 0) {
    if (record.length === 0 && source[start] === "\n") {
      start++;
      continue;
    }
    FIELD.lastIndex = start;
    const [all, quoted, plain, end] = FIELD.exec(source) ?? [];
    if (all === undefined) return mistakeAt(source, start);
    record.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    start += all.length;
    if (end === ",") continue;
    records.push(record);
    record = [];
  }
  return records;
}

function mistakeAt(source: string, start: number): string {
  const line = source.slice(0, start).split("\n").length;
  if (source[start] !== '"') return `line ${line} has a quotation mark inside a field that does not start with one`;
  return `a field of line ${line} starts with a quotation mark and does not end with one`;
}
