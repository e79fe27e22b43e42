/** How far each line is indented: one step for each line above that opened brackets, however many of them. */
import { change } from "./brackets.ts";
import type { Line } from "./lines.ts";

const STEP = 2;

/** Is asked for every line of a file in turn. */
export class Indent {
  /** How many brackets are still open, for each line that opened some. */
  readonly #opened: number[] = [];

  /** In spaces. A line that closes more than it opens stands where the line stood that opened. */
  of(line: Line): number {
    if (line.lead[0] === undefined || line.lead[0].type === "newline") return 0;
    const open = changeOf(line);
    this.#close(-open);
    const indent = STEP * this.#opened.length;
    if (open > 0) this.#opened.push(open);
    return indent;
  }

  /** Takes so many brackets off the lines that opened them, the last one first. */
  #close(count: number): void {
    for (let left = count; left > 0;) {
      const last = this.#opened.pop();
      if (last === undefined) return;
      if (last > left) this.#opened.push(last - left);
      left -= last;
    }
  }
}

/** As in HCL's own formatter, sequences of a heredoc that begins in the lead do not count. */
function changeOf({ lead, assign }: Line): number {
  const heredoc = lead.findIndex(({ type }) => type === "heredoc-open");
  return change(heredoc < 0 ? lead : lead.slice(0, heredoc)) + change(assign);
}
