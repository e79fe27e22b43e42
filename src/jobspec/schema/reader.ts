/** Gives the decoders the values of a block that the table has been applied to. */
import type { Millis } from "../../model/job.ts";
import type { Problems } from "../problems.ts";
import type { Checked } from "./checked.ts";
import { nanoseconds } from "./duration.ts";
import type { Place, Places } from "./places.ts";
import type { Plain } from "./table/rows.ts";

export interface Context {
  readonly problems: Problems;
  readonly places: Places;
}

export class Reader {
  readonly context: Context;
  readonly #checked: Checked;

  constructor(context: Context, checked: Checked) {
    this.context = context;
    this.#checked = checked;
  }

  get label(): string {
    return this.#checked.label;
  }

  get place(): Place {
    return this.#checked.place;
  }

  get incomplete(): boolean {
    return this.place.incomplete;
  }

  blocks(type: string): readonly Checked[] {
    return this.#checked.blocks.get(type) ?? [];
  }

  /** For blocks that may stand there once. */
  single(type: string): Checked | undefined {
    return this.blocks(type)[0];
  }

  text<F extends string | undefined = undefined>(name: string, fallback?: F): string | F {
    const value = this.#value(name);
    return typeof value === "string" ? value : (fallback as F);
  }

  integer<F extends number | undefined = undefined>(name: string, fallback?: F): number | F {
    const value = this.#value(name);
    return typeof value === "number" ? value : (fallback as F);
  }

  bool<F extends boolean | undefined = undefined>(name: string, fallback?: F): boolean | F {
    const value = this.#value(name);
    return typeof value === "boolean" ? value : (fallback as F);
  }

  duration<F extends Millis | undefined = undefined>(name: string, fallback?: F): Millis | F {
    const value = this.#value(name);
    return typeof value === "number" ? nanoseconds(value) : (fallback as F);
  }

  /** One of the values that the decoder knows; others have their error or warning from the table. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    return choices.find((choice) => choice === text);
  }

  /** The same where the letters of the choices, which are small ones, can be written as capitals. */
  choiceOfAnyCase<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name)?.toLowerCase();
    return choices.find((choice) => choice === text);
  }

  texts<F extends readonly string[] | undefined = undefined>(name: string, fallback?: F): readonly string[] | F {
    const value = this.#value(name);
    return isList(value) ? value.filter((item) => typeof item === "string") : (fallback as F);
  }

  textMap(name: string): Readonly<Record<string, string>> | undefined {
    return this.#map(name, (value) => (typeof value === "string" ? value : undefined));
  }

  textsMap(name: string): Readonly<Record<string, readonly string[]>> | undefined {
    return this.#map(name, (value) => (isList(value) ? value.filter((item) => typeof item === "string") : undefined));
  }

  opaqueMap(name: string): Readonly<Record<string, unknown>> | undefined {
    return this.#map(name, (value) => value);
  }

  #map<T>(name: string, valueOf: (value: Plain) => T | undefined): Readonly<Record<string, T>> | undefined {
    const value = this.#value(name);
    if (value === undefined || value === null || typeof value !== "object" || isList(value)) return undefined;
    const pairs = Object.entries(value).flatMap(([key, inner]): [string, T][] => {
      const read = valueOf(inner);
      return read === undefined ? [] : [[key, read]];
    });
    return Object.fromEntries(pairs);
  }

  #value(name: string): Plain | undefined {
    return this.#checked.values.get(name);
  }
}

function isList(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}
