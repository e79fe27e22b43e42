/** Functions that cut, join and change texts. Lengths and places count what people see as one character. */
import { NODE_COST } from "../budget.ts";
import { compareTexts } from "../hcl/sets.ts";
import { define, wrong } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import { listOfStrings } from "./values.ts";
import { lowered, raised, titled } from "./letters.ts";
import { graphemes } from "./graphemes.ts";

const TEXT = { name: "text", wants: "string" } as const;

/** As Unicode's White_Space; JavaScript's own trim() thinks a little differently. */
const SPACE = "[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const LEADING_SPACE = new RegExp(`^${SPACE}+`);
const SPACES = new RegExp(SPACE);

export const STRINGS: readonly HclFunction[] = [
  define("chomp", {
    parameters: [TEXT],
    summary: "The text without the line ends at its end.",
    example: 'chomp("hello\\n\\n")',
    call: ([text]) =>
      text.slice(
        0,
        endWithout(text, (character) => character === "\n" || character === "\r"),
      ),
  }),
  define("indent", {
    parameters: [{ name: "spaces", wants: "integer" }, TEXT],
    summary: "The text with every line but the first moved to the right.",
    example: 'indent(2, "a:\\nb")',
    call([spaces, text], at) {
      if (spaces < 0) throw wrong(at, 0, `indent() cannot move by ${spaces} spaces`);
      return replaced(text, "\n", { length: spaces + 1, text: () => `\n${" ".repeat(spaces)}` }, at);
    },
  }),
  define("join", {
    parameters: [{ name: "separator", wants: "string" }],
    rest: { name: "lists", wants: "list of strings" },
    summary: "The items of all lists as one text, with the separator between them.",
    example: 'join(", ", ["a", "b"], ["c"])',
    call([separator, ...lists], at) {
      if (lists.length === 0) throw wrong(at, 1, "join() takes at least one list");
      const items = lists.flatMap((list, index) => withoutNull("join", list, index + 1, at));
      at.budget.spend(separator.length * items.length, at.range);
      return items.join(separator);
    },
  }),
  define("lower", {
    parameters: [TEXT],
    summary: "The text in small letters.",
    example: 'lower("HELLO")',
    call: ([text]) => lowered(text),
  }),
  define("replace", {
    parameters: [TEXT, { name: "part", wants: "string" }, { name: "replacement", wants: "string" }],
    summary: "The text with every occurrence of a part replaced.",
    example: 'replace("1 + 2 + 3", "+", "-")',
    call: ([text, part, replacement], at) =>
      replaced(text, part, { length: replacement.length, text: () => replacement }, at),
  }),
  ...["reverse", "strrev"].map((name) =>
    define(name, {
      parameters: [TEXT],
      summary: "The characters of the text from last to first.",
      example: `${name}("héllo")`,
      call: ([text], at) => graphemes(text, at).toReversed().join(""),
    }),
  ),
  define("sort", {
    parameters: [{ name: "list", wants: "list of strings" }],
    summary: "The texts in the order of their code points.",
    example: 'sort(["e", "d", "a"])',
    call: ([list], at) => listOfStrings(withoutNull("sort", list, 0, at).toSorted(compareTexts), at.range),
  }),
  define("split", {
    parameters: [{ name: "separator", wants: "string" }, TEXT],
    summary: "The parts of the text between the separators.",
    example: 'split(",", "a,b,c")',
    call: ([separator, text], at) => {
      const parts = separator === "" ? Array.from(text) : text.split(separator);
      at.budget.spend(parts.length * NODE_COST, at.range);
      return listOfStrings(parts, at.range);
    },
  }),
  define("substr", {
    parameters: [TEXT, { name: "offset", wants: "integer" }, { name: "length", wants: "integer" }],
    summary: "A part of the text; an offset below 0 counts from the end, a length below 0 means the rest.",
    example: 'substr("hello world", 1, 4)',
    call: ([text, offset, length], at) => part(graphemes(text, at), offset, length),
  }),
  define("title", {
    parameters: [TEXT],
    summary: "The text with the first letter of every word in capitals.",
    example: 'title("hello world")',
    call: ([text]) => titled(text, SPACES),
  }),
  define("trim", {
    parameters: [TEXT, { name: "characters", wants: "string" }],
    summary: "The text without any of these characters at its start and end.",
    example: 'trim("?!hello?!", "!?")',
    call([text, characters]) {
      const unwanted = new Set(characters);
      const all = Array.from(text);
      const start = all.findIndex((character) => !unwanted.has(character));
      const end = all.findLastIndex((character) => !unwanted.has(character));
      return start < 0 ? "" : all.slice(start, end + 1).join("");
    },
  }),
  define("trimprefix", {
    parameters: [TEXT, { name: "prefix", wants: "string" }],
    summary: "The text without the prefix, if it has it.",
    example: 'trimprefix("helloworld", "hello")',
    call: ([text, prefix]) => (text.startsWith(prefix) ? text.slice(prefix.length) : text),
  }),
  define("trimspace", {
    parameters: [TEXT],
    summary: "The text without white space at its start and end.",
    example: 'trimspace("  hello\\n")',
    call([text]) {
      const rest = text.replace(LEADING_SPACE, "");
      return rest.slice(
        0,
        endWithout(rest, (character) => SPACES.test(character)),
      );
    },
  }),
  define("trimsuffix", {
    parameters: [TEXT, { name: "suffix", wants: "string" }],
    summary: "The text without the suffix, if it has it.",
    example: 'trimsuffix("helloworld", "world")',
    call: ([text, suffix]) => (text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text),
  }),
  define("upper", {
    parameters: [TEXT],
    summary: "The text in capitals.",
    example: 'upper("hello")',
    call: ([text]) => raised(text),
  }),
];

/** Where the text ends without such characters at its end. */
function endWithout(text: string, isUnwanted: (character: string) => boolean): number {
  let end = text.length;
  while (end > 0 && isUnwanted(text[end - 1] ?? "")) end--;
  return end;
}

/** A length of 0 with an offset from the end means the rest, as in Nomad. */
function part(characters: readonly string[], offset: number, length: number): string {
  if (offset >= 0 && length === 0) return "";
  const start = Math.max(0, offset < 0 ? offset + characters.length : offset);
  return characters.slice(start, length <= 0 ? undefined : start + length).join("");
}

function withoutNull(name: string, list: readonly (string | null)[], index: number, at: CallSite): string[] {
  return list.map((item, place) => {
    if (item === null) throw wrong(at, index, `${name}() cannot take null: it is item ${place}, counted from 0`);
    return item;
  });
}

interface Replacement {
  readonly length: number;
  text(): string;
}

/** What it will be is paid for before it is made. An empty part is found around every character. */
function replaced(text: string, part: string, replacement: Replacement, at: CallSite): string {
  const pieces = part === "" ? ["", ...Array.from(text), ""] : text.split(part);
  at.budget.spend(pieces.length + pieces.length * replacement.length, at.range);
  return pieces.length === 1 ? text : pieces.join(replacement.text());
}
