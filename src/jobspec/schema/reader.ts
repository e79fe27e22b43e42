/** Reads the arguments and blocks of one block with HCL's conversions; what does not fit is reported and reads as absent. */
import type { Millis } from "../../model/job.ts";
import { kindName, toBool, toNumber, toText } from "../convert.ts";
import type { Problems } from "../problems.ts";
import type { Range } from "../source.ts";
import { didYouMean } from "../suggest.ts";
import type { Block, ObjectValue, Value } from "../tree.ts";
import { contentOf } from "./content.ts";
import type { Content, Shape } from "./content.ts";
import { nanoseconds, parseDuration } from "./duration.ts";
import type { Place, Places } from "./places.ts";

export interface Context {
  readonly problems: Problems;
  readonly places: Places;
}

export class Reader {
  readonly context: Context;
  readonly block: Block;
  readonly #content: Content;
  readonly #unreadable = new Set<string>();
  readonly #inner = new Map<string, Range>();

  constructor(context: Context, block: Block, shape: Shape) {
    this.context = context;
    this.block = block;
    this.#content = contentOf(block.body, shape, context.problems);
  }

  /** The block's first label; "" when it has none. */
  get label(): string {
    return this.block.labels[0]?.text ?? "";
  }

  get incomplete(): boolean {
    return this.#content.incomplete;
  }

  get place(): Place {
    const parts = new Map(this.#inner);
    for (const [name, attribute] of this.#content.attributes)
      parts.set(name, placeOf(attribute.value, attribute.nameRange));
    for (const [type, [first]] of this.#content.blocks) if (first !== undefined) parts.set(type, first.range);
    return { block: this.block.range, parts, unreadable: this.#unreadable, incomplete: this.#content.incomplete };
  }

  blocks(type: string): readonly Block[] {
    return this.#content.blocks.get(type) ?? [];
  }

  /** For blocks that may stand there once. */
  single(type: string): Block | undefined {
    const [first, second] = this.blocks(type);
    if (second !== undefined) this.context.problems.add(second.range, `There can be only one ${type} block here`);
    return first;
  }

  text<F extends string | undefined = undefined>(name: string, fallback?: F): string | F {
    return this.#read(name, "a string", toText) ?? (fallback as F);
  }

  integer<F extends number | undefined = undefined>(name: string, fallback?: F): number | F {
    return this.#read(name, "a whole number", toInteger) ?? (fallback as F);
  }

  bool<F extends boolean | undefined = undefined>(name: string, fallback?: F): boolean | F {
    return this.#read(name, "true or false", toBool) ?? (fallback as F);
  }

  duration<F extends Millis | undefined = undefined>(name: string, fallback?: F): Millis | F {
    return this.#read(name, 'a duration such as "30s" or "1m30s"', toDuration) ?? (fallback as F);
  }

  /** `later` matches what Nomad knows and we do not yet. */
  choice<T extends string>(name: string, choices: readonly T[], later?: RegExp): T | undefined {
    const text = this.text(name);
    const found = choices.find((choice) => choice === text);
    if (found !== undefined || text === undefined) return found;
    const state = later?.test(text) === true ? "is not supported yet" : "does not exist";
    const known = choices.filter((choice) => choice !== "").map((choice) => `"${choice}"`);
    this.#refuse(name, `${name} "${text}" ${state}`, didYouMean(text, choices) ?? `Possible: ${known.join(", ")}`);
    return undefined;
  }

  texts<F extends readonly string[] | undefined = undefined>(name: string, fallback?: F): readonly string[] | F {
    const items = this.#read(name, "a list of strings", (value) => (value.kind === "list" ? value.items : undefined));
    if (items === undefined) return fallback as F;
    for (const [at, item] of items.entries()) this.#inner.set(`${name}.${at}`, item.range);
    const wrong = items.find((item) => toText(item) === undefined);
    if (wrong !== undefined) this.#mismatchedItem(name, wrong);
    return items.map((item) => toText(item) ?? "");
  }

  /** Keys and texts; also the form of `header`, when each value is a list. */
  map<T>(
    name: string,
    wanted: string,
    valueOf: (value: Value, keyRange: Range) => T | undefined,
  ): Readonly<Record<string, T>> | undefined {
    const object = this.#read(name, "a map", (value) => (value.kind === "object" ? value : undefined));
    return object && this.#entries(name, object, wanted, valueOf);
  }

  textMap(name: string): Readonly<Record<string, string>> | undefined {
    return this.map(name, "a string", toText);
  }

  #entries<T>(
    name: string,
    object: ObjectValue,
    wanted: string,
    valueOf: (value: Value, keyRange: Range) => T | undefined,
  ) {
    const pairs: [string, T][] = [];
    for (const { key, keyRange, value } of object.entries) {
      const converted = valueOf(value, keyRange);
      this.#inner.set(`${name}.${key}`, placeOf(value, keyRange));
      if (converted !== undefined) pairs.push([key, converted]);
      else this.#mismatchedEntry(name, `${name} ${JSON.stringify(key)} needs ${wanted}`, value, keyRange);
    }
    return Object.fromEntries(pairs);
  }

  #read<T>(name: string, wanted: string, convert: (value: Value) => T | undefined): T | undefined {
    const attribute = this.#content.attributes.get(name);
    if (attribute === undefined || attribute.value.kind === "null") return undefined;
    const converted = convert(attribute.value);
    if (converted === undefined)
      this.#mismatch(name, `"${name}" needs ${wanted}`, attribute.value, attribute.nameRange);
    return converted;
  }

  #mismatch(name: string, expectation: string, value: Value, keyRange: Range): void {
    const text = toText(value);
    this.#unreadable.add(name);
    const actual = text === undefined || value.kind === "bool" ? kindName(value) : JSON.stringify(shortened(text));
    const late = value.kind === "string" && value.value.includes("${");
    const detail = late
      ? "It must be known when the file is read; names are filled in only when a task starts"
      : undefined;
    this.context.problems.add(placeOf(value, keyRange), `${expectation}, not ${actual}`, detail);
  }

  /** Says what kind of value is wrong, never the value: headers and environments hold secrets. */
  #mismatchedEntry(name: string, expectation: string, value: Value, keyRange: Range): void {
    this.#unreadable.add(name);
    this.context.problems.add(placeOf(value, keyRange), `${expectation}, not ${kindName(value)}`);
  }

  #mismatchedItem(name: string, item: Value): void {
    this.#unreadable.add(name);
    this.context.problems.add(item.range, `"${name}" needs a list of strings, and this is ${kindName(item)}`);
  }

  #refuse(name: string, summary: string, detail: string): void {
    const attribute = this.#content.attributes.get(name);
    this.#unreadable.add(name);
    if (attribute !== undefined)
      this.context.problems.add(placeOf(attribute.value, attribute.nameRange), summary, detail);
  }
}

/** Values without text of their own (an empty YAML value) are shown at their key. */
export function placeOf(value: Value, keyRange: Range): Range {
  return value.range.start === value.range.end ? keyRange : value.range;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function toInteger(value: Value): number | undefined {
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

function toDuration(value: Value): Millis | undefined {
  return value.kind === "number" ? nanoseconds(value.value) : parseDuration(toText(value) ?? "");
}

export function listOfTexts(value: Value): readonly string[] | undefined {
  if (value.kind !== "list") return undefined;
  const texts = value.items.map(toText);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}
