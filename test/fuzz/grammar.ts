/** Random HCL that is built by the grammar: expressions, templates, heredocs, and documents of arguments and blocks. */
import type { Chance } from "../sim/random.ts";
import { oneOf, pick, several } from "./pick.ts";

const NAMES = "a b c x k v in if for else each var local NOMAD_ADDR_a a-b _x é 変数 attr null1 true_".split(" ");
const NUMBERS = "0 1 2 42 01 1.5 1.0 1e3 1E-2 2.5e+3 12345678901234567890 0.1".split(" ");
const OPERATORS = "+ - * / % == != < > <= >= && ||".split(" ");
const PLAIN = [
  "x",
  " ",
  "  ",
  "text ",
  "$",
  "%",
  "$$",
  "%%",
  "$${",
  "%%{",
  "}",
  "{",
  "~",
  "é",
  "😀",
  "#",
  "//",
  "/*",
  "'",
  "a=1",
  "-",
];
const ESCAPES = ["\\n", "\\t", "\\r", '\\"', "\\\\", "\\u00e9", "\\U0001F600"];
const GAPS = ["", "", "", "", " ", " ", "  ", "\t", "/* c */"];
const LINE_GAPS = [...GAPS, "\n", "\n\n", "\r\n", "# c\n", "// c\n", " \n "];

/** What the grammar allows where it stands. */
interface Place {
  readonly chance: Chance;
  /** How much deeper it may still go. */
  readonly depth: number;
  /** Do line ends count as space here? */
  readonly lines: boolean;
  /** Inside of quotes on one line, where no line end may stand except in a sequence. */
  readonly marker: number;
}

export function expression(chance: Chance, lines = false): string {
  return makeExpression({ chance, depth: chance.between(1, 4), lines, marker: 0 });
}

/** The inside of a heredoc or a bare template. */
export function template(chance: Chance): string {
  return text({ chance, depth: chance.between(1, 3), lines: true, marker: 1 }, "heredoc");
}

export function document(chance: Chance): string {
  const body = items({ chance, depth: chance.between(0, 3), lines: false, marker: 0 });
  const start = chance.happens(0.05) ? "\uFEFF" : "";
  const ended = chance.happens(0.1) ? body.replace(/\n$/, "") : body;
  return start + (chance.happens(0.1) ? ended.replaceAll(/\r?\n/g, "\r\n") : ended);
}

function gap({ chance, lines }: Place): string {
  return pick(chance, lines ? LINE_GAPS : GAPS);
}

function name({ chance }: Place): string {
  return pick(chance, NAMES);
}

function inside(place: Place): Place {
  return { ...place, lines: true };
}

function deeper(place: Place): Place {
  return { ...place, depth: place.depth - 1 };
}

function makeExpression(place: Place): string {
  const { chance, depth } = place;
  if (depth <= 0) return leaf(place);
  const next = deeper(place);
  const inner = (): string => makeExpression(next);
  const bracketed = (): string => makeExpression(inside(next));
  const g = (): string => gap(place);
  const b = (): string => gap(inside(place));
  return oneOf(chance, [
    () => leaf(place),
    () => `${inner()}${g()}${pick(chance, OPERATORS)}${g()}${inner()}`,
    () => `${inner()}${g()} ? ${g()}${inner()}${g()} : ${g()}${inner()}`,
    () => `(${b()}${bracketed()}${b()})`,
    () => `${pick(chance, ["-", "!"])}${g()}${inner()}`,
    () => `[${b()}${several(chance, 3, bracketed, `${b()},${b()}`)}${b()}${pick(chance, ["", "", ","])}${b()}]`,
    () => object(next),
    () => call(next),
    () => `[${b()}for ${forNames(next)} in ${bracketed()}${b()} : ${bracketed()}${condition(next)}${b()}]`,
    () =>
      `{${b()}for ${forNames(next)} in ${bracketed()} : ${bracketed()} => ${bracketed()}${pick(chance, ["", "..."])}${condition(next)}${b()}}`,
    () => `${inner()}${steps(next)}`,
    () => `${name(place)}${steps(next)}`,
    () => quoted(next),
    () => heredoc(next),
  ]);
}

function leaf(place: Place): string {
  const { chance } = place;
  return oneOf(chance, [
    () => pick(chance, NUMBERS),
    () => name(place),
    () => `${name(place)}.${name(place)}`,
    () => pick(chance, ["true", "false", "null", '""', "[]", "{}"]),
    () => `"${several(chance, 3, () => pick(chance, [...PLAIN, ...ESCAPES]))}"`,
  ]);
}

