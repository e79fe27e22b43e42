/** Random documents without references, whose values HCL itself can tell: strings, escapes, heredocs, trimming, collections. */
import type { Chance } from "../sim/random.ts";
import { oneOf, pick, several } from "./pick.ts";

const TEXTS = [
  "x",
  " ",
  "  ",
  "\t",
  "a b",
  "$",
  "%",
  "$$",
  "$${",
  "%%{",
  "$$${",
  "}",
  "é",
  "😀",
  "e\u0301",
  "\u00A0",
  "~",
  "#",
];
const ESCAPES = ["\\n", "\\t", "\\r", '\\"', "\\\\", "\\u00e9", "\\U0001F600", "\\u0001"];
const NUMBERS = ["0", "1", "01", "1.50", "1e3", "2.5E-2", "123456789", "0.1", "1.0"];

export function literals(chance: Chance): string {
  const count = chance.between(1, 3);
  return Array.from({ length: count }, (_, index) => `v${index} = ${value(chance, 2)}\n`).join("");
}

function value(chance: Chance, depth: number): string {
  const simple = [
    () => pick(chance, NUMBERS),
    () => pick(chance, ["true", "false", "null"]),
    () => quoted(chance),
    () => heredoc(chance),
  ];
  if (depth === 0) return oneOf(chance, simple);
  const list = (): string => `[${several(chance, 3, () => value(chance, depth - 1), pick(chance, [", ", ",\n"]))}]`;
  const object = (): string =>
    `{\n${keys(chance)
      .map((name) => `${name} = ${value(chance, depth - 1)}\n`)
      .join("")}}`;
  return oneOf(chance, [...simple, list, object]);
}

/** Each of them once: of two that are the same HCL takes the last, and we refuse them. */
function keys(chance: Chance): string[] {
  return ["a", "b", "c-d", '"a b"', '"é"', "1", "true", '"$${x}"', "null"].filter(() => chance.happens(0.2));
}

function quoted(chance: Chance): string {
  return `"${several(chance, 5, () => pick(chance, [...TEXTS, ...ESCAPES, ...sequences(chance)]))}"`;
}

/** The value of a sequence is known, and what its `~` takes from the text around it. */
function sequences(chance: Chance): string[] {
  const mark = (): string => (chance.happens(0.4) ? "~" : "");
  const inner = pick(chance, ['"y"', '" z "', "1", "true", '""', "1.50"]);
  return [`\${${mark()} ${inner} ${mark()}}`];
}

function heredoc(chance: Chance): string {
  const line = (): string => pick(chance, ["", "  ", "    ", "\t", " \t", "\u00A0 "]) + words(chance);
  const body = several(chance, 4, () => ended(chance, line()));
  return `<<${pick(chance, ["", "-", "-"])}E\n${body}${pick(chance, ["", "  ", "\t"])}E\n`;
}

function words(chance: Chance): string {
  return several(chance, 3, () => pick(chance, [...TEXTS, "\\n", '"', ...sequences(chance)]));
}

/** Not after $ and %: HCL takes the carriage return for a part of what could have become a sequence. */
function ended(chance: Chance, line: string): string {
  return line + (/[$%]$/.test(line) ? "\n" : pick(chance, ["\n", "\n", "\n", "\n\n", "\r\n"]));
}
