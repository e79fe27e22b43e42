/** Patterns of file names, as the functions of job files know them: `*`, `**`, `?`, `[a-z]` and `{a,b}`. */
import { findMatch } from "./regex/machine.ts";
import { parseRegex } from "./regex/parser.ts";
import { compileRegex } from "./regex/program.ts";

/** A test of whole paths. Throws RegexMistake. `pay` is told of all work. */
export function globMatcher(pattern: string, pay: (work: number) => void): (path: string) => boolean {
  pay(pattern.length);
  const program = compileRegex(parseRegex(`^(?s:${regexOf(pattern)})$`).node);
  return (path) => {
    const characters = Array.from(path, (character) => character.codePointAt(0) ?? 0);
    return findMatch(program, characters, 0, pay) !== undefined;
  };
}

/** Two stars are a whole part, and stand for any number of parts. */
const TOKEN = /(?<=^|\/)\*\*(?:\/|$)|\*+|\?|\{([^{}]*)\}|\[(?:\^|!)?\]?[^\]]*\]|\\[^]|[^]/gu;

function regexOf(pattern: string): string {
  return pattern.replace(TOKEN, (token: string, choices: string | undefined) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token.startsWith("*")) return "[^/]*";
    if (token === "?") return "[^/]";
    if (choices !== undefined) return `(?:${choices.split(",").map(regexOf).join("|")})`;
    if (token.length > 1 && token.startsWith("[")) return token.replace(/^\[!/, "[^");
    return escaped(token.startsWith("\\") ? token.slice(1) : token);
  });
}

function escaped(character: string): string {
  return character.replace(/[\\^$.|?*+()[\]{}]/, "\\$&");
}
