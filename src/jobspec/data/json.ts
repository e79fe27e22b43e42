/** Parses JSON (RFC 8259) into values with their places, strings as they stand there; stops at the first syntax error. */
import { Budget, MAX_DEPTH, tooDeep } from "../budget.ts";
import { literalNumber } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Entry, Value } from "../tree.ts";
import { setTwice } from "./set-twice.ts";

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[a-z]+/y;

/** Throws SourceError. */
export function parseJson(text: string): Value {
  const parser = new JsonParser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

class JsonParser {
  readonly #text: string;
  readonly #budget = new Budget();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#space();
  }

  value(depth: number): Value {
    const start = this.#at;
    if (depth > MAX_DEPTH) throw tooDeep(this.#here());
    switch (this.#text[start]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#list(depth);
      case '"': {
        const { text, range } = this.#string();
        this.#budget.spend(text.length, range);
        return { kind: "string", value: text, range };
      }
      default:
        return this.#number() ?? this.#word();
    }
  }

  end(): void {
    if (this.#at < this.#text.length) throw new SourceError(this.#here(), "The file should end after its first value");
  }

  #object(depth: number): Value {
    const start = this.#at;
    const entries = new Map<string, Entry>();
    this.#at++;
    this.#space();
    while (!this.#takeIf("}")) {
      if (entries.size > 0) this.#separator("}");
      const { text: key, range: keyRange } = this.#string();
      const first = entries.get(key);
      if (first !== undefined) throw setTwice({ key, keyRange }, first);
      if (!this.#takeIf(":")) throw new SourceError(this.#here(), "A colon is expected after a key");
      entries.set(key, { key, keyRange, value: this.value(depth + 1) });
    }
    return { kind: "object", entries: [...entries.values()], range: this.#since(start) };
  }

  #list(depth: number): Value {
    const start = this.#at;
    const items: Value[] = [];
    this.#at++;
    this.#space();
    while (!this.#takeIf("]")) {
      if (items.length > 0) this.#separator("]");
      items.push(this.value(depth + 1));
    }
    return { kind: "list", items, range: this.#since(start) };
  }

  #separator(close: string): void {
    const comma = this.#here();
    if (!this.#takeIf(",")) throw new SourceError(comma, `A comma or a "${close}" is expected here`);
    if (this.#text[this.#at] !== close) return;
    throw new SourceError(comma, `No comma can stand before the closing ${close}`, "Take it out");
  }

  #string(): { text: string; range: Range } {
    const start = this.#at;
    if (this.#text[start] !== '"') throw new SourceError(this.#here(), "A string in double quotes is expected here");
    const found = this.#match(STRING);
    if (found === undefined)
      throw new SourceError(this.#here(), "This string is not closed, or holds what JSON does not allow");
    const text: unknown = JSON.parse(found);
    return { text: String(text), range: { start, end: start + found.length } };
  }

  #number(): Value | undefined {
    const start = this.#at;
    const found = this.#match(NUMBER);
    if (found === undefined) return undefined;
    const range = { start, end: start + found.length };
    return literalNumber(found, range);
  }

  #word(): Value {
    const start = this.#at;
    const found = this.#match(WORD);
    const range = { start, end: start + (found?.length ?? 0) };
    if (found === "null") return { kind: "null", range };
    if (found === "true" || found === "false") return { kind: "bool", value: found === "true", range };
    throw new SourceError(range, "A JSON value is expected here");
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    this.#space();
    return found;
  }

  #takeIf(character: string): boolean {
    const found = this.#text[this.#at] === character;
    if (found) this.#at++;
    this.#space();
    return found;
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #here(): Range {
    return { start: this.#at, end: this.#at + 1 };
  }

  #since(start: number): Range {
    return { start, end: this.#at };
  }
}
