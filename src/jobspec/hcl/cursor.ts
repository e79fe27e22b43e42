/** The parser's place in the tokens; knows whether line ends matter where it stands and how deep it is nested. */
import { MAX_DEPTH, tooDeep } from "../budget.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Expression } from "./ast.ts";
import type { Token, TokenType } from "./tokens.ts";

/** A place in the tokens, and what is open there. */
export interface Mark {
  /** Index of the token. */
  readonly next: number;
  readonly lines: number;
  readonly depth: number;
}

export class Cursor {
  readonly text: string;
  readonly #tokens: readonly Token[];
  readonly #parseExpression: (cursor: Cursor) => Expression;
  readonly #ignoreNewlines: boolean[] = [false];
  #next = 0;
  #depth = 0;

  /** The expression parser is handed in, because everything that it is made of needs it again. */
  constructor(text: string, tokens: readonly Token[], parseExpression: (cursor: Cursor) => Expression) {
    this.text = text;
    this.#tokens = tokens;
    this.#parseExpression = parseExpression;
  }

  /** The next token as it is, also one that makes no sense. */
  get next(): Token | undefined {
    this.#skipNewlines();
    return this.#tokens[this.#next];
  }

  get atEnd(): boolean {
    return this.#next >= this.#tokens.length - 1;
  }

  mark(): Mark {
    return { next: this.#next, lines: this.#ignoreNewlines.length, depth: this.#depth };
  }

  /** After an error: in the surroundings of the mark again, at another token. */
  goOn({ lines, depth }: Mark, next: number): void {
    this.#ignoreNewlines.length = lines;
    this.#depth = depth;
    this.#next = next;
  }

  expression(): Expression {
    return this.nested(() => this.#parseExpression(this));
  }

  /** The next token; where the text makes no sense any more, its error. */
  peek(): Token {
    this.#skipNewlines();
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error("a token list always ends with an end");
    if (token.type === "invalid") {
      throw new SourceError(token.place ?? token, token.summary ?? "Invalid text", token.detail);
    }
    return token;
  }

  take(): Token {
    const token = this.peek();
    if (token.type !== "end of file") this.#next++;
    return token;
  }

  takeIf(type: TokenType): Token | undefined {
    return this.peek().type === type ? this.take() : undefined;
  }

  expect(type: TokenType, summary: string, detail?: string): Token {
    const token = this.takeIf(type);
    if (token === undefined) throw new SourceError(this.peek(), summary, detail);
    return token;
  }

  textOf(range: Range): string {
    return this.text.slice(range.start, range.end);
  }

  /** Is the next token this word? HCL's words are reserved only where they have a meaning. */
  isWord(word: string): boolean {
    const token = this.peek();
    return token.type === "identifier" && this.textOf(token) === word;
  }

  withNewlines<T>(matter: boolean, parse: () => T): T {
    this.#ignoreNewlines.push(!matter);
    const result = parse();
    this.#ignoreNewlines.pop();
    return result;
  }

  nested<T>(parse: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw tooDeep(this.peek());
    const result = parse();
    this.#depth--;
    return result;
  }

  #skipNewlines(): void {
    if (this.#ignoreNewlines.at(-1) !== true) return;
    while (this.#tokens[this.#next]?.type === "newline") this.#next++;
  }
}
