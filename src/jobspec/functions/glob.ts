/** Patterns of file names, as the functions of job files know them: `*`, `**`, `?`, `[a-z]` and `{a,b}`. */
import { compileRegex, RegexMistake } from "./regex.ts";

/** A test of whole paths. Throws RegexMistake. `pay` is told of all work. */
export function globMatcher(pattern: string, pay: (work: number) => void): (path: string) => boolean {
  const regex = compileRegex(`^(?s:${regexOf(pattern)})$`, pay);
  return (path) => {
    pay(path.length * regex.programSize());
    return regex.matcher(path).find();
  };
}

/** A whole part of two stars, stars, one character, choices, a class, an escape, or a character for itself. */
const TOKEN = /(?<=^|\/)\*\*(\/|$)|(\*)+|(\?)|\{([^{}]*)\}|(\[\^?\]?[^\]]*\])|\\([^])|([^])/gu;

function regexOf(pattern: string): string {
  return pattern.replaceAll(TOKEN, (_: string, ...groups: (string | undefined)[]) => {
    const [parts, star, one, choices, members, escape, character = ""] = groups;
    if (parts !== undefined) return parts === "/" ? "(?:.*/)?" : ".*";
    if (star !== undefined) return "[^/]*";
    if (one !== undefined) return "[^/]";
    if (choices !== undefined) return choicesOf(choices);
    if (members !== undefined) return members;
    if (character === "[" || character === "{") throw new RegexMistake(`A ${character} is not closed`);
    return escaped(escape ?? character);
  });
}

function choicesOf(choices: string): string {
  if (choices.includes("/")) throw new RegexMistake("A slash stands in braces");
  return `(?:${choices.split(",").map(regexOf).join("|")})`;
}

function escaped(character: string): string {
  return character.replace(/[\\^$.|?*+()[\]{}]/, "\\$&");
}
