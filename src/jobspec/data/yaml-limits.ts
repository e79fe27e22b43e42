/** Refuses YAML that is too deep or too intricate before the YAML library, which recurses and takes its time, sees it. */
import { CST, Lexer } from "yaml";
import { MAX_DEPTH, tooDeep, tooManyParts } from "../budget.ts";
import { SourceError } from "../problems.ts";
import { isMark } from "./yaml-errors.ts";

/** Names, values, signs, spaces and line ends; a job file of thousands of lines has some ten thousand. */
const MAX_LEXEMES = 100_000;

/** Brackets that close nothing. The library keeps an error, with all that belongs to one, for each. */
const MAX_STRAYS = 100;

/** Throws SourceError at the place where it is too much. */
export function refuseHostileYaml(text: string): void {
  const gauge = new DepthGauge();
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    gauge.take(lexeme);
    const range = { start: gauge.offset, end: gauge.offset + 1 };
    if (gauge.depth > MAX_DEPTH) throw tooDeep(range);
    if (gauge.strays > MAX_STRAYS) throw new SourceError(range, "This bracket closes nothing");
    if (++count > MAX_LEXEMES) throw tooManyParts(range);
  }
}

/** Block levels are columns where something starts: the first thing of a line and what follows `-`, `?` and `:`. */
class DepthGauge {
  offset = 0;
  strays = 0;
  readonly #columns: number[] = [];
  #lineStart = 0;
  #flow = 0;
  #atLineHead = true;

  get depth(): number {
    return this.#columns.length + this.#flow;
  }

  take(lexeme: string): void {
    if (isMark(lexeme)) return;
    const type = CST.tokenType(lexeme);
    if (type === "flow-map-start" || type === "flow-seq-start") this.#flow++;
    if (type === "flow-map-end" || type === "flow-seq-end") this.#close();
    if (type !== "space" && type !== "newline" && type !== "comment") this.#mark(type);
    this.#advance(lexeme);
  }

  #close(): void {
    if (this.#flow === 0) this.strays++;
    else this.#flow--;
  }

  #mark(type: string | null): void {
    if (!this.#atLineHead || this.#flow > 0) return;
    const column = this.offset - this.#lineStart;
    while ((this.#columns.at(-1) ?? -1) > column) this.#columns.pop();
    if ((this.#columns.at(-1) ?? -1) < column) this.#columns.push(column);
    this.#atLineHead = type === "seq-item-ind" || type === "explicit-key-ind" || type === "map-value-ind";
  }

  #advance(lexeme: string): void {
    const lineFeed = lexeme.lastIndexOf("\n");
    if (lineFeed >= 0) {
      this.#lineStart = this.offset + lineFeed + 1;
      this.#atLineHead = true;
    }
    this.offset += lexeme.length;
  }
}
