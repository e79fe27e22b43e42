/** Walks through the text of a regular expression, character by character. */
import { RegexMistake } from "./syntax.ts";

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

export class Scanner {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  /** Empty at the end. */
  peek(ahead = 0): string {
    return this.#characters[this.#at + ahead] ?? "";
  }

  take(): string {
    return this.#characters[this.#at++] ?? "";
  }

  takeIf(character: string): boolean {
    const found = this.peek() === character;
    if (found) this.#at++;
    return found;
  }

  back(count: number): void {
    this.#at -= count;
  }

  /** The pattern is sticky, looks at 100 characters, and matches no character outside ASCII. */
  takeMatch(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = 0;
    const found = pattern.exec(this.#characters.slice(this.#at, this.#at + 100).join(""));
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  /** A character of a class, plain or escaped. */
  classCharacter(): number {
    if (this.takeIf("\\")) return this.escapedCharacter();
    const character = this.take();
    if (character === "") throw new RegexMistake("A [ is not closed");
    return character.codePointAt(0) ?? 0;
  }

  /** The character that an escape stands for; the backslash has been taken. */
  escapedCharacter(): number {
    const hex = this.takeMatch(/x(?:\{([\da-fA-F]+)\}|([\da-fA-F]{2}))/y);
    if (hex !== undefined) return inUnicode(Number.parseInt(hex[1] ?? hex[2] ?? "", 16));
    const octal = this.takeMatch(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
    if (octal !== undefined) return Number.parseInt(octal[0], 8);
    const character = this.take();
    const control = CONTROLS[character];
    if (control !== undefined) return control;
    if (character === "") throw new RegexMistake("A backslash stands at the end");
    if (/^[\dA-Za-z]|^[^\0-\x7f]/.test(character)) throw new RegexMistake(`There is no escape \\${character}`);
    return character.codePointAt(0) ?? 0;
  }
}

function inUnicode(code: number): number {
  if (code > 0x10ffff) throw new RegexMistake("A character in hexadecimal is past the end of Unicode");
  return code;
}