function object(place: Place): string {
  const { chance } = place;
  const b = (): string => gap(inside(place));
  const key = (): string =>
    oneOf(chance, [
      () => name(place),
      () => `"${name(place)}"`,
      () => `(${makeExpression(inside(place))})`,
      () => pick(chance, NUMBERS),
      () => quoted(place),
      () => `${name(place)}.${name(place)}`,
    ]);
  const item = (): string => `${key()} ${pick(chance, ["=", ":"])} ${makeExpression({ ...place, lines: false })}`;
  const separator = pick(chance, [",", "\n", ", ", ",\n", "\n\n", "\r\n"]);
  return `{${b()}${several(chance, 3, item, separator)}${pick(chance, ["", "", ",", "\n"])}}`;
}

function call(place: Place): string {
  const { chance } = place;
  const b = (): string => gap(inside(place));
  const args = several(chance, 3, () => makeExpression(inside(place)), `${b()},${b()}`);
  const end = args === "" ? "" : pick(chance, ["", "", ",", "..."]);
  return `${pick(chance, ["f", "upper", "max", "a-b", "null", "f "])}(${b()}${args}${end}${b()})`;
}

function forNames(place: Place): string {
  return place.chance.happens(0.5) ? name(place) : `${name(place)}${gap(place)},${gap(place)}${name(place)}`;
}

function condition(place: Place): string {
  return place.chance.happens(0.3) ? ` if ${makeExpression(inside(place))}` : "";
}

function steps(place: Place): string {
  const { chance } = place;
  const step = (): string =>
    oneOf(chance, [
      () => `.${name(place)}`,
      () => `.${pick(chance, ["0", "1", "12", "0.1"])}`,
      () => `[${makeExpression(inside(place))}]`,
      () => `["${name(place)}"]`,
      () => `[${pick(chance, NUMBERS)}]`,
      () => ".*",
      () => "[*]",
      () => `${gap(place)}.${gap(place)}${name(place)}`,
    ]);
  return step() + several(chance, 2, step);
}

function quoted(place: Place): string {
  return `"${text(place, "quoted")}"`;
}

function heredoc(place: Place): string {
  const { chance } = place;
  const marker = pick(chance, ["E", "EOT", "END-1", "é"]) + (place.marker > 0 ? String(place.marker) : "");
  const within = text({ ...place, marker: place.marker + 1 }, "heredoc");
  const lines = within.split("\n").map((line) => pick(chance, ["", "  ", "    ", "\t"]) + line);
  const body = within === "" ? "" : `${lines.join("\n")}\n`;
  return `<<${pick(chance, ["", "-"])}${marker}\n${body}${pick(chance, ["", " ", "    "])}${marker}\n`;
}

function text(place: Place, kind: "quoted" | "heredoc"): string {
  const { chance } = place;
  const plain = kind === "quoted" ? [...PLAIN, ...ESCAPES] : [...PLAIN, "\\n", "\\", '"', "\n", "\n\n", "\n  "];
  const sequence = (): string => {
    if (place.depth <= 0) return pick(chance, plain);
    return oneOf(chance, [() => interpolation(deeper(place)), () => directive(deeper(place), kind)]);
  };
  return several(chance, 4, () => (chance.happens(0.6) ? pick(chance, plain) : sequence()));
}

function interpolation(place: Place): string {
  return `\${${tilde(place)}${gap(inside(place))}${makeExpression(inside(place))}${gap(inside(place))}${tilde(place)}}`;
}

function directive(place: Place, kind: "quoted" | "heredoc"): string {
  const t = (): string => tilde(place);
  const mark = (inner: string): string => `%{${t()} ${inner} ${t()}}`;
  const value = (): string => makeExpression(inside(place));
  return oneOf(place.chance, [
    () => `${mark(`if ${value()}`)}${text(place, kind)}${mark("endif")}`,
    () => `${mark(`if ${value()}`)}${text(place, kind)}${mark("else")}${text(place, kind)}${mark("endif")}`,
    () => `${mark(`for ${forNames(place)} in ${value()}`)}${text(place, kind)}${mark("endfor")}`,
  ]);
}

function tilde({ chance }: Place): string {
  return chance.happens(0.2) ? "~" : "";
}

function items(place: Place): string {
  return several(place.chance, 4, () => item(place));
}

function item(place: Place): string {
  const { chance } = place;
  const end = pick(chance, ["\n", "\n", "\n\n", " # c\n", " // c\n", "\r\n", " /* c */\n"]);
  const g = (): string => gap(place);
  const argument = (): string =>
    `${name(place)}${g()}=${g()}${makeExpression({ ...place, depth: chance.between(0, 2) })}`;
  if (place.depth <= 0 || chance.happens(0.5)) return argument() + end;
  const labels = several(chance, 2, () => ` ${pick(chance, [name(place), '"label"', '"l $${x} %"', '"é"'])}`);
  const body = (): string => items(deeper(place));
  const block = oneOf(chance, [
    () => `{\n${body()}}`,
    () => `{}`,
    () => `{${g()}}`,
    () => `{${g()}${argument()}${g()}}`,
    () => `{ # c\n${body()}}`,
  ]);
  return `${name(place)}${labels} ${block}${end}`;
}
