/** Functions that encode and decode texts. */
import { normalForm } from "../normal-form.ts";
import { SourceError } from "../problems.ts";
import { base64Bytes, refuseBytes, utf8 } from "./base64.ts";
import { csvRecords } from "./csv.ts";
import { define, wrong } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import { decodeJson } from "./json-decode.ts";
import { jsonText } from "./json-encode.ts";
import { listOf, mapOf, stringValue } from "./values.ts";
import { decodeYaml } from "./yaml-decode.ts";
import { yamlText } from "./yaml-encode.ts";
import type { Value } from "../tree.ts";

const TEXT = { name: "text", wants: "string" } as const;
const VALUE = { name: "value", wants: "any", nullable: true } as const;

export const ENCODING: readonly HclFunction[] = [
  define("base64decode", {
    parameters: [TEXT],
    summary: "The text that was encoded in Base64; it must be UTF-8.",
    example: 'base64decode("SGVsbG8=")',
    call([text], at) {
      const bytes = base64Bytes(text);
      if (bytes === undefined) throw wrong(at, 0, "base64decode() needs Base64 with its padding");
      return utf8(bytes) ?? refuseBytes("What base64decode() finds", at);
    },
  }),
  define("base64encode", {
    parameters: [TEXT],
    summary: "The text as Base64.",
    example: 'base64encode("Hello")',
    call: ([text]) => Buffer.from(text).toString("base64"),
  }),
  define("csvdecode", {
    parameters: [TEXT],
    summary: "A list with a map for every line after the first, which has the keys (RFC 4180).",
    example: 'csvdecode("a,b\\n1,2\\n")',
    call: ([text], at) => tableOf(text, at),
  }),
  define("jsondecode", {
    parameters: [TEXT],
    summary: "The value that the JSON stands for.",
    example: 'jsondecode("{\\"a\\": [1, true]}")',
    call: ([text], at) => decoded("JSON", at, () => decodeJson(text, at)),
  }),
  define("jsonencode", {
    parameters: [VALUE],
    summary: "The value as JSON on one line, its keys sorted.",
    example: 'jsonencode({ b = [1, true], a = "x" })',
    call: ([value]) => jsonText(value),
  }),
  define("urlencode", {
    parameters: [TEXT],
    summary: "The text as it is written in the query of a URL.",
    example: 'urlencode("a b&c/ü")',
    call: ([text]) =>
      encodeURIComponent(text.toWellFormed())
        .replaceAll("%20", "+")
        .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  }),
  define("yamldecode", {
    parameters: [TEXT],
    summary: "The value that the YAML stands for.",
    example: 'yamldecode("a: [1, yes]")',
    call: ([text], at) => decoded("YAML", at, () => decodeYaml(text, at)),
  }),
  define("yamlencode", {
    parameters: [VALUE],
    summary: "The value as YAML, its keys sorted and texts in quotes.",
    example: 'yamlencode({ a = ["b", 1] })',
    call: ([value]) => yamlText(value),
  }),
];

/** What is wrong inside the text is told at the argument: places in it mean nothing in the file. */
function decoded(format: string, at: CallSite, decode: () => Value): Value {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    at.budget.spend(0, at.range);
    throw wrong(at, 0, `This cannot be read as ${format}: ${error.problem.summary}`, error.problem.detail);
  }
}

function tableOf(text: string, at: CallSite): Value {
  const [header, ...rows] = decodedRecords(text, at);
  if (header === undefined) throw wrong(at, 0, "csvdecode() needs a first line with the names of the columns");
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) throw wrong(at, 0, `The column ${JSON.stringify(twice)} of csvdecode() is there twice`);
  const maps = rows.map((row, index) => {
    if (row.length === header.length) {
      return mapOf(
        row.map((field, column) => [header[column] ?? "", stringValue(normalForm(field, at.range), at.range)]),
        at.range,
      );
    }
    throw wrong(
      at,
      0,
      `Record ${index + 2} of csvdecode() has ${row.length} fields, and the first has ${header.length}`,
    );
  });
  const attributes = new Map(header.map((name) => [name, { kind: "string" }] as const));
  return listOf({ kind: "object", attributes }, maps, at.range);
}

function decodedRecords(text: string, at: CallSite): readonly (readonly string[])[] {
  const records = csvRecords(text);
  if (typeof records === "string") throw wrong(at, 0, `This cannot be read as CSV: ${records}`);
  return records;
}
