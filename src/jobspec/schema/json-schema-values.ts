/** What the value of a field may be, as a JSON Schema: HCL's conversions hold, and a template may stand for any value. */
import type { Field, Plain, Support, ValueSupport, ValueType } from "./table/rows.ts";
import { isNullable } from "./typed.ts";

/** Draft-07, and two words of editors: `deprecationMessage` and `patternErrorMessage`. */
export type JsonSchema = { readonly [keyword: string]: Plain };

const TEMPLATE = "[$%]\\{";
const NUMBER = "^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?$";
const DURATION = "^[+-]?(0|((\\d+(\\.\\d*)?|\\.\\d+)(ns|us|\u00B5s|\u03BCs|ms|s|m|h))+)$";

const NULL: JsonSchema = { type: "null" };
export const TEXT: JsonSchema = { type: ["string", "number", "boolean"] };

/** A template, which may come to anything. */
const ANY_TEMPLATE: JsonSchema = {
  type: "string",
  pattern: TEMPLATE,
  patternErrorMessage: 'A template such as "${var.name}", or the value itself',
};

export function anyOf(...schemas: readonly JsonSchema[]): JsonSchema {
  return { anyOf: schemas };
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

export function reference(name: string): JsonSchema {
  return { $ref: `#/definitions/${name}` };
}

export const template = reference("template");

/** Strings of the pattern, or with a template in them. */
function texts(pattern: string, message: string): JsonSchema {
  return { type: "string", pattern: `${pattern}|${TEMPLATE}`, patternErrorMessage: message };
}

const NUMBER_TEXT = texts(NUMBER, "A number, or a template in quotes that comes to one");

const VALUES: Readonly<Record<ValueType, JsonSchema>> = {
  text: TEXT,
  integer: anyOf({ type: "integer" }, NUMBER_TEXT),
  number: anyOf({ type: "number" }, NUMBER_TEXT),
  bool: anyOf({ type: "boolean" }, texts("^(true|false|0|1)$", "true or false")),
  duration: anyOf(texts(DURATION, 'A duration such as "30s" or "1m30s"'), { type: "integer" }),
  texts: anyOf(listOf(TEXT), template),
  "text map": mapForms({ type: "object", additionalProperties: TEXT }),
  "texts map": mapForms({ type: "object", additionalProperties: anyOf(listOf(TEXT), template) }),
  "opaque map": mapForms({ type: "object" }),
};

/** A map may also be the item of a list, as in HCL's JSON syntax. */
function mapForms(map: JsonSchema): JsonSchema {
  return anyOf(map, { ...listOf(map), minItems: 1 }, template);
}

/** By name, for the definitions: each type, each with null, and templates. */
export function valueSchemas(): JsonSchema {
  const types = Object.entries(VALUES).map(([type, schema]) => [nameOf(type), schema] as const);
  const nullable = types.map(([name]) => [orNull(name), anyOf(reference(name), NULL)] as const);
  return { ...Object.fromEntries([...types, ...nullable]), template: ANY_TEMPLATE };
}

function nameOf(type: string): string {
  return type.replaceAll(" ", "-");
}

function orNull(name: string): string {
  return `${name}-or-null`;
}

/** What an editor shows and underlines of a row, whatever its value. */
export function annotations(doc: string, support: Support | undefined): JsonSchema {
  if (support === undefined) return { description: `${doc}.` };
  if (support.state === "refused") return { deprecationMessage: `${support.summary}. ${support.detail}.` };
  const effect = support.until === "yet" ? "No effect yet" : "No effect";
  return { description: `${doc}. ${effect}: ${support.sentence}.` };
}

export function fieldSchema(field: Field): JsonSchema {
  return { ...annotations(field.doc, field.support), ...valueSchema(field), ...presetOf(field) };
}

function valueSchema(field: Field): JsonSchema {
  const { type, choices, anyCase, bounds, support, values = [], default: preset = null } = field;
  const nullable = isNullable(field);
  const own = (schema: JsonSchema) => (nullable ? anyOf(schema, NULL) : schema);
  if (support?.state === "refused") return own(choiceOf([preset]));
  const all = [...(choices ?? []), ...ignoredValues(values)];
  if (anyCase === true) return own(anyOf(choiceOf(all), { type: "string", pattern: anyCasePattern(all) }));
  if (choices !== undefined) return own(choiceOf(all));
  if (bounds === undefined) return reference(nullable ? orNull(nameOf(type)) : nameOf(type));
  return own(anyOf({ type: "integer", minimum: bounds[0], maximum: bounds[1] }, NUMBER_TEXT));
}

/** JSON Schema's patterns have no flag for it. */
function anyCasePattern(words: readonly string[]): string {
  const loose = words.map((word) => word.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`));
  return `^(${loose.join("|")})$`;
}

function ignoredValues(values: readonly ValueSupport[]): readonly string[] {
  return values.filter(({ support }) => support.state === "ignored").map(({ example }) => example);
}

/** Nothing, where it is a choice, comes last: editors offer them in this order. */
function choiceOf(choices: readonly Plain[]): JsonSchema {
  const filled = choices.filter((choice) => choice !== "");
  return { anyOf: [{ enum: filled.length < choices.length ? [...filled, ""] : filled }, template] };
}

/** Only what tells something: editors write it where a key is completed. */
function presetOf({ default: preset = null, support }: Field): JsonSchema {
  return preset === null || preset === "" || support?.state === "refused" ? {} : { default: preset };
}
