/** Parses regular expressions in RE2's syntax, which has no way to look around or back. */
import { anything, bracketClass, classEscape, exactly } from "./classes.ts";
import { Scanner } from "./scanner.ts";
import { RegexMistake } from "./syntax.ts";
import type { Assertion, Flags, Node } from "./syntax.ts";

/** As in Go: of one repetition, and of repetitions inside each other together. */
const MAX_REPEAT = 1000;
const MAX_DEPTH = 100;

export interface Regex {
  readonly node: Node;
  readonly groups: number;
  /** By name; several groups can have the same. */
  readonly names: ReadonlyMap<string, readonly number[]>;
}

/** Throws RegexMistake. */
export function parseRegex(text: string): Regex {
  const parser = new RegexParser(text);
  const node = parser.choice({ i: false, m: false, s: false, U: false }, 0);
  parser.end();
  return { node, groups: parser.groups, names: parser.names };
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: "text start",
  z: "text end",
  b: "word edge",
  B: "no word edge",
};

class RegexParser {
  groups = 0;
  readonly names = new Map<string, readonly number[]>();
  readonly #scanner: Scanner;
  /** Those in force, which `(?i)` changes up to the end of the group. */
  #flags: Flags = { i: false, m: false, s: false, U: false };

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  end(): void {
    if (this.#scanner.peek() !== "") throw new RegexMistake("A ) closes nothing");
  }

  choice(flags: Flags, depth: number): Node {
    if (depth > MAX_DEPTH) throw new RegexMistake("Its groups are too deep inside each other");
    this.#flags = flags;
    const parts = [this.#sequence(depth)];
    while (this.#scanner.takeIf("|")) parts.push(this.#sequence(depth));
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: "choice", parts };
  }

  #sequence(depth: number): Node {
    const parts: Node[] = [];
    while (this.#scanner.peek() !== "" && this.#scanner.peek() !== "|" && this.#scanner.peek() !== ")") {
      if (this.#takeFlags()) continue;
      if (this.#scanner.takeMatch(/\\Q/y) !== undefined) parts.push(...this.#literal());
      else parts.push(this.#repeated(this.#atom(depth)));
    }
    return { kind: "sequence", parts };
  }

  /** Up to \E, or the end. */
  #literal(): Node[] {
    const parts: Node[] = [];
    while (this.#scanner.peek() !== "" && this.#scanner.takeMatch(/\\E/y) === undefined) {
      const accepts = exactly(this.#scanner.take().codePointAt(0) ?? 0, this.#flags);
      parts.push({ kind: "character", accepts });
    }
    const last = parts.pop();
    return last === undefined ? [] : [...parts, this.#repeated(last)];
  }

  #takeFlags(): boolean {
    const found = this.#scanner.takeMatch(/\(\?([a-zA-Z]*)(-[a-zA-Z]+)?\)/y);
    if (found === undefined) return false;
    this.#flags = changed(this.#flags, found[1] ?? "", found[2]);
    return true;
  }

  #atom(depth: number): Node {
    const flags = this.#flags;
    const character = this.#scanner.take();
    switch (character) {
      case "(":
        return this.#group(depth);
      case "[":
        return { kind: "character", accepts: bracketClass(this.#scanner, flags) };
      case ".":
        return { kind: "character", accepts: anything(flags) };
      case "^":
        return { kind: "assertion", what: flags.m ? "line start" : "text start" };
      case "$":
        return { kind: "assertion", what: flags.m ? "line end" : "text end" };
      case "\\":
        return this.#escape(flags);
      case "*":
      case "+":
      case "?":
        throw new RegexMistake(`A ${character} has nothing to repeat`);
      default:
        return { kind: "character", accepts: exactly(character.codePointAt(0) ?? 0, flags) };
    }
  }

  #escape(flags: Flags): Node {
    const what = ASSERTIONS[this.#scanner.peek()];
    if (what !== undefined) {
      this.#scanner.take();
      return { kind: "assertion", what };
    }
    if (/[1-9]/.test(this.#scanner.peek()) && !/[0-7]/.test(this.#scanner.peek(1))) {
      throw new RegexMistake("There is no way to refer to an earlier group");
    }
    const accepts = classEscape(this.#scanner, flags) ?? exactly(this.#scanner.escapedCharacter(), flags);
    return { kind: "character", accepts };
  }

  #group(depth: number): Node {
    const outer = this.#flags;
    const { index, flags } = this.#groupStart(outer);
    const node = this.choice(flags, depth + 1);
    if (!this.#scanner.takeIf(")")) throw new RegexMistake("A ( is not closed");
    this.#flags = outer;
    return index === undefined ? { kind: "sequence", parts: [node] } : { kind: "group", node, index };
  }

  #groupStart(outer: Flags): { readonly index?: number; readonly flags: Flags } {
    if (this.#scanner.peek() !== "?") return { index: ++this.groups, flags: outer };
    const name = this.#scanner.takeMatch(/\?P?<(\w+)>/y)?.[1];
    if (name !== undefined) {
      this.groups++;
      this.names.set(name, [...(this.names.get(name) ?? []), this.groups]);
      return { index: this.groups, flags: outer };
    }
    const found = this.#scanner.takeMatch(/\?([a-zA-Z]*)(-[a-zA-Z]+)?:/y);
    if (found !== undefined) return { flags: changed(outer, found[1] ?? "", found[2]) };
    throw new RegexMistake("There is no such kind of group: it has no way to look ahead or behind");
  }

  #repeated(node: Node): Node {
    const repetition = this.#repetition();
    if (repetition === undefined) return node;
    const [least, most] = repetition;
    const greedy = this.#scanner.takeIf("?") === this.#flags.U;
    if (this.#repetition() !== undefined) throw new RegexMistake("Two repetitions follow each other");
    const result: Node = { kind: "repeat", node, least, most, greedy };
    if (Number.isFinite(copiesIn(result)) && copiesIn(result) <= MAX_REPEAT) return result;
    throw new RegexMistake(`It repeats a part more than ${MAX_REPEAT} times`);
  }

  #repetition(): readonly [number, number] | undefined {
    if (this.#scanner.takeIf("*")) return [0, Infinity];
    if (this.#scanner.takeIf("+")) return [1, Infinity];
    if (this.#scanner.takeIf("?")) return [0, 1];
    const found = this.#scanner.takeMatch(/\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/y);
    if (found === undefined) return undefined;
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : Number(found[3] ?? Infinity);
    if (most < least || least > MAX_REPEAT || (most > MAX_REPEAT && most !== Infinity)) {
      throw new RegexMistake(`There is no repetition ${found[0]}`);
    }
    return [least, most];
  }
}

/** How often the innermost part is repeated by numbers at most. */
function copiesIn(node: Node): number {
  switch (node.kind) {
    case "repeat": {
      const times = node.most === Infinity ? node.least : node.most;
      return Math.max(1, times) * copiesIn(node.node);
    }
    case "group":
      return copiesIn(node.node);
    case "sequence":
    case "choice":
      return node.parts.reduce((most, part) => Math.max(most, copiesIn(part)), 1);
    default:
      return 1;
  }
}

function changed(flags: Flags, on: string, off: string | undefined): Flags {
  const letters = on + (off ?? "");
  const unknown = letters.replaceAll(/[imsU-]/g, "");
  if (unknown !== "") throw new RegexMistake(`There is no flag ${unknown}`);
  const flag = (letter: keyof Flags): boolean => {
    if (off?.includes(letter) === true) return false;
    return on.includes(letter) || flags[letter];
  };
  return { i: flag("i"), m: flag("m"), s: flag("s"), U: flag("U") };
}
