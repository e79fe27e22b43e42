/** Splits HCL text into tokens; which rules apply depends on what is open: plain syntax, a quoted string or a heredoc. */
import { MAX_TOKENS, tooManyParts } from "../budget.ts";
import type { Range } from "../source.ts";
import { OPERATORS_BY_START } from "./tokens.ts";
import type { Token, TokenType } from "./tokens.ts";
import { scanTemplate } from "./template-lexer.ts";

export type Mode =
  | { readonly kind: "plain"; braces: number }
  | { readonly kind: "quoted" }
  | { readonly kind: "heredoc"; readonly marker: string; readonly open: Range; lineStart: boolean }
  | { readonly kind: "bare" };

const SPACE = /[ \t]+/y;
const NEWLINE = /\r?\n/y;
const LINE_COMMENT = /(?:#|\/\/)[^\n]*/y;
const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
/** As greedy as HCL's own scanner; whether it is a number is decided when it is parsed. */
const NUMBER = /\d(?:[\d.]|[eE][+-]?\d)*/y;
const HEREDOC = /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy;
const BYTE_ORDER_MARK = "\uFEFF";

const HINTS: Readonly<Record<string, string>> = {
  "'": 'Strings are written in double quotes (")',
  "`": "A text of several lines is written as a heredoc: <<EOT",
  ";": "Arguments and blocks are separated by line ends, the items of a list by commas",
  "&": 'There are no bitwise operators; "and" is written &&',
  "|": 'There are no bitwise operators; "or" is written ||',
  "~": 'There are no bitwise operators; "not" is written !',
  "^": "There are no bitwise operators",
};

/** Tokens of a whole file. The last one is "end of file"; "invalid" ones stand where the text makes no sense. Throws SourceError for too many. */
export function lexFile(text: string): Token[] {
  const lexer = new Lexer(text, { kind: "plain", braces: 0 });
  if (text.startsWith(BYTE_ORDER_MARK)) lexer.at = BYTE_ORDER_MARK.length;
  return lexer.run();
}

/** Tokens, up to the first "invalid" one, of a template without quotes around it, as the strings of JSON and YAML job files are. */
export function lexTemplate(text: string): Token[] {
  return new Lexer(text, { kind: "bare" }).run();
}

export class Lexer {
  readonly text: string;
  readonly tokens: Token[] = [];
  readonly modes: Mode[];
  at = 0;

  constructor(text: string, mode: Mode) {
    this.text = text;
    this.modes = [mode];
  }

  run(): Token[] {
    while (!this.#finished()) {
      const mode = this.modes.at(-1);
      if (mode === undefined || mode.kind === "plain") this.#plain();
      else scanTemplate(this, mode);
    }
    return this.tokens;
  }

  emit(type: TokenType, length: number, extra?: Partial<Token>): void {
    const [start, end] = [this.at, this.at + length];
    if (this.tokens.length >= MAX_TOKENS) throw tooManyParts({ start, end });
    this.tokens.push(extra === undefined ? { type, start, end } : { ...extra, type, start, end });
    this.at = end;
  }

  fail(length: number, summary: string, detail?: string, place?: Range): void {
    const extra = { ...(detail === undefined ? {} : { detail }), ...(place === undefined ? {} : { place }) };
    this.emit("invalid", length, { summary, ...extra });
  }

  /** After a text that is not closed: goes on in the heredoc that it stands in, or else in plain syntax. */
  giveUpText(): void {
    const heredoc = this.modes.findIndex(({ kind }) => kind === "heredoc");
    const inner = this.modes[heredoc];
    if (inner?.kind === "heredoc") inner.lineStart = false;
    this.modes.length = heredoc < 0 || this.at >= this.text.length ? 1 : heredoc + 1;
  }

  #finished(): boolean {
    const last = this.tokens.at(-1)?.type;
    return last === "end of file" || (last === "invalid" && this.modes[0]?.kind === "bare");
  }

  #plain(): void {
    if (this.at >= this.text.length) return this.emit("end of file", 0);
    if (this.#skip(SPACE) || this.#comment()) return;
    if (this.#take("newline", NEWLINE) || this.#take("identifier", IDENTIFIER)) return;
    if (this.#number() || this.#heredoc() || this.#quote() || this.#templateClose()) return;
    this.#operator();
  }

  /** 0 if there is no match; the patterns match nothing empty. */
  #length(pattern: RegExp): number {
    pattern.lastIndex = this.at;
    return pattern.test(this.text) ? pattern.lastIndex - this.at : 0;
  }

  #skip(pattern: RegExp): boolean {
    const length = this.#length(pattern);
    this.at += length;
    return length > 0;
  }

  #take(type: TokenType, pattern: RegExp): boolean {
    const length = this.#length(pattern);
    if (length > 0) this.emit(type, length);
    return length > 0;
  }

  #comment(): boolean {
    const first = this.text[this.at];
    if (first !== "#" && first !== "/") return false;
    return this.#skip(LINE_COMMENT) || this.#blockComment();
  }

  #blockComment(): boolean {
    if (!this.text.startsWith("/*", this.at)) return false;
    const end = this.text.indexOf("*/", this.at + 2);
    if (end < 0) this.fail(2, "The comment is not closed", 'A closing "*/" is missing');
    this.at = end < 0 ? this.text.length : end + 2;
    return true;
  }

  /** Dots at the end belong to what follows: `1...` is a number and an ellipsis. */
  #number(): boolean {
    let length = this.#length(NUMBER);
    if (length === 0) return false;
    while (this.text[this.at + length - 1] === ".") length--;
    this.emit("number", length);
    return true;
  }

  #heredoc(): boolean {
    HEREDOC.lastIndex = this.at;
    const found = this.text[this.at] === "<" ? HEREDOC.exec(this.text) : null;
    if (found === null) return false;
    const open = { start: this.at, end: this.at + found[0].length };
    this.emit("heredoc-open", found[0].length, { dedent: found[1] === "-" });
    this.modes.push({ kind: "heredoc", marker: found[2] ?? "", open, lineStart: true });
    return true;
  }

  #quote(): boolean {
    if (this.text[this.at] !== '"') return false;
    this.emit("quote-open", 1);
    this.modes.push({ kind: "quoted" });
    return true;
  }

  /** A closing brace that no brace inside the sequence opened ends the sequence. */
  #templateClose(): boolean {
    const mode = this.modes.at(-1);
    const trim = this.text.startsWith("~}", this.at);
    const closes = trim || this.text[this.at] === "}";
    if (!closes || mode?.kind !== "plain" || mode.braces > 0 || this.modes.length < 2) return false;
    this.emit("template-close", trim ? 2 : 1, { trim });
    this.modes.pop();
    return true;
  }

  #operator(): void {
    const operator = OPERATORS_BY_START.get(this.text[this.at] ?? "")?.find((candidate) =>
      this.text.startsWith(candidate, this.at),
    );
    if (operator === undefined) return this.#unknown();
    const mode = this.modes.at(-1);
    if (mode?.kind === "plain" && operator === "{") mode.braces++;
    if (mode?.kind === "plain" && operator === "}") mode.braces = Math.max(0, mode.braces - 1);
    this.emit(operator, operator.length);
  }

  #unknown(): void {
    const character = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    this.fail(character.length, `The character ${JSON.stringify(character)} has no meaning here`, HINTS[character]);
  }
}
