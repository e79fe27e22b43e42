/** How far each line is indented: one step for each line above that opened brackets, however many of them. */
import { change } from "./brackets.ts";
import type { Line } from "./lines.ts";

const STEP = 2;

/** In spaces. A line that closes more than it opens stands where the line stood that opened. */
export function indentsOf(lines: readonly Line[]): number[] {
  const opened: number[] = [];
  return lines.map((line) => {
    if (line.lead[0] === undefined || line.lead[0].type === "newline") return 0;
    const open = changeOf(line);
    close(opened, -open);
    const indent = STEP * opened.length;
    if (open > 0) opened.push(open);
    return indent;
  });
}

/** As in HCL's own formatter, sequences of a heredoc that begins in the lead do not count. */
function changeOf({ lead, assign }: Line): number {
  const heredoc = lead.findIndex(({ type }) => type === "heredoc-open");
  return change(heredoc < 0 ? lead : lead.slice(0, heredoc)) + change(assign);
}

/** Takes so many brackets off the lines that opened them, the last one first. */
function close(opened: number[], count: number): void {
  for (let left = count; left > 0;) {
    const last = opened.pop();
    if (last === undefined) return;
    if (last > left) opened.push(last - left);
    left -= last;
  }
}
