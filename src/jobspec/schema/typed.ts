/** Converts the value of a field to the type that the table gives it, with HCL's conversions. */
import { kindName, toBool, toNumber, toText } from "../convert.ts";
import type { Problems } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Attribute, ObjectValue, Value } from "../tree.ts";
import { parseDuration } from "./duration.ts";
import { opaqueConfig } from "./opaque.ts";
import { placeOf } from "./places.ts";
import type { Field, Plain, ValueType } from "./table/rows.ts";

const MILLISECOND = 1e6;

export interface Typed {
  /** undefined: there is no value that could be read. */
  readonly value?: Plain;
  /** Something in it is in error. */
  readonly faulty: boolean;
}

/** What does not fit is reported. Durations become nanoseconds. */
export function typedValue(field: Field, attribute: Attribute, problems: Problems): Typed {
  return new Conversion(field, attribute.nameRange, problems).convert(field.type, attribute.value);
}

/** Nomad keeps no difference between nothing and not given for these. */
export function isNullable({ type, default: preset, nullable }: Field): boolean {
  return nullable ?? !(type === "duration" || preset === "" || preset === 0 || preset === false);
}

class Conversion {
  readonly #field: Field;
  readonly #name: string;
  readonly #nameRange: Range;
  readonly #problems: Problems;
  #faulty = false;

  constructor(field: Field, nameRange: Range, problems: Problems) {
    this.#field = field;
    this.#name = field.name;
    this.#nameRange = nameRange;
    this.#problems = problems;
  }

  convert(type: ValueType, value: Value): Typed {
    if (value.kind === "null" && isNullable(this.#field)) return { faulty: false };
    const converted = this.#converted(type, value);
    return converted === undefined ? { faulty: true } : { value: converted, faulty: this.#faulty };
  }

  #converted(type: ValueType, value: Value): Plain | undefined {
    switch (type) {
      case "text":
        return this.#scalar(value, "a string", toText);
      case "integer":
        return this.#bounded(this.#scalar(value, "a whole number", toInteger), value);
      case "number":
        return this.#scalar(value, "a number", toNumber);
      case "bool":
        return this.#scalar(value, "true or false", toBool);
      case "duration":
        return this.#scalar(value, 'a duration such as "30s" or "1m30s"', toDuration);
      case "texts":
        return this.#texts(value);
      default:
        return this.#map(type, value);
    }
  }

  #scalar<T extends Plain>(value: Value, wanted: string, convert: (value: Value) => T | undefined): T | undefined {
    const converted = convert(value);
    if (converted === undefined) this.#mismatch(wanted, value);
    return converted;
  }

  #bounded(number: number | undefined, value: Value): number | undefined {
    const [least, most] = this.#field.bounds ?? [-Infinity, Infinity];
    if (number === undefined || (number >= least && number <= most)) return number;
    this.#add(placeOf(value, this.#nameRange), `${this.#name} must be between ${least} and ${most}`);
    return undefined;
  }

  #texts(value: Value): readonly string[] | undefined {
    if (value.kind !== "list") return this.#mismatch("a list of strings", value);
    const wrong = value.items.find((item) => toText(item) === undefined);
    if (wrong !== undefined) {
      this.#add(wrong.range, `"${this.#name}" needs a list of strings, and this is ${kindName(wrong)}`);
    }
    return value.items.map((item) => toText(item) ?? "");
  }

  #map(type: "text map" | "texts map" | "opaque map", value: Value): Plain | undefined {
    const object = value.kind === "object" || this.#field.listed !== true ? value : merged(value);
    if (object?.kind !== "object") return this.#mismatch("a map", value);
    if (type === "opaque map") return this.#entries(object, "a value", opaqueConfig(this.#problems));
    if (type === "text map") return this.#entries(object, "a string", toText);
    return this.#entries(object, "a list of strings", listOfTexts);
  }

  #entries(object: ObjectValue, wanted: string, valueOf: (value: Value, keyRange: Range) => Plain | undefined): Plain {
    const pairs: [string, Plain][] = [];
    for (const { key, keyRange, value } of object.entries) {
      const converted = valueOf(value, keyRange);
      if (converted !== undefined) pairs.push([key, converted]);
      else this.#mismatchedEntry(key, wanted, value, keyRange);
    }
    return Object.fromEntries(pairs);
  }

  #mismatch(wanted: string, value: Value): undefined {
    const text = toText(value);
    const telling = text !== undefined && value.kind !== "bool" && value.sensitive !== true;
    const actual = telling ? JSON.stringify(shortened(text)) : kindName(value);
    const late = value.kind === "string" && value.value.includes("${");
    const detail = late
      ? "It must be known when the file is read; names are filled in only when a task starts"
      : undefined;
    this.#add(placeOf(value, this.#nameRange), `"${this.#name}" needs ${wanted}, not ${actual}`, detail);
  }

  /** Says what kind of value is wrong, never the value: headers and environments hold secrets. */
  #mismatchedEntry(key: string, wanted: string, value: Value, keyRange: Range): void {
    const expectation = `${this.#name} ${JSON.stringify(key)} needs ${wanted}`;
    this.#add(placeOf(value, keyRange), `${expectation}, not ${kindName(value)}`);
  }

  #add(range: Range, summary: string, detail?: string): void {
    this.#faulty = true;
    this.#problems.add(range, summary, detail);
  }
}

/** Nomad's driver takes a list of maps where people write one. */
function merged(value: Value): ObjectValue | undefined {
  if (value.kind === "object") return value;
  if (value.kind !== "list" || value.items.length === 0) return undefined;
  const objects = value.items.filter((item) => item.kind === "object");
  if (objects.length < value.items.length) return undefined;
  return { kind: "object", entries: objects.flatMap(({ entries }) => entries), range: value.range };
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function toInteger(value: Value): number | undefined {
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

function toDuration(value: Value): number | undefined {
  if (value.kind === "number") return Number.isInteger(value.value) ? value.value : undefined;
  return nanosecondsOf(toText(value) ?? "");
}

/** undefined: not a duration. */
export function nanosecondsOf(text: string): number | undefined {
  const millis = parseDuration(text);
  return millis === undefined ? undefined : Math.round(millis * MILLISECOND);
}

/** null: no text at all, which Nomad takes here. */
function listOfTexts(value: Value): readonly string[] | null | undefined {
  if (value.kind === "null") return null;
  if (value.kind !== "list") return undefined;
  const texts = value.items.map(toText);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}
