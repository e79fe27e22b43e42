/** The verbs of `format`: how one value is written by `%d`, `%s` and the others. */
import { kindName, numberText, toBool, toDecimal, toNumber, toText } from "../convert.ts";
import { parseDecimal } from "../decimal.ts";
import type { Decimal } from "../decimal.ts";
import type { Value } from "../tree.ts";
import { fixed, general, scientific } from "./number-forms.ts";
import type { CallSite } from "./define.ts";
import { graphemes } from "./graphemes.ts";
import { jsonText } from "./json-encode.ts";

export interface Verb {
  readonly letter: string;
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

type Writer = (verb: Verb, value: Value, at: CallSite) => string | Unfit;

/** Why the value does not fit the verb. */
export interface Unfit {
  readonly reason: string;
}

/** undefined: there is no such verb. */
export function writerOf(letter: string): Writer | undefined {
  return WRITERS.get(letter);
}

const WRITERS: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ["v", (verb, value, at) => padded(verb, asItIs(verb, value), at)],
  ["t", (_, value) => wordOf(value) ?? unfit("true or false", value)],
  ["s", (verb, value, at) => text(verb, value, (shown) => shown, at)],
  [
    "q",
    (verb, value, at) => text(verb, value, (shown) => jsonText({ kind: "string", value: shown, range: at.range }), at),
  ],
  ...Array.from("bdoxX", (letter) => [letter, integer] as const),
  ...Array.from("eEfgG", (letter) => [letter, decimal] as const),
]);

function unfit(wanted: string, value: Value): Unfit {
  return { reason: `needs ${wanted}, not ${kindName(value)}` };
}

function wordOf(value: Value): string | undefined {
  const word = toBool(value);
  return word === undefined ? undefined : String(word);
}

function asItIs({ flags }: Verb, value: Value): string {
  if (!flags.includes("#")) {
    if (value.kind === "string") return value.value;
    if (value.kind === "number") return sign(value.value, "") + general(exactOf(value), undefined);
  }
  return jsonText(value);
}

function text(verb: Verb, value: Value, show: (text: string) => string, at: CallSite): string | Unfit {
  const whole = toText(value);
  if (whole === undefined) return unfit("a string", value);
  const cut = (verb.precision ?? 0) > 0 ? graphemes(whole, at).slice(0, verb.precision).join("") : whole;
  return padded(verb, show(cut), at);
}

/** To the width in characters that people see. */
function padded({ flags, width }: Verb, shown: string, at: CallSite): string {
  if (width === undefined) return shown;
  const pad = (flags.includes("0") ? "0" : " ").repeat(Math.max(0, width - graphemes(shown, at).length));
  return flags.includes("-") ? shown + pad : pad + shown;
}

const BASES: Readonly<Record<string, number>> = { b: 2, d: 10, o: 8, x: 16, X: 16 };
const PREFIXES: Readonly<Record<string, string>> = { b: "0b", o: "0", x: "0x", X: "0X" };

function integer(verb: Verb, value: Value): string | Unfit {
  const number = toNumber(value);
  if (number === undefined) return unfit("a number", value);
  const { digits, scale } = exactOf(value);
  if (scale > 0) return { reason: "needs a whole number" };
  const size = digits < 0n ? -digits : digits;
  const { letter, flags, precision } = verb;
  const plain = size === 0n && precision === 0 ? "" : size.toString(BASES[letter]).padStart(precision ?? 0, "0");
  const shown = letter === "X" ? plain.toUpperCase() : plain;
  const head = sign(number, flags) + (flags.includes("#") ? (PREFIXES[letter] ?? "") : "");
  return filled(verb, head, shown, precision === undefined);
}

function decimal(verb: Verb, value: Value): string | Unfit {
  const number = toNumber(value);
  if (number === undefined) return unfit("a number", value);
  const exact = exactOf(value);
  const { letter, precision } = verb;
  if (letter === "f") return filled(verb, sign(number, verb.flags), fixed(exact, precision ?? 6), true);
  const isGeneral = letter === "g" || letter === "G";
  const plain = isGeneral ? general(exact, precision) : scientific(exact, precision ?? 6);
  const shown = letter === "E" || letter === "G" ? plain.toUpperCase() : plain;
  return filled(verb, sign(number, verb.flags), shown, true);
}

/** The value is a number, or a string that is one. */
function exactOf(value: Value): Decimal {
  return toDecimal(value) ?? parseDecimal(numberText(toNumber(value) ?? 0)) ?? { digits: 0n, scale: 0 };
}

function sign(number: number, flags: string): string {
  if (number < 0) return "-";
  return flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
}

/** Zeros go between the sign and the digits. */
function filled({ flags, width = 0 }: Verb, head: string, digits: string, zeros: boolean): string {
  const pad = Math.max(0, width - head.length - digits.length);
  if (flags.includes("-")) return head + digits + " ".repeat(pad);
  return flags.includes("0") && zeros ? head + "0".repeat(pad) + digits : " ".repeat(pad) + head + digits;
}
