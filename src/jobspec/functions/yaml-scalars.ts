/** What a scalar of YAML stands for: the words and numbers that Nomad knows. */
import { literalNumber, toNumber, toText } from "../convert.ts";
import { normalForm } from "../normal-form.ts";
import { SourceError } from "../problems.ts";
import type { Value } from "../tree.ts";
import { parseYamlTime, timeText } from "./calendar.ts";
import { base64Bytes } from "./base64.ts";
import type { CallSite } from "./define.ts";
import { stringValue } from "./values.ts";

interface Form {
  /** As in the `yaml` package. */
  readonly type?: string;
  readonly tag?: string;
}

const PREFIX = "tag:yaml.org,2002:";
const TAGS: ReadonlySet<string> = new Set(["str", "bool", "int", "float", "null", "timestamp", "binary"]);

const TRUE = /^(?:y|yes|true|on|Y|Yes|True|On|YES|TRUE|ON)$/;
const FALSE = /^(?:n|no|false|off|N|No|False|Off|NO|FALSE|OFF)$/;
const NULL = /^(?:|~|null|Null|NULL)$/;
const INTEGER = /^(?=[-+0-9])[-+]?(?:0o[0-7_]+|[0-9_]*|0x[0-9a-fA-F_]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** Throws SourceError. */
export function resolveYamlScalar(text: string, { type, tag }: Form, at: CallSite): Value {
  const name = tag?.startsWith(PREFIX) === true ? tag.slice(PREFIX.length) : tag;
  const plain = stringValue(normalForm(text, at.range), at.range);
  refuseTag(tag, name, text, at);
  if (name === "str" || name === "binary" || type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE") return plain;
  const value = known(text, at) ?? plain;
  if (name === undefined && type !== "PLAIN" && value.kind !== "null") {
    return stringValue(toText(value) ?? text, at.range);
  }
  refuseOtherKind(name, value, at);
  return value;
}

function refuseTag(tag: string | undefined, name: string | undefined, text: string, { range }: CallSite): void {
  if (name !== undefined && !TAGS.has(name)) throw new SourceError(range, `it has the tag ${tag}, which is not known`);
  if (name !== "binary" || base64Bytes(text) !== undefined) return;
  throw new SourceError(range, "it has !!binary that is no Base64");
}

/** undefined: it is only a text. */
function known(text: string, at: CallSite): Value | undefined {
  const { range } = at;
  if (TRUE.test(text) || FALSE.test(text)) return { kind: "bool", value: TRUE.test(text), range };
  if (NULL.test(text)) return { kind: "null", range };
  if (/^(?:[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text)) {
    throw new SourceError(range, `it has ${text}, which is not a finite number`);
  }
  const time = parseYamlTime(text);
  if (time !== undefined) return stringValue(timeText(time), range);
  return INTEGER.test(text) || FLOAT.test(text) ? numberOf(text, at) : undefined;
}

function numberOf(text: string, { range }: CallSite): Value {
  const plain = text.replaceAll("_", "");
  const [, sign = "", digits] = /^([+-]?)(0[xo].+)$/.exec(plain) ?? [];
  const exact = digits === undefined ? plain : `${sign === "-" ? "-" : ""}${BigInt(digits)}`;
  if (toNumber(stringValue(exact, range)) !== undefined) return literalNumber(exact, range);
  throw new SourceError(range, `it has ${text}, which is not a number`);
}

const KINDS: Readonly<Record<string, readonly Value["kind"][]>> = {
  bool: ["bool"],
  int: ["number"],
  float: ["number"],
  timestamp: ["string"],
};

function refuseOtherKind(name: string | undefined, value: Value, at: CallSite): void {
  const kinds = name === undefined ? undefined : KINDS[name];
  if (kinds === undefined || kinds.includes(value.kind)) return;
  throw new SourceError(at.range, `it has ${toText(value) ?? "null"} with the tag !!${name}`);
}
