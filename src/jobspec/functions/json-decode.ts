/** Reads JSON (RFC 8259) out of a text in a job file, and keeps the digits of large numbers. */
import { literalNumber } from "../convert.ts";
import { MAX_DEPTH, NODE_COST, tooDeep } from "../budget.ts";
import { normalForm } from "../normal-form.ts";
import { SourceError } from "../problems.ts";
import type { Value } from "../tree.ts";
import type { CallSite } from "./define.ts";
import { mapOf, stringValue, tupleOf } from "./values.ts";

const SPACE = /[ \t\r\n]*/y;
const TOKEN = /[[\]{}:,]|"(?:[^"\\]|\\[^])*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Throws SourceError. */
export function decodeJson(text: string, at: CallSite): Value {
  const reader = new JsonReader(text, at);
  const value = reader.value(reader.take(), 0);
  const rest = reader.take();
  if (rest !== "") throw reader.unexpected(rest, "the end");
  return value;
}

class JsonReader {
  readonly #text: string;
  readonly #at: CallSite;
  #offset = 0;

  constructor(text: string, at: CallSite) {
    this.#text = text;
    this.#at = at;
  }

  /** The next token; empty at the end. */
  take(): string {
    SPACE.lastIndex = this.#offset;
    this.#offset += SPACE.exec(this.#text)?.[0].length ?? 0;
    if (this.#offset === this.#text.length) return "";
    TOKEN.lastIndex = this.#offset;
    const token = TOKEN.exec(this.#text)?.[0];
    if (token === undefined) throw this.unexpected(this.#text.slice(this.#offset, this.#offset + 10), "a value");
    this.#offset += token.length;
    return token;
  }

  value(token: string, depth: number): Value {
    const { range, budget } = this.#at;
    if (depth > MAX_DEPTH) throw tooDeep(range);
    budget.spend(NODE_COST, range);
    if (token === "[") return this.#list(depth);
    if (token === "{") return this.#map(depth);
    if (token === "null") return { kind: "null", range };
    if (token === "true" || token === "false") return { kind: "bool", value: token === "true", range };
    if (token.startsWith('"')) return stringValue(this.#textOf(token), range);
    if (/^[-\d]/.test(token)) return this.#number(token);
    throw this.unexpected(token, "a value");
  }

  unexpected(found: string, wanted: string): SourceError {
    const what = found === "" ? "the end" : JSON.stringify(found.slice(0, 20));
    return new SourceError(this.#at.range, `it has ${what} where ${wanted} is expected`);
  }

  #number(token: string): Value {
    return literalNumber(token, this.#at.range);
  }

  #list(depth: number): Value {
    const items: Value[] = [];
    for (let token = this.take(); token !== "]"; token = this.take()) {
      items.push(this.value(token, depth + 1));
      if (this.#endsAfterItem("]")) break;
    }
    return tupleOf(items, this.#at.range);
  }

  /** Of a key that is there twice, the last counts. */
  #map(depth: number): Value {
    const entries = new Map<string, Value>();
    for (let token = this.take(); token !== "}"; token = this.take()) {
      if (!token.startsWith('"')) throw this.unexpected(token, "a key in quotes");
      const colon = this.take();
      if (colon !== ":") throw this.unexpected(colon, "a colon");
      entries.set(this.#textOf(token), this.value(this.take(), depth + 1));
      if (this.#endsAfterItem("}")) break;
    }
    return mapOf(entries, this.#at.range);
  }

  /** Takes the comma, which another item must follow, or the end. */
  #endsAfterItem(close: string): boolean {
    const token = this.take();
    if (token === close) return true;
    if (token !== ",") throw this.unexpected(token, `a comma or ${close}`);
    const before = this.#offset;
    const next = this.take();
    if (next === close) throw this.unexpected(next, "another item");
    this.#offset = before;
    return false;
  }

  #textOf(token: string): string {
    return normalForm(this.#unescaped(token), this.#at.range);
  }

  #unescaped(token: string): string {
    try {
      return String(JSON.parse(token)).toWellFormed();
    } catch {
      throw this.unexpected(token, "a string without control characters and unknown escapes");
    }
  }
}
