/** A unified diff of two texts of as many lines, which formatting keeps. */

const CONTEXT = 3;
const NO_LINE_END = "\n\\ No newline at end of file";

/** Empty if nothing differs. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  const changed = old.flatMap((line, at) => (line === now[at] ? [] : [at]));
  const hunks = groupsOf(changed, 2 * CONTEXT).map((lines) => hunkText(lines, old, now));
  return hunks.length === 0 ? "" : `--- ${path}\n+++ ${path}\n${hunks.join("")}`;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  return last === "" ? lines : [...lines, `${last}${NO_LINE_END}`];
}

/** Line numbers, divided where there is a larger gap. */
function groupsOf(lines: readonly number[], gap: number): number[][] {
  const groups: number[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last !== undefined && line - (last.at(-1) ?? 0) <= gap) last.push(line);
    else groups.push([line]);
  }
  return groups;
}

function hunkText(changed: readonly number[], old: readonly string[], now: readonly string[]): string {
  let at = Math.max(0, (changed[0] ?? 0) - CONTEXT);
  const end = Math.min(old.length, (changed.at(-1) ?? 0) + CONTEXT + 1);
  const place = `${at + 1},${end - at}`;
  const lines = [`@@ -${place} +${place} @@`];
  const signed = (sign: string, some: readonly string[]): number => lines.push(...some.map((line) => `${sign}${line}`));
  for (const group of groupsOf(changed, 1)) {
    const [first, behind] = [group[0] ?? 0, (group.at(-1) ?? 0) + 1];
    signed(" ", old.slice(at, first));
    signed("-", old.slice(first, behind));
    signed("+", now.slice(first, behind));
    at = behind;
  }
  signed(" ", old.slice(at, end));
  return `${lines.join("\n")}\n`;
}
